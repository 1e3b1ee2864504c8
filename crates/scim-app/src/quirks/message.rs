//! The form of a PATCH message (RFC 7644 §3.5.2).

use scim_domain::Json;

use super::{Quirk, Seen, member, members_of, operations, text};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

pub(super) fn patch(body: &mut Json, seen: &mut Seen) {
    schemas(body, seen);
    list(body, seen);
    for operation in operations(body).into_iter().flatten() {
        case(operation, seen);
        path(operation, seen);
        if text(operation, "path").is_none() {
            unwrap(operation, seen);
            parse(operation, seen);
        }
        take_note(operation, seen);
    }
}

/// `schemas` left out can mean nothing else than PATCH; named wrong it may be another message.
fn schemas(body: &mut Json, seen: &mut Seen) {
    let is_left_out = matches!(body.get("schemas"), None | Some(Json::Null));
    if is_left_out && body.get("Operations").is_some() {
        body.take("schemas");
        if let Some(members) = members_of(body) {
            members
                .push(("schemas".to_owned(), Json::Array(vec![Json::String(PATCH_OP.to_owned())])));
        }
        seen.note(Quirk::PatchWithoutSchemas);
    }
}

/// `"Operations": {…}`.
fn list(body: &mut Json, seen: &mut Seen) {
    if let Some(one @ Json::Object(_)) = member(body, "Operations") {
        *one = Json::Array(vec![std::mem::replace(one, Json::Null)]);
        seen.note(Quirk::OperationsAsObject);
    }
}

/// `"op": "Replace"`.
fn case(operation: &mut Json, seen: &mut Seen) {
    let Some(Json::String(op)) = member(operation, "op") else { return };
    let known = ["add", "remove", "replace"].into_iter().find(|it| it.eq_ignore_ascii_case(op));
    if let Some(known) = known.filter(|it| it != op) {
        known.clone_into(op);
        seen.note(Quirk::OperationInOtherCase);
    }
}

/// `"path": ""`.
fn path(operation: &mut Json, seen: &mut Seen) {
    if text(operation, "path").is_some_and(|it| it.trim().is_empty()) {
        operation.take("path");
        seen.note(Quirk::EmptyPath);
    }
}

/// `"value": [{…}]` without a path.
fn unwrap(operation: &mut Json, seen: &mut Seen) {
    let Some(value) = member(operation, "value") else { return };
    if let Json::Array(all) = value
        && let [Json::Object(_) | Json::String(_)] = all.as_slice()
        && let Some(only) = all.pop()
    {
        *value = only;
        seen.note(Quirk::ValueInList);
    }
}

/// `"value": "{…}"` without a path.
fn parse(operation: &mut Json, seen: &mut Seen) {
    let Some(value) = member(operation, "value") else { return };
    let parsed = value.as_str().and_then(|it| Json::parse(it.as_bytes()).ok());
    if let Some(object @ Json::Object(_)) = parsed {
        *value = object;
        seen.note(Quirk::ValueAsJsonText);
    }
}

/// What the core understands as it is.
fn take_note(operation: &Json, seen: &mut Seen) {
    let op = text(operation, "op");
    if op == Some("remove") && !matches!(operation.get("value"), None | Some(Json::Null)) {
        seen.note(Quirk::RemoveWithValue);
    }
    if matches!(op, Some("add" | "replace")) && text(operation, "path").is_none() {
        seen.note(Quirk::OperationWithoutPath);
    }
}
