//! Attributes by other names than their own.

use scim_domain::{
    Json,
    schema::{AttributeRef, Found, ResourceType},
};

use super::{Quirk, Seen, member, members_of, operations};

/// The keys of a whole resource: what lacks the URN of its extension moves under it.
pub(super) fn in_resource(resource_type: &ResourceType, body: &mut Json, seen: &mut Seen) {
    let Some(members) = members_of(body) else { return };
    for (name, _) in &*members {
        take_note(resource_type, name, seen);
    }
    let lost: Vec<(String, String)> = members
        .iter()
        .filter_map(|(name, _)| Some((urn_of(resource_type, name)?, name.clone())))
        .collect();
    for (urn, name) in lost {
        // Whoever names it in full as well means what stands there.
        let in_full = body.get(&format!("{urn}:{name}")).is_some()
            || body.get(&urn).is_some_and(|it| it.get(&name).is_some());
        if in_full {
            continue;
        }
        // What is no object under the URN is for the core to refuse.
        if !matches!(body.get(&urn), None | Some(Json::Null | Json::Object(_))) {
            continue;
        }
        let (Some(value), extension) = (body.take(&name), body.take(&urn)) else { continue };
        if !matches!(value, Json::Null) {
            seen.note(Quirk::AttributeWithoutUrn);
        }
        let mut extension = match extension {
            Some(Json::Object(members)) => members,
            Some(_) | None => Vec::new(),
        };
        extension.push((name, value));
        if let Some(members) = members_of(body) {
            members.push((urn, Json::Object(extension)));
        }
    }
}

/// The paths of operations, and the keys of values without a path.
pub(super) fn in_patch(resource_type: &ResourceType, body: &mut Json, seen: &mut Seen) {
    for operation in operations(body).into_iter().flatten() {
        if let Some(Json::String(path)) = member(operation, "path") {
            complete(resource_type, path, seen);
        } else if let Some(Json::Object(named)) = member(operation, "value") {
            for (key, _) in named {
                take_note(resource_type, key, seen);
                complete(resource_type, key, seen);
            }
        }
    }
}

/// Puts the URN in front of a path that lacks it.
fn complete(resource_type: &ResourceType, path: &mut String, seen: &mut Seen) {
    let urn = urn_of(resource_type, path.split('[').next().unwrap_or_default().trim());
    if let Some(urn) = urn {
        *path = format!("{urn}:{}", path.trim_start());
        seen.note(Quirk::AttributeWithoutUrn);
    }
}

/// The URN of the one extension that has an attribute which the core does not have.
fn urn_of(resource_type: &ResourceType, name: &str) -> Option<String> {
    let found = match resource_type.locate(name) {
        Found::Unknown { nearest: _ } => resource_type.in_extension(name)?,
        Found::Attribute(_) | Found::Core | Found::Extension(_) | Found::Foreign => return None,
    };
    Some(found.extension?.id.to_string())
}

/// A key that is a path, which the core resolves.
fn take_note(resource_type: &ResourceType, key: &str, seen: &mut Seen) {
    let is_plain = |it: AttributeRef<'_>| it.sub_attribute.is_none() && !key.contains(':');
    match resource_type.locate(key) {
        Found::Attribute(it) if is_plain(it) => {}
        Found::Attribute(_) => seen.note(Quirk::AttributeByPath),
        Found::Unknown { nearest: _ } if key.contains('[') => seen.note(Quirk::AttributeByPath),
        Found::Core | Found::Extension(_) | Found::Foreign | Found::Unknown { nearest: _ } => {}
    }
}
