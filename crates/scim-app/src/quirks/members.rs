//! `"operation": "delete"` in the values of a list, as SCIM 1.1 had it (§3.3.2 of its protocol).
//!
//! Read as an ordinary member, it would give access where the client takes it away.

use scim_domain::{
    Json,
    schema::{Attribute, Found, ResourceType},
};

use super::{Quirk, Seen, member, members_of, operations, text};

/// The members of a whole group: who is to go is left out.
pub(super) fn in_resource(resource_type: &ResourceType, body: &mut Json, seen: &mut Seen) {
    let Some(name) = in_rows(resource_type).map(|it| it.name.clone()) else { return };
    let Some(json) = member(body, &name) else { return };
    if is_marked(json) {
        let Parted { stay, .. } = part(std::mem::replace(json, Json::Null));
        *json = Json::Array(stay);
        seen.note(Quirk::MemberOperation);
    }
}

/// The members of operations: marked one by one, each of them is added or removed, whatever the
/// operation is called; nobody else is meant.
pub(super) fn in_patch(resource_type: &ResourceType, body: &mut Json, seen: &mut Seen) {
    let Some(attribute) = in_rows(resource_type) else { return };
    let Some(all) = operations(body) else { return };
    if !all.iter_mut().any(|it| marked(resource_type, attribute, it).is_some()) {
        return;
    }
    seen.note(Quirk::MemberOperation);
    for mut operation in std::mem::take(all) {
        let Some(json) = marked(resource_type, attribute, &mut operation) else {
            all.push(operation);
            continue;
        };
        let parted = part(std::mem::replace(json, Json::Null));
        // What else a value without a path names stays an operation of its own.
        if text(&operation, "path").is_none()
            && let Some(value) = member(&mut operation, "value")
        {
            value.take(&attribute.name);
            all.push(operation);
        }
        all.extend(parted.into_operations(&attribute.name));
    }
}

/// The values of a list, parted by what becomes of them.
#[derive(Default)]
pub(super) struct Parted {
    pub stay: Vec<Json>,
    pub go: Vec<Json>,
}

/// Parts a value or a list of them. No mark is left.
pub(super) fn part(json: Json) -> Parted {
    let all = if let Json::Array(all) = json { all } else { vec![json] };
    let mut parted = Parted::default();
    for mut element in all {
        let goes = is_deletion(&element);
        element.take("operation");
        if goes { &mut parted.go } else { &mut parted.stay }.push(element);
    }
    parted
}

impl Parted {
    /// The same as operations of SCIM 2.0.
    pub fn into_operations(self, path: &str) -> impl Iterator<Item = Json> {
        [("add", self.stay), ("remove", self.go)]
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(op, values)| operation(op, Some(path), Some(Json::Array(values))))
    }
}

/// An operation of a PATCH.
pub(super) fn operation(op: &str, path: Option<&str>, value: Option<Json>) -> Json {
    let named = |name: &str, value: Json| (name.to_owned(), value);
    let mut members = vec![named("op", Json::String(op.to_owned()))];
    members.extend(path.map(|it| named("path", Json::String(it.to_owned()))));
    members.extend(value.map(|it| named("value", it)));
    Json::Object(members)
}

/// Whether a value, or one of a list, says what becomes of it.
pub(super) fn is_marked(json: &Json) -> bool {
    match json {
        Json::Array(all) => all.iter().any(is_marked),
        Json::Object(_) => text(json, "operation").is_some(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}

fn is_deletion(json: &Json) -> bool {
    text(json, "operation").is_some_and(|it| it.eq_ignore_ascii_case("delete"))
}

/// The attribute whose values are rows: `members`.
fn in_rows(resource_type: &ResourceType) -> Option<&Attribute> {
    resource_type.schema.attributes.iter().find(|it| it.in_rows)
}

/// The marked members that an operation adds or puts in place of others.
fn marked<'a>(
    resource_type: &ResourceType,
    attribute: &Attribute,
    operation: &'a mut Json,
) -> Option<&'a mut Json> {
    if text(operation, "op") == Some("remove") {
        return None;
    }
    let names_it = |name: &str| match resource_type.locate(name) {
        Found::Attribute(it) => it.sub_attribute.is_none() && it.attribute.name == attribute.name,
        Found::Core | Found::Extension(_) | Found::Foreign | Found::Unknown { .. } => false,
    };
    let json = match text(operation, "path").map(names_it) {
        Some(true) => member(operation, "value"),
        Some(false) => None,
        None => {
            let named = members_of(member(operation, "value")?)?;
            named.iter_mut().find(|(name, _)| names_it(name)).map(|(_, json)| json)
        }
    };
    json.filter(|it| is_marked(it))
}
