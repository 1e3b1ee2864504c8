//! The shapes in which clients give a value.

use crate::Json;

/// The one value that is meant, also if it stands in a list of one.
pub(super) fn only(json: &Json) -> &Json {
    match json {
        Json::Array(all) => match all.as_slice() {
            [only] => only,
            _ => json,
        },
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => json,
    }
}

/// Whether a value stands for "no value" (RFC 7643 §2.5): null, an empty list, and the empty text
/// that clients send to clear an attribute.
pub(super) fn is_nothing(json: &Json) -> bool {
    match only(json) {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::Bool(_) | Json::Number(_) | Json::Object(_) => false,
    }
}
