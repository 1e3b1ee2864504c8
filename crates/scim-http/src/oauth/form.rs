//! The body of a request for a token: a small form (RFC 6749 §4.4.2 and appendix B).

use std::time::Duration;

use actix_web::{
    http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
    web::{Payload, Query},
};

use super::answer::Refusal;

#[cfg(test)]
mod tests;

/// The largest body, in bytes: an assertion has at most 8 KiB.
pub(super) const LARGEST: usize = 16 * 1024;

/// The parameters of a form.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Takes out a parameter. One without a value is none (RFC 6749 §3.2).
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(it, _)| it == name)?;
        Some(self.0.swap_remove(at).1).filter(|it| !it.is_empty())
    }
}

/// Reads the form of a request. It has so much time to arrive.
pub(super) async fn read(
    headers: &HeaderMap,
    payload: Payload,
    time: Duration,
) -> Result<Form, Refusal> {
    check_head(headers)?;
    let arrived = tokio::time::timeout(time, payload.to_bytes_limited(LARGEST)).await;
    let within = arrived.map_err(|_| Refusal::SlowBody)?;
    let whole = within.map_err(|_| Refusal::TooLarge)?;
    let bytes = whole.map_err(|_| Refusal::Invalid("The body of the request broke off."))?;
    parse(&bytes)
}

pub(super) fn parse(bytes: &[u8]) -> Result<Form, Refusal> {
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|_| Refusal::Invalid("The body must be a form in UTF-8."))?;
    let all = pairs(text).ok_or(Refusal::Invalid("The body must be a form."))?;
    let mut names: Vec<_> = all.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::Invalid("A parameter may be there only once."));
    }
    Ok(Form(all))
}

fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    Query::from_query(text).ok().map(Query::into_inner)
}

/// A text that was encoded as a value of a form is.
pub(super) fn decode(text: &str) -> Option<String> {
    let all = pairs(&format!("it={text}"))?;
    let [(_, value)] = <[(String, String); 1]>::try_from(all).ok()?;
    Some(value)
}

fn check_head(headers: &HeaderMap) -> Result<(), Refusal> {
    let identity = |it: &[u8]| it.trim_ascii().eq_ignore_ascii_case(b"identity");
    let plain = headers.get_all(CONTENT_ENCODING).all(|it| identity(it.as_bytes()));
    let mut types = headers.get_all(CONTENT_TYPE);
    let is_form = |it: &str| {
        let essence = it.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    };
    let form = types.next().and_then(|it| it.to_str().ok()).is_some_and(is_form);
    if plain && form && types.next().is_none() { Ok(()) } else { Err(Refusal::MediaType) }
}
