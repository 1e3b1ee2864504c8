//! Lists: whole, by the elements that a filter chooses, and by the values that a client lists.

use serde_json::{Map, Value as Json, json};

use super::{
    conditions::{asks_about, describe, holds},
    plain::{Outcome, clear, fill, means_something, set as set_part},
    values::{self, is_primary, keep_last_primary, keep_primary, nothing},
};
use crate::{Reason, schema::Attribute, testing::operations::Place};

type Object = Map<String, Json>;

/// Sets a list, or adds to it.
pub fn set(
    op: &str,
    attribute: &Attribute,
    value: &Json,
    strict: bool,
    holder: &mut Object,
) -> Outcome {
    let Some(Json::Array(sent)) = values::read(attribute, value, strict)? else {
        // To add no values adds none; to replace by no values leaves none.
        let adds_none = op == "add" && (value.is_array() || value.is_object());
        return if adds_none { Ok(()) } else { clear(op, attribute, holder) };
    };
    let mut list = if op == "add" { list_of(attribute, holder) } else { Vec::new() };
    let mut winner = None;
    for value in sent {
        let known = list.iter().position(|it| op == "add" && same(attribute, it, &value));
        let at = known.unwrap_or(list.len());
        winner = if is_primary(&value) { Some(at) } else { winner };
        match (list.get_mut(at), value) {
            (Some(Json::Object(there)), Json::Object(sent)) => there.extend(sent),
            (Some(_), _) => {}
            (None, value) => list.push(value),
        }
    }
    one_primary(&mut list, winner);
    holder.insert(attribute.name.to_string(), Json::Array(list));
    Ok(())
}

/// Writes to the elements that a path chooses.
pub fn write_chosen(
    op: &str,
    place: &Place,
    value: &Json,
    strict: bool,
    holder: &mut Object,
) -> Outcome {
    let attribute = &place.attribute;
    if nothing(value) {
        return remove_chosen(op, place, holder);
    }
    let mut list = list_of(attribute, holder);
    let mut chosen = chosen(place, &list);
    if chosen.is_empty() {
        chosen.push(list.len());
        list.push(missing(place, strict)?);
    }
    for at in &chosen {
        list[*at] = changed(op, place, &list[*at], value, strict)?;
    }
    let winner = chosen.into_iter().rfind(|it| is_primary(&list[*it]));
    one_primary(&mut list, winner);
    list.retain(|it| *it != json!({}));
    put(op, attribute, list, holder)
}

fn changed(op: &str, place: &Place, element: &Json, value: &Json, strict: bool) -> Outcome<Json> {
    let attribute = &place.attribute;
    let Json::Object(before) = element else {
        let read = values::read_one(attribute, value, strict)?;
        return Ok(read.unwrap_or_else(|| element.clone()));
    };
    let mut now = before.clone();
    match (&place.part, &place.filter) {
        (Some(part), _) => set_part(op, part, value, strict, &mut now)?,
        (None, filter) => {
            // The element that was asked for by its type still has it, unless the value says other.
            let asked = |name: &str| filter.as_ref().is_some_and(|it| asks_about(it, name));
            now.retain(|name, _| op == "add" || asked(name));
            fill(op, attribute, value, strict, &mut now)?;
        }
    }
    let stays = means_something(before, &mut now) && (!is_shell(&now) || is_shell(before));
    Ok(if stays { Json::Object(now) } else { json!({}) })
}

/// The element that a path asks for and that there is not: made where the filter says how.
fn missing(place: &Place, strict: bool) -> Outcome<Json> {
    let mut made = Object::new();
    let Some(filter) = &place.filter else {
        return Ok(Json::Object(made));
    };
    let described = !strict && describe(filter, &place.attribute, &mut made);
    let made = Json::Object(made);
    if described && holds(filter, &place.attribute, &made) {
        Ok(made)
    } else {
        Err(Reason::NoTarget)
    }
}

/// Takes away the elements that a path chooses, or a part of each.
pub fn remove_chosen(op: &str, place: &Place, holder: &mut Object) -> Outcome {
    let mut list = list_of(&place.attribute, holder);
    for at in chosen(place, &list) {
        let left = match (&place.part, &list[at]) {
            (Some(part), Json::Object(before)) => {
                let mut now = before.clone();
                clear(op, part, &mut now)?;
                (means_something(before, &mut now) && !is_shell(&now)).then_some(Json::Object(now))
            }
            _ => None,
        };
        list[at] = left.unwrap_or(Json::Null);
    }
    list.retain(|it| !it.is_null());
    put(op, &place.attribute, list, holder)
}

/// Takes away the values that a client lists.
pub fn remove_listed(
    attribute: &Attribute,
    listed: &Json,
    strict: bool,
    holder: &mut Object,
) -> Outcome {
    let Some(Json::Array(listed)) = values::read(attribute, listed, strict)? else {
        return Ok(());
    };
    let mut list = list_of(attribute, holder);
    list.retain(|element| !listed.iter().any(|it| is_meant(attribute, element, it)));
    put("remove", attribute, list, holder)
}

fn list_of(attribute: &Attribute, holder: &Object) -> Vec<Json> {
    holder.get(&*attribute.name).and_then(Json::as_array).cloned().unwrap_or_default()
}

fn put(op: &str, attribute: &Attribute, list: Vec<Json>, holder: &mut Object) -> Outcome {
    if list.is_empty() {
        return if holder.contains_key(&*attribute.name) {
            clear(op, attribute, holder)
        } else {
            Ok(())
        };
    }
    holder.insert(attribute.name.to_string(), Json::Array(list));
    Ok(())
}

fn chosen(place: &Place, list: &[Json]) -> Vec<usize> {
    let matches =
        |it: &Json| place.filter.as_ref().is_none_or(|filter| holds(filter, &place.attribute, it));
    (0..list.len()).filter(|at| matches(&list[*at])).collect()
}

/// The primary element set last wins; without one, the last that there is.
fn one_primary(list: &mut [Json], winner: Option<usize>) {
    match winner {
        Some(_) => keep_primary(list, winner),
        None => keep_last_primary(list),
    }
}

/// Nothing but what says which element it is.
fn is_shell(element: &Object) -> bool {
    element.keys().all(|it| it == "type" || it == "primary")
}

/// RFC 7643 §2.4: each combination of `value` and `type` once.
fn same(attribute: &Attribute, one: &Json, other: &Json) -> bool {
    if !one.is_object() {
        return equal(attribute, one, other);
    }
    if one.get("value").is_none() || other.get("value").is_none() {
        return one == other;
    }
    ["value", "type"].iter().all(|name| equal_part(attribute, name, one, other))
}

/// By `value`, and by `type` if it is given; without a `value`, by all that is given.
fn is_meant(attribute: &Attribute, element: &Json, listed: &Json) -> bool {
    let Json::Object(given) = listed else {
        return equal(attribute, element, listed);
    };
    let counts = |name: &str| !given.contains_key("value") || name == "value" || name == "type";
    given.keys().filter(|it| counts(it)).all(|it| equal_part(attribute, it, element, listed))
}

fn equal_part(attribute: &Attribute, name: &str, one: &Json, other: &Json) -> bool {
    let part = attribute.sub_attributes.iter().find(|it| &*it.name == name);
    match (one.get(name), other.get(name), part) {
        (Some(one), Some(other), Some(part)) => equal(part, one, other),
        (one, other, _) => one == other,
    }
}

fn equal(attribute: &Attribute, one: &Json, other: &Json) -> bool {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) if !attribute.case_exact => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}
