//! What a value in a request stands for (RFC 7643 §2.3, §2.5).

use serde_json::{Map, Value as Json, json};

use super::plain::Outcome;
use crate::{
    Reason,
    schema::{Attribute, Kind},
};

/// One value may stand in a list of one.
pub fn only(json: &Json) -> &Json {
    match json.as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => json,
    }
}

/// Null, an empty text and an empty list are no value.
pub fn nothing(json: &Json) -> bool {
    match only(json) {
        Json::Null => true,
        Json::String(it) => it.is_empty(),
        Json::Array(it) => it.is_empty(),
        _ => false,
    }
}

/// The whole value of an attribute.
pub fn read(attribute: &Attribute, json: &Json, strict: bool) -> Outcome<Option<Json>> {
    if !attribute.multi_valued {
        return read_one(attribute, json, strict);
    }
    let sent = json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
    let mut list = Vec::new();
    for element in sent {
        if element.is_array() {
            return Err(Reason::InvalidValue);
        }
        list.extend(read_one(attribute, element, strict)?);
    }
    keep_last_primary(&mut list);
    Ok((!list.is_empty()).then_some(Json::Array(list)))
}

/// One value of it.
pub fn read_one(attribute: &Attribute, json: &Json, strict: bool) -> Outcome<Option<Json>> {
    let json = match json {
        Json::Array(all) if all.is_empty() => return Ok(None),
        Json::Array(all) if all.len() > 1 || all[0].is_array() => return Err(Reason::InvalidValue),
        json => only(json),
    };
    if nothing(json) {
        return Ok(None);
    }
    if attribute.kind == Kind::Complex {
        return complex(attribute, json, strict);
    }
    simple(attribute.kind, json).map(Some).ok_or(Reason::InvalidValue)
}

fn complex(attribute: &Attribute, json: &Json, strict: bool) -> Outcome<Option<Json>> {
    let has_value = attribute.sub_attributes.iter().any(|it| &*it.name == "value");
    let named = match json {
        Json::Object(named) => named.clone(),
        // A bare text is the `value`.
        Json::String(_) if has_value => Map::from_iter([("value".to_owned(), json.clone())]),
        _ => return Err(Reason::InvalidValue),
    };
    let mut parts = Map::new();
    for (name, json) in &named {
        match attribute.sub_attributes.iter().find(|it| it.name.eq_ignore_ascii_case(name)) {
            Some(part) => {
                let read = read(part, json, strict)?;
                parts.extend(read.map(|it| (part.name.to_string(), it)));
            }
            None if strict => return Err(Reason::InvalidSyntax),
            None => {}
        }
    }
    Ok((!parts.is_empty()).then_some(Json::Object(parts)))
}

fn simple(kind: Kind, json: &Json) -> Option<Json> {
    match kind {
        Kind::String | Kind::Reference => json.as_str().map(Json::from),
        Kind::Binary => {
            let letters = |it: &char| it.is_ascii_alphanumeric() || "+/-_=\r\n".contains(*it);
            json.as_str().filter(|it| it.chars().all(|it| letters(&it))).map(Json::from)
        }
        Kind::DateTime => json.as_str().filter(|it| moment(it).is_some()).map(Json::from),
        Kind::Boolean => json.as_bool().map(Json::from),
        Kind::Integer => json.as_i64().map(Json::from),
        Kind::Decimal => json.as_f64().map(Json::from),
        Kind::Complex => None,
    }
}

/// Microseconds of a date and time.
pub fn moment(text: &str) -> Option<i64> {
    crate::Timestamp::parse(text).map(crate::Timestamp::micros)
}

/// The ids in a value of members.
pub fn ids(json: &Json) -> Outcome<Vec<String>> {
    let sent = json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
    let there = sent.iter().filter(|it| !it.is_null() && it.as_str() != Some(""));
    there
        .map(|it| match it {
            Json::String(id) => Ok(id.clone()),
            Json::Object(parts) => match parts.get("value").and_then(Json::as_str) {
                Some(id) if !id.is_empty() => Ok(id.to_owned()),
                _ => Err(Reason::InvalidValue),
            },
            _ => Err(Reason::InvalidValue),
        })
        .collect()
}

pub fn is_primary(element: &Json) -> bool {
    element.get("primary") == Some(&json!(true))
}

/// Of several primary elements the last one is meant.
pub fn keep_last_primary(list: &mut [Json]) {
    let winner = list.iter().rposition(is_primary);
    keep_primary(list, winner);
}

pub fn keep_primary(list: &mut [Json], winner: Option<usize>) {
    for (at, element) in list.iter_mut().enumerate() {
        if is_primary(element) && Some(at) != winner {
            element["primary"] = json!(false);
        }
    }
}
