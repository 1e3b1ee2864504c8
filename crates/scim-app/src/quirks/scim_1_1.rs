//! What is left of SCIM 1.1: its URNs, and its PATCH.

use scim_domain::{
    Json,
    schema::{ENTERPRISE_USER, Found, ResourceType},
};

use super::{
    Quirk, Seen, member,
    members::{is_marked, operation, part},
    members_of,
};

const CORE: [&str; 2] = ["urn:scim:schemas:core:1.0", "urn:scim:schemas:core:1.1"];
const ENTERPRISE: [&str; 2] =
    ["urn:scim:schemas:extension:enterprise:1.0", "urn:scim:schemas:extension:enterprise:1.1"];

/// Puts the URNs of SCIM 2.0 in place of those of SCIM 1.1, in `schemas` and as keys.
pub(super) fn schemas(resource_type: &ResourceType, body: &mut Json, seen: &mut Seen) {
    let core = resource_type.schema.id.to_string();
    let today = |urn: &str| {
        let is = |all: [&str; 2]| all.iter().any(|it| it.eq_ignore_ascii_case(urn));
        (is(CORE).then(|| core.clone()))
            .or_else(|| is(ENTERPRISE).then(|| ENTERPRISE_USER.to_owned()))
    };
    let listed = match member(body, "schemas") {
        Some(Json::Array(all)) => all.as_mut_slice(),
        Some(one @ Json::String(_)) => std::slice::from_mut(one),
        Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_)) | None => &mut [],
    };
    for urn in listed {
        if let Some(today) = urn.as_str().and_then(today) {
            *urn = Json::String(today);
            seen.note(Quirk::Scim11Schemas);
        }
    }
    let keys = members_of(body).into_iter().flatten();
    let keys: Vec<_> = keys.filter_map(|(key, _)| Some((key.clone(), today(key)?))).collect();
    for (old, today) in keys {
        // Two under one name would be refused; the newer one counts.
        let value = body.take(&old).filter(|_| body.get(&today).is_none());
        if let (Some(value), Some(members)) = (value, members_of(body)) {
            members.push((today, value));
        }
        seen.note(Quirk::Scim11Schemas);
    }
}

/// Makes operations out of part of a resource: what it names is set, the values of lists are added
/// or, marked as deleted, removed, and what `meta.attributes` lists is cleared (§3.3.2 of the SCIM
/// 1.1 protocol). Answers whether it did.
pub(super) fn patch(resource_type: &ResourceType, body: &mut Json, seen: &mut Seen) -> bool {
    if !is_scim_1_1(body) {
        return false;
    }
    seen.note(Quirk::Scim11Patch);
    schemas(resource_type, body, seen);
    let mut all = cleared(body.take("meta"));
    body.take("schemas");
    let (mut lists, mut rest) = (Vec::new(), Vec::new());
    for (name, value) in members_of(body).map(std::mem::take).unwrap_or_default() {
        let is_list = match resource_type.locate(&name) {
            Found::Attribute(it) => it.target().multi_valued,
            Found::Core | Found::Extension(_) | Found::Foreign | Found::Unknown { .. } => false,
        };
        if is_list {
            if is_marked(&value) {
                seen.note(Quirk::MemberOperation);
            }
            lists.extend(part(value).into_operations(&name));
        } else {
            rest.push((name, value));
        }
    }
    if !rest.is_empty() {
        all.push(operation("replace", None, Some(Json::Object(rest))));
    }
    all.extend(lists);
    let urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp".to_owned();
    *body = Json::Object(vec![
        ("schemas".to_owned(), Json::Array(vec![Json::String(urn)])),
        ("Operations".to_owned(), Json::Array(all)),
    ]);
    true
}

/// Whether a PATCH can only be one of SCIM 1.1: it has no operations, and says so by its URN, by
/// marks, or by what it clears.
fn is_scim_1_1(body: &Json) -> bool {
    let Json::Object(members) = body else { return false };
    if body.get("Operations").is_some() {
        return false;
    }
    let old = |it: &Json| {
        let urn = it.as_str().unwrap_or_default();
        CORE.into_iter().chain(ENTERPRISE).any(|old| old.eq_ignore_ascii_case(urn))
    };
    let named = match body.get("schemas") {
        Some(Json::Array(all)) => all.iter().any(old),
        Some(one) => old(one),
        None => false,
    };
    let clears = body.get("meta").is_some_and(|it| it.get("attributes").is_some());
    named || clears || members.iter().any(|(_, it)| is_marked(it))
}

/// Removes what `meta.attributes` lists.
fn cleared(meta: Option<Json>) -> Vec<Json> {
    let listed = meta.and_then(|mut it| it.take("attributes"));
    let Some(Json::Array(names)) = listed else { return Vec::new() };
    names.iter().filter_map(Json::as_str).map(|it| operation("remove", Some(it), None)).collect()
}
