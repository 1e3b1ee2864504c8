//! Okta's side of the wire: its headers, one connection kept alive, 60 s for an answer.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use ureq::http;

use super::answer::Answer;
use super::okta::{App, Request};

/// Okta gives up after this long.
const TIMEOUT: Duration = Duration::from_mins(1);

/// A connection to one service with one key.
#[derive(Debug)]
pub struct Client {
    agent: ureq::Agent,
    base: String,
    authorization: String,
}

impl Client {
    /// For the service at `base`, whose trailing slash is no part of it.
    pub fn new(base: &str, app: App, token: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .build()
            .into();
        let base = base.trim_end_matches('/').to_owned();
        Self { agent, base, authorization: app.authorization(token) }
    }

    /// Sends a request with the key.
    ///
    /// # Errors
    /// When no answer comes, or one whose body is not JSON: Okta cannot read anything else.
    pub fn send(&self, request: &Request) -> Result<Answer> {
        self.send_as(&self.authorization, request)
    }

    /// Sends a request with another value of `Authorization`.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn send_as(&self, authorization: &str, request: &Request) -> Result<Answer> {
        let line = format!("{} {}", request.method, request.target);
        let begun = Instant::now();
        let answered = self.exchange(authorization, request);
        Answer::read(&line, answered.with_context(|| format!("{line}: no answer"))?, begun)
    }

    fn exchange(
        &self,
        authorization: &str,
        request: &Request,
    ) -> Result<http::Response<ureq::Body>> {
        let wire = self.wire(authorization, request)?;
        // Without a body there must be no `Content-Length` either, as with Okta.
        Ok(match &request.body {
            Some(body) => {
                let (parts, ()) = wire.into_parts();
                self.agent.run(http::Request::from_parts(parts, serde_json::to_vec(body)?))?
            }
            None => self.agent.run(wire)?,
        })
    }

    /// The request's head as Okta's published samples show it, header by header.
    fn wire(&self, authorization: &str, request: &Request) -> Result<http::Request<()>> {
        let mut builder = http::Request::builder()
            .method(request.method)
            .uri(format!("{}{}", self.base, request.target))
            .header("Accept", "application/scim+json")
            .header("Accept-Charset", "utf-8")
            .header("User-Agent", "Okta SCIM Client 1.0.0")
            .header("Authorization", authorization)
            .header("Connection", "Keep-Alive")
            .header("Accept-Encoding", "gzip,deflate");
        if request.method != "GET" {
            builder = builder.header("Content-Type", "application/scim+json; charset=utf-8");
        }
        Ok(builder.body(())?)
    }
}

#[cfg(test)]
mod tests;
