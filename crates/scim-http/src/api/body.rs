//! The body of a request: JSON, within its limit and in time, without duplicate or unknown names.

use std::{fmt::Formatter, marker::PhantomData};

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
    web::{Bytes, Payload},
};
use scim_domain::Json;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{Api, numbers::in_body, problem::Problem};

#[cfg(test)]
mod tests;

/// The largest body, in bytes.
pub(super) const BODY_BYTES: usize = 1024 * 1024;

/// Reads the body. It has three quarters of the time of the whole request to arrive.
pub(super) async fn receive(
    api: &Api,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Bytes, Problem> {
    check_head(request.headers())?;
    let time = api.0.request_timeout * 3 / 4;
    let arrived = tokio::time::timeout(time, payload.to_bytes_limited(BODY_BYTES)).await;
    let within = arrived.map_err(|_| Problem::slow_body())?;
    let whole = within.map_err(|_| Problem::too_large(BODY_BYTES))?;
    whole.map_err(|_| Problem::invalid("The body of the request broke off."))
}

/// Parses a body.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return Err(Problem::invalid("The request needs a body, and has none."));
    }
    // Depth, duplicate names, NUL: what the other parser would let pass, or merge.
    let json = Json::parse(bytes).map_err(|it| Problem::invalid(it.detail))?;
    // And a list, which it would take for the members in their order.
    if !matches!(json, Json::Object(_)) {
        return Err(Problem::invalid("The body must be a JSON object."));
    }
    serde_json::from_slice(bytes)
        .map_err(|it| format!("The body cannot be read: {}.", in_body(&it.to_string())))
        .map_err(Problem::invalid)
}

fn check_head(headers: &HeaderMap) -> Result<(), Problem> {
    let identity = |it: &[u8]| it.trim_ascii().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).all(|it| identity(it.as_bytes())) {
        return Err(Problem::media_type("Send the body without Content-Encoding."));
    }
    let json = |it: &[u8]| std::str::from_utf8(it).is_ok_and(is_json);
    if !headers.get_all(CONTENT_TYPE).all(|it| json(it.as_bytes())) {
        return Err(Problem::media_type("Send the body with Content-Type: application/json."));
    }
    Ok(())
}

/// Whether a media type is JSON, or a merge patch in it (RFC 7396 §4).
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let known = ["", "application/json", "application/merge-patch+json"];
    known.iter().any(|it| it.eq_ignore_ascii_case(essence))
}

/// An object inside of a body. A derived reader alone would take a list for the object's members in
/// their order, and call an object a struct when it misses one.
///
/// On a field: `#[schema(value_type = T)]` for its description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// What reads the members of an object.
struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

/// A member of a merge patch (RFC 7396) that can be cleared.
///
/// On a field: `#[serde(default)]`, and for its description `#[schema(value_type = Option<T>)]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Given<T> {
    /// It is absent, and keeps what is there.
    #[default]
    Kept,
    /// It is `null`.
    Cleared,
    /// It has a value.
    Set(T),
}

impl<T> Given<T> {
    /// The value, if there is one, of a member that cannot be cleared.
    pub(super) fn uncleared(self, name: &str) -> Result<Option<T>, Problem> {
        match self {
            Self::Kept => Ok(None),
            Self::Cleared => Err(Problem::invalid(format!(
                "{name} cannot be null. Leave it out to keep it as it is."
            ))),
            Self::Set(value) => Ok(Some(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Cleared, Self::Set))
    }
}
