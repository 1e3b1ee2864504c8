//! Values of attributes, single and multi-valued, in every shape clients send them.

use super::{complex, request::Reading, simple};
use crate::{
    Invalid, Json,
    resource::{Value, limits::VALUES},
    schema::{Attribute, AttributeRef, Kind},
};

/// Reads the whole value of an attribute or sub-attribute, as POST, PUT and a PATCH of the
/// attribute itself carry it. `None` if that means "no value": null, "", an empty list, or an
/// object without any known part.
///
/// A list of a multi-valued attribute is a [`Value::List`] with at least one element and at most
/// one `primary`. What the client may not write (read-only, write-only parts) is left out; the
/// caller leaves out the attribute itself, and keeps values that live in rows away from here.
pub(crate) fn read_value(
    at: AttributeRef<'_>,
    json: &Json,
    reading: &mut Reading,
) -> Result<Option<Value>, Invalid> {
    if at.target().multi_valued {
        read_list(at, json, reading)
    } else {
        read_element(at, json, reading)
    }
}

/// Reads one element of a multi-valued attribute, or the value of a single-valued one. A list of
/// one element counts as that element.
pub(crate) fn read_element(
    at: AttributeRef<'_>,
    json: &Json,
    reading: &mut Reading,
) -> Result<Option<Value>, Invalid> {
    let json = match json {
        Json::Array(all) => match all.as_slice() {
            [] => return Ok(None),
            [only] if !matches!(only, Json::Array(_)) => only,
            _ => return Err(one_value(at)),
        },
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => json,
    };
    if is_nothing(json) {
        return Ok(None);
    }
    if at.target().kind == Kind::Complex {
        complex::read(at, json, reading)
    } else {
        simple::read(at, json).map(Some)
    }
}

/// Leaves at most one element `primary`: the last that says so, as the last one set wins.
pub(crate) fn keep_one_primary(elements: &mut [Value]) {
    let mut found = false;
    for element in elements.iter_mut().rev() {
        let Value::Complex(object) = element else { continue };
        let Some(primary @ Value::Boolean(true)) = object.get_mut("primary") else { continue };
        if found {
            *primary = Value::Boolean(false);
        }
        found = true;
    }
}

fn read_list(
    at: AttributeRef<'_>,
    json: &Json,
    reading: &mut Reading,
) -> Result<Option<Value>, Invalid> {
    let sent =
        if let Json::Array(all) = json { all.as_slice() } else { std::slice::from_ref(json) };
    let mut elements = Vec::new();
    for element in sent {
        if matches!(element, Json::Array(_)) {
            return Err(Invalid::value(format!("{} must not hold lists in a list.", at.path())));
        }
        elements.extend(read_element(at, element, reading)?);
        if elements.len() > VALUES {
            return Err(Invalid::value(format!("{} has more than {VALUES} values.", at.path())));
        }
    }
    if is_labelled(at.target()) {
        keep_one_primary(&mut elements);
    }
    Ok((!elements.is_empty()).then_some(Value::List(elements)))
}

fn is_labelled(attribute: &Attribute) -> bool {
    attribute.sub("primary").is_some_and(|it| it.kind == Kind::Boolean)
}

/// Null and the empty string both mean "no value" (RFC 7643 §2.5; Entra clears with "").
fn is_nothing(json: &Json) -> bool {
    matches!(json, Json::Null) || json.as_str().is_some_and(str::is_empty)
}

fn one_value(at: AttributeRef<'_>) -> Invalid {
    Invalid::value(format!("{} takes one value, not a list.", at.path()))
}
