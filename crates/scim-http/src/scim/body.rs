//! The body of a write: its head is judged before the first byte is read, and reading stops at the
//! limit.

use std::{pin::pin, sync::Arc, time::Duration};

use actix_web::{
    body::{BodyStream, to_bytes_limited},
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING},
    web::{Bytes, Payload},
};
use scim_domain::{
    Invalid, Json,
    resource::limits::{GROUP_BODY_BYTES, USER_BODY_BYTES},
    schema::ResourceKind,
};

use tokio::time::timeout;

use super::{
    Scim,
    error::{Failure, Refusal},
    turns::Turn,
};

#[cfg(test)]
mod tests;

/// A body beyond so many bytes is parsed on a thread of its own: a push of 150,000 members must
/// not keep the worker from answering others.
const PARSED_INLINE: usize = 128 * 1024;

/// So much of a body is read though nobody wants it.
const READ_AWAY: usize = 64 * 1024;

/// How long a body may take to arrive before its request steps aside: while a client is waited for,
/// others with its credential are not.
const QUICK: Duration = Duration::from_secs(1);

/// Reads and parses the body of a request for this kind of resource. It has three quarters of the
/// time of the whole request to arrive, so that the rest can be done in what is left.
pub(super) async fn read(
    scim: &Scim,
    headers: &HeaderMap,
    payload: Payload,
    kind: ResourceKind,
    turn: &Arc<Turn>,
) -> Result<Json, Failure> {
    let limit = match kind {
        ResourceKind::User => USER_BODY_BYTES,
        ResourceKind::Group => GROUP_BODY_BYTES,
    };
    check_head(headers, limit)?;
    let time = scim.0.request_timeout * 3 / 4;
    let within = arrived(payload.to_bytes_limited(limit), time, turn).await?;
    let whole = within.map_err(|_| Refusal::TooLarge { limit })?;
    parse(whole.map_err(|_| Refusal::BrokenBody)?, turn).await
}

/// Reads what a request sends that is turned away, if it is little and comes at once: the server ends a
/// connection on which something was left unread, and the next request would need another one.
pub(super) async fn read_away(headers: &HeaderMap, payload: actix_http::Payload) {
    let comes = announced(headers).or(headers.contains_key(TRANSFER_ENCODING).then_some(0));
    if comes.is_some_and(|it| it <= READ_AWAY) {
        let body = BodyStream::new(payload);
        drop(timeout(QUICK, to_bytes_limited(body, READ_AWAY)).await);
    }
}

/// Waits for a body, aside if that takes long.
async fn arrived<B>(
    body: impl Future<Output = B>,
    time: Duration,
    turn: &Arc<Turn>,
) -> Result<B, Refusal> {
    let mut body = pin!(timeout(time, body));
    if let Ok(arrived) = timeout(QUICK, body.as_mut()).await {
        return arrived.map_err(|_| Refusal::SlowBody);
    }
    let aside = turn.step_aside();
    let arrived = body.await.map_err(|_| Refusal::SlowBody)?;
    if let Some(aside) = aside {
        aside.back().await?;
    }
    Ok(arrived)
}

async fn parse(bytes: Bytes, turn: &Arc<Turn>) -> Result<Json, Failure> {
    if bytes.is_empty() {
        return Err(Invalid::syntax("The request needs a body, and has none.").into());
    }
    if bytes.len() <= PARSED_INLINE {
        return Ok(Json::parse(&bytes)?);
    }
    // It goes on when the client has hung up, and keeps the turn.
    let turn = Arc::clone(turn);
    let parse = move || {
        let parsed = Json::parse(&bytes);
        drop(turn);
        parsed
    };
    match tokio::task::spawn_blocking(parse).await {
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
    if announced(headers).is_some_and(|it| it > limit) {
        return Err(Refusal::TooLarge { limit });
    }
    Ok(())
}

/// How many bytes are to come, if that was said.
fn announced(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(CONTENT_LENGTH)?.to_str().ok()?;
    // A number too large for us is too large a body; what is no number the server has refused.
    Some(length.trim().parse().unwrap_or(usize::MAX))
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
