//! One simple value, checked against the data type of its attribute (RFC 7643 §2.3).

use serde_json::Number;

use crate::{
    Invalid, Json, Timestamp,
    resource::{DateTime, Value, limits::STRING_BYTES},
    schema::{AttributeRef, Kind},
};

/// Reads a value that is neither null nor "" nor a list. Values are kept as sent: nothing is
/// trimmed, normalised or recased.
pub(super) fn read(at: AttributeRef<'_>, json: &Json) -> Result<Value, Invalid> {
    let value = match at.target().kind {
        Kind::String => text(at, json)?.map(Value::String),
        Kind::Reference => text(at, json)?.map(Value::Reference),
        Kind::Binary => text(at, json)?.filter(|it| is_base64(it)).map(Value::Binary),
        Kind::DateTime => text(at, json)?.and_then(date_time),
        Kind::Boolean => boolean(json).map(Value::Boolean),
        Kind::Integer => number(json).and_then(whole).map(Value::Integer),
        Kind::Decimal => number(json).and_then(Number::as_f64).map(Value::Decimal),
        Kind::Complex => None,
    };
    value.ok_or_else(|| {
        Invalid::value(format!("{} must be {}.", at.path(), wanted(at.target().kind)))
    })
}

/// What a value of this type is called in a refusal.
const fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "a string",
        Kind::Boolean => "true or false",
        Kind::Decimal => "a number",
        Kind::Integer => "a whole number",
        Kind::DateTime => "a date and time such as 2026-11-23T18:00:00Z",
        Kind::Binary => "a string in Base64",
        Kind::Reference => "a string with a URI",
        Kind::Complex => "an object",
    }
}

fn text(at: AttributeRef<'_>, json: &Json) -> Result<Option<String>, Invalid> {
    let Json::String(text) = json else { return Ok(None) };
    if text.len() > STRING_BYTES {
        let path = at.path();
        return Err(Invalid::value(format!("{path} is longer than {STRING_BYTES} bytes.")));
    }
    Ok(Some(text.clone()))
}

fn date_time(text: String) -> Option<Value> {
    let moment = Timestamp::parse(&text)?;
    Some(Value::DateTime(DateTime { text, moment }))
}

const fn boolean(json: &Json) -> Option<bool> {
    if let Json::Bool(it) = json { Some(*it) } else { None }
}

const fn number(json: &Json) -> Option<&Number> {
    if let Json::Number(it) = json { Some(it) } else { None }
}

/// A whole number, also one written with an empty fraction (`1.0`).
fn whole(number: &Number) -> Option<i64> {
    // Beyond 2^53 a float does not hold every whole number, so one there was rounded.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(it) = number.as_i64() {
        return Some(it);
    }
    let it = number.as_f64().filter(|it| it.fract() == 0.0 && it.abs() <= EXACT)?;
    format!("{it:.0}").parse().ok()
}

/// The alphabets of Base64 and Base64url, with the line breaks of PEM.
fn is_base64(text: &str) -> bool {
    let allowed = |it: u8| it.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(&it);
    text.bytes().all(allowed)
}
