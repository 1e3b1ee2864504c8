//! Versions on the wire: `ETag`, `If-Match`, `If-None-Match` (RFC 7644 §3.14, RFC 9110 §13.1).

use actix_web::http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};
use scim_app::provisioning::IfMatch;

#[cfg(test)]
mod tests;

/// The `ETag` of a version. Weak, since one version has many representations: every projection.
pub(super) fn etag(version: u64) -> String {
    format!("W/\"{version}\"")
}

/// What a write asks of the version it meets.
pub(super) fn if_match(headers: &HeaderMap) -> IfMatch {
    joined(headers, &IF_MATCH).map_or(IfMatch::Absent, |it| IfMatch::parse(&it))
}

/// Whether the client has this version already, so that a read is answered with 304.
pub(super) fn is_known(headers: &HeaderMap, version: u64) -> bool {
    match joined(headers, &IF_NONE_MATCH).map(|it| IfMatch::parse(&it)) {
        Some(IfMatch::Any) => true,
        Some(IfMatch::Versions(known)) => known.contains(&version),
        Some(IfMatch::Absent) | None => false,
    }
}

/// All lines of a header as one list. A line that is no text matches no version of ours.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> = headers.get_all(name).map(|it| it.to_str().unwrap_or_default()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}
