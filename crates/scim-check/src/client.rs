//! As much of an HTTP client as checks need.

use std::fmt::Write as _;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use rustls::crypto::ring;
use ureq::http;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use crate::answer::Answer;

/// Nobody waits longer for an answer; identity providers give up sooner.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Larger answers are not read.
const LARGEST_ANSWER: u64 = 16 << 20;
/// How often a request is sent to a server that says that it is too busy.
const ATTEMPTS: u32 = 5;
/// The longest wait that a server may ask for, in seconds: whoever asks for more is not asked
/// again.
const LONGEST_PAUSE: u64 = 60;

/// Why a server cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The base URL is none.
    #[error("the base URL must begin with http:// or https:// and name a host, without ? and #")]
    Url,
    /// The token does not fit in a header.
    #[error("the token must be one line of visible ASCII")]
    Token,
    /// There is no certificate to trust.
    #[error("the trusted certificates are no certificates in PEM: {0}")]
    Trust(String),
    /// The system gives no randomness for names.
    #[error("the system gives no randomness: {0}")]
    Randomness(String),
    /// Nobody answers, or not in HTTP.
    #[error("no answer from the server: {0}")]
    NoAnswer(String),
    /// The server lists nothing.
    #[error("{0}")]
    NoList(String),
    /// The base URL is another one.
    #[error("the server sends every client on to {0}: give the base URL that it means")]
    Redirected(String),
}

/// A client of one server with one bearer token.
pub struct Client {
    agent: ureq::Agent,
    base: String,
    authorization: String,
}

impl std::fmt::Debug for Client {
    // The token is nobody's to print.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Client {
    /// For the server whose `/Users` is below `base`. No redirect is followed, so the token goes
    /// nowhere else. Certificates are checked against those of the system, or against those in
    /// `trusted` (PEM) alone.
    ///
    /// # Errors
    /// A base URL, a token or certificates that cannot be used.
    pub fn new(base: &str, token: &str, trusted: Option<&[u8]>) -> Result<Self, Error> {
        let base = base.trim_end_matches('/').to_owned();
        let uri: http::Uri = base.parse().map_err(|_| Error::Url)?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        if !web || uri.host().is_none_or(str::is_empty) || base.contains(['?', '#']) {
            return Err(Error::Url);
        }
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::Token);
        }
        let tls = TlsConfig::builder()
            .root_certs(trusted.map_or(Ok(RootCerts::PlatformVerifier), roots)?)
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .user_agent("scimd-check")
            .tls_config(tls)
            .build()
            .into();
        Ok(Self { agent, base, authorization: format!("Bearer {token}") })
    }

    /// Sends a request; a server that is too busy is asked again when it says so.
    pub(crate) fn send(&self, call: &Call) -> Result<Answer, Error> {
        for attempt in 1..ATTEMPTS {
            let answer = self.send_once(call)?;
            match pause(&answer, attempt) {
                Some(pause) => sleep(pause),
                None => return Ok(answer),
            }
        }
        self.send_once(call)
    }

    fn send_once(&self, call: &Call) -> Result<Answer, Error> {
        let said = |error: &dyn std::fmt::Display| Error::NoAnswer(error.to_string());
        let mut builder = http::Request::builder()
            .method(call.method)
            .uri(format!("{}{}", self.base, call.target))
            .header("Accept", "application/scim+json, application/json");
        match &call.authorization {
            Authorization::Token => {
                builder = builder.header("Authorization", &self.authorization);
            }
            Authorization::Other(value) => builder = builder.header("Authorization", *value),
            Authorization::None => {}
        }
        for (name, value) in &call.headers {
            builder = builder.header(*name, value);
        }
        let response = match &call.body {
            Some(body) => {
                let builder = builder.header("Content-Type", "application/scim+json");
                self.agent.run(builder.body(body.clone()).map_err(|error| said(&error))?)
            }
            None => self.agent.run(builder.body(()).map_err(|error| said(&error))?),
        };
        let (head, mut body) = response.map_err(|error| said(&error))?.into_parts();
        let bytes = body.with_config().limit(LARGEST_ANSWER).read_to_vec();
        let bytes = bytes.map_err(|error| said(&error))?;
        Ok(Answer::new(call.line(), &head, &bytes))
    }

    /// The part of a location below the base, if it is below it.
    pub(crate) fn below<'a>(&self, location: &'a str) -> Option<&'a str> {
        location.strip_prefix(&self.base)
    }
}

/// How long to wait before a request is sent again: as long as a server says that is too busy, or
/// longer each time where it does not say it in seconds.
fn pause(answer: &Answer, attempt: u32) -> Option<Duration> {
    let after = answer.header("retry-after");
    let busy = answer.status == 429 || (answer.status == 503 && after.is_some());
    let asked: Option<u64> = after.and_then(|value| value.trim().parse().ok());
    let seconds = asked.unwrap_or(1 << attempt.min(4));
    (busy && seconds <= LONGEST_PAUSE).then(|| Duration::from_secs(seconds))
}

/// The certificates of a PEM file, to be trusted.
fn roots(pem: &[u8]) -> Result<RootCerts, Error> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(it) = item.map_err(|error| Error::Trust(error.to_string()))? {
            certificates.push(it);
        }
    }
    if certificates.is_empty() {
        return Err(Error::Trust("there is none".to_owned()));
    }
    Ok(RootCerts::from(certificates.into_iter()))
}

/// What is sent as `Authorization`.
#[derive(Debug)]
pub(crate) enum Authorization {
    Token,
    Other(&'static str),
    None,
}

/// A request.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    target: String,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    pub(crate) authorization: Authorization,
}

impl Call {
    pub(crate) fn new(method: &'static str, path: &str) -> Self {
        let target = path.to_owned();
        Self { method, target, headers: vec![], body: None, authorization: Authorization::Token }
    }

    pub(crate) fn query(mut self, parameters: &[(&str, &str)]) -> Self {
        for (name, value) in parameters {
            let sign = if self.target.contains('?') { '&' } else { '?' };
            self.target.push(sign);
            self.target.extend([*name, "=", &encoded(value)]);
        }
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: &(impl ToString + ?Sized)) -> Self {
        self.body = Some(body.to_string());
        self
    }

    pub(crate) fn with(mut self, authorization: Authorization) -> Self {
        self.authorization = authorization;
        self
    }

    fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

/// A text as it may stand in a path or query.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests;
