//! Values in other shapes than their schema has them (RFC 7643 §2.3).

use scim_domain::{
    Json,
    schema::{Attribute, Found, Kind, Mutability, ResourceType},
};

use super::{Quirk, Seen, member, members_of, operations, text};

/// The values of a whole resource, or of an operation without a path.
pub(super) fn in_resource(resource_type: &ResourceType, body: &mut Json, seen: &mut Seen) {
    for (name, json) in members_of(body).into_iter().flatten() {
        match place(resource_type, name) {
            Place::Attribute(it) => whole(it, json, seen),
            Place::Element(it) => element(it, json, seen),
            Place::Core => in_resource(resource_type, json, seen),
            Place::Extension(urn) => in_extension(resource_type, &urn, json, seen),
            Place::Other => {}
        }
    }
}

/// The values of operations.
pub(super) fn in_patch(resource_type: &ResourceType, body: &mut Json, seen: &mut Seen) {
    for operation in operations(body).into_iter().flatten() {
        let place = text(operation, "path").map(|it| place(resource_type, it));
        let Some(json) = member(operation, "value") else { continue };
        match place {
            // One more value of a list may come without a list (RFC 7644 §3.5.2.1).
            Some(Place::Attribute(it)) if it.multi_valued && matches!(json, Json::Object(_)) => {
                element(it, json, seen);
                // An element that says nothing is not "no value", which stands for the whole list.
                if matches!(json, Json::Null) {
                    *json = Json::Array(Vec::new());
                }
            }
            Some(Place::Attribute(it)) if it.multi_valued && !matches!(json, Json::Array(_)) => {
                element(it, json, seen);
            }
            Some(Place::Attribute(it)) => whole(it, json, seen),
            Some(Place::Element(it)) => element(it, json, seen),
            Some(Place::Extension(urn)) => in_extension(resource_type, &urn, json, seen),
            Some(Place::Core) | None => in_resource(resource_type, json, seen),
            Some(Place::Other) => {}
        }
    }
}

/// What a name or a path leads to.
enum Place<'a> {
    /// An attribute or sub-attribute.
    Attribute(&'a Attribute),
    /// Elements of a list, chosen by a filter.
    Element(&'a Attribute),
    Core,
    /// An extension, by its URN.
    Extension(String),
    Other,
}

fn place<'a>(resource_type: &'a ResourceType, path: &str) -> Place<'a> {
    // A filter says which elements, and nothing about their shape.
    let (name, chosen) = match (path.split_once('['), path.rsplit_once(']')) {
        (Some((list, _)), Some((_, rest))) => (format!("{}{rest}", list.trim()), rest.is_empty()),
        _ => (path.trim().to_owned(), false),
    };
    match resource_type.locate(&name) {
        Found::Attribute(it) if !is_written(it.attribute) || !is_written(it.target()) => {
            Place::Other
        }
        Found::Attribute(it) if chosen => Place::Element(it.target()),
        Found::Attribute(it) => Place::Attribute(it.target()),
        Found::Core => Place::Core,
        Found::Extension(schema) => Place::Extension(schema.id.to_string()),
        Found::Foreign | Found::Unknown { nearest: _ } => Place::Other,
    }
}

/// Whether what a client sends for it is looked at.
fn is_written(attribute: &Attribute) -> bool {
    match attribute.mutability {
        Mutability::ReadWrite | Mutability::Immutable => true,
        Mutability::ReadOnly | Mutability::WriteOnly => false,
    }
}

fn in_extension(resource_type: &ResourceType, urn: &str, json: &mut Json, seen: &mut Seen) {
    for (name, json) in members_of(json).into_iter().flatten() {
        if let Place::Attribute(it) = place(resource_type, &format!("{urn}:{name}")) {
            whole(it, json, seen);
        }
    }
}

/// The whole value of an attribute.
fn whole(attribute: &Attribute, json: &mut Json, seen: &mut Seen) {
    if !attribute.multi_valued {
        one_of_list(json, seen);
        return element(attribute, json, seen);
    }
    empty_text(json, seen);
    if let Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) = json {
        *json = Json::Array(vec![std::mem::replace(json, Json::Null)]);
        seen.note(Quirk::ValueForList);
    }
    if let Json::Array(all) = json {
        for one in all {
            element(attribute, one, seen);
        }
    }
}

/// One value: of a single-valued attribute, or of a list. Without its `value` one of a list is none,
/// whatever else says which one it would be: templates of admins send it for those who have none.
/// A member without is refused by the core: to pass it over might empty a group by mistake.
fn element(attribute: &Attribute, json: &mut Json, seen: &mut Seen) {
    let passed_over = attribute.multi_valued && !attribute.in_rows;
    if passed_over && text(json, "value").is_some_and(str::is_empty) {
        *json = Json::Null;
        seen.note(Quirk::EmptyText);
    }
    empty_text(json, seen);
    match attribute.kind {
        Kind::Boolean => boolean(json, seen),
        Kind::Complex => {
            object(attribute, json, seen);
            for (name, part) in members_of(json).into_iter().flatten() {
                if let Some(sub) = attribute.sub(name).filter(|it| is_written(it)) {
                    whole(sub, part, seen);
                }
            }
        }
        Kind::String
        | Kind::Decimal
        | Kind::Integer
        | Kind::DateTime
        | Kind::Binary
        | Kind::Reference => {}
    }
}

/// `[{"value": "m1"}]` for a manager.
fn one_of_list(json: &mut Json, seen: &mut Seen) {
    if let Json::Array(all) = json
        && let [Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_)] =
            all.as_slice()
        && let Some(only) = all.pop()
    {
        *json = only;
        seen.note(Quirk::ListForValue);
    }
}

/// `""`: RFC 7643 §2.5 knows null and the empty list for "no value".
fn empty_text(json: &mut Json, seen: &mut Seen) {
    if json.as_str().is_some_and(str::is_empty) {
        *json = Json::Null;
        seen.note(Quirk::EmptyText);
    }
}

/// `"False"`.
fn boolean(json: &mut Json, seen: &mut Seen) {
    let Some(text) = json.as_str() else { return };
    let meant = [("true", true), ("false", false)];
    let meant = meant.into_iter().find(|(it, _)| it.eq_ignore_ascii_case(text));
    if let Some((_, meant)) = meant {
        *json = Json::Bool(meant);
        seen.note(Quirk::BooleanAsText);
    }
}

/// A manager as `"id"`, a role as `"name"`: the text is the significant value (RFC 7643 §2.4).
fn object(attribute: &Attribute, json: &mut Json, seen: &mut Seen) {
    if let (Json::String(_), Some(value)) = (&*json, attribute.sub("value")) {
        let text = std::mem::replace(json, Json::Null);
        *json = Json::Object(vec![(value.name.to_string(), text)]);
        seen.note(Quirk::TextForObject);
    }
}
