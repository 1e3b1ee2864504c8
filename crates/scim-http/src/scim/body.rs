//! The body of a write: its head is judged before the first byte is read, and reading stops at the
//! limit.

use actix_web::{
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap},
    web::{Bytes, Payload},
};
use scim_domain::{
    Invalid, Json,
    resource::limits::{GROUP_BODY_BYTES, USER_BODY_BYTES},
    schema::ResourceKind,
};

use super::{
    Scim,
    error::{Failure, Refusal},
};

#[cfg(test)]
mod tests;

/// A body beyond so many bytes is parsed on a thread of its own: a push of 150,000 members must
/// not keep the worker from answering others.
const PARSED_INLINE: usize = 128 * 1024;

/// Reads and parses the body of a request for this kind of resource. It has three quarters of the
/// time of the whole request to arrive, so that the rest can be done in what is left.
pub(super) async fn read(
    scim: &Scim,
    headers: &HeaderMap,
    payload: Payload,
    kind: ResourceKind,
) -> Result<Json, Failure> {
    let limit = match kind {
        ResourceKind::User => USER_BODY_BYTES,
        ResourceKind::Group => GROUP_BODY_BYTES,
    };
    check_head(headers, limit)?;
    let time = scim.0.request_timeout * 3 / 4;
    let arrived = tokio::time::timeout(time, payload.to_bytes_limited(limit)).await;
    let within = arrived.map_err(|_| Refusal::SlowBody)?;
    let whole = within.map_err(|_| Refusal::TooLarge { limit })?;
    parse(whole.map_err(|_| Refusal::BrokenBody)?).await
}

async fn parse(bytes: Bytes) -> Result<Json, Failure> {
    if bytes.is_empty() {
        return Err(Invalid::syntax("The request needs a body, and has none.").into());
    }
    if bytes.len() <= PARSED_INLINE {
        return Ok(Json::parse(&bytes)?);
    }
    match tokio::task::spawn_blocking(move || Json::parse(&bytes)).await {
        Ok(parsed) => Ok(parsed?),
        Err(_) => Err(Refusal::Panicked.into()),
    }
}

fn check_head(headers: &HeaderMap, limit: usize) -> Result<(), Refusal> {
    // A compressed body of a kilobyte may be one of a gigabyte.
    let identity = |it: &[u8]| it.trim_ascii().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).all(|it| identity(it.as_bytes())) {
        return Err(Refusal::ContentEncoding);
    }
    let json = |it: &[u8]| std::str::from_utf8(it).is_ok_and(is_json);
    if !headers.get_all(CONTENT_TYPE).all(|it| json(it.as_bytes())) {
        return Err(Refusal::MediaType);
    }
    let announced = headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    // A number too large for us is too large a body; what is no number the server has refused.
    if announced.is_some_and(|it| it.trim().parse::<usize>().map_or(true, |it| it > limit)) {
        return Err(Refusal::TooLarge { limit });
    }
    Ok(())
}

/// Whether a media type is JSON in UTF-8 (RFC 7644 §3.1, §8.1). Clients that name none send JSON.
fn is_json(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let known = ["", "application/scim+json", "application/json"];
    let charset = |it: &str| {
        let Some((name, value)) = it.split_once('=') else { return true };
        let utf8 = ["utf-8", "utf8"];
        let value = value.trim().trim_matches('"');
        !name.trim().eq_ignore_ascii_case("charset")
            || utf8.iter().any(|it| it.eq_ignore_ascii_case(value))
    };
    known.iter().any(|it| it.eq_ignore_ascii_case(essence)) && parts.all(charset)
}
