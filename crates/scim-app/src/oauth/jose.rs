//! What JOSE needs of JSON. Names count as they are spelled there, unlike those of SCIM.

use scim_domain::{Json, Timestamp};

/// The member of an object.
pub(super) fn member<'a>(object: &'a Json, name: &str) -> Option<&'a Json> {
    let Json::Object(members) = object else { return None };
    members.iter().find(|(it, _)| it == name).map(|(_, value)| value)
}

/// The member of an object, if it is a text.
pub(super) fn text<'a>(object: &'a Json, name: &str) -> Option<&'a str> {
    member(object, name)?.as_str()
}

/// The member of an object, if it is a `NumericDate` (RFC 7519 §2): seconds since 1970, with or
/// without a fraction, which is cut off.
pub(super) fn moment(object: &Json, name: &str) -> Option<Timestamp> {
    let Json::Number(number) = member(object, name)? else { return None };
    let seconds = number.as_i64().or_else(|| whole(number.as_f64()?))?;
    Some(Timestamp::from_micros(0).plus_seconds(seconds))
}

/// A number without its fraction, if it is a moment that people live to see.
fn whole(number: f64) -> Option<i64> {
    /// The year 9999.
    const LAST: f64 = 253_402_300_799.0;
    if !(0.0..=LAST).contains(&number) {
        return None;
    }
    format!("{:.0}", number.floor()).parse().ok()
}
