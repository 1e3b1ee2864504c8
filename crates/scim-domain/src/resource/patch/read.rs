//! The body of a PATCH request, down to its operations (RFC 7644 §3.5.2).

use super::{Op, Operation};
use crate::{Invalid, Json, Reason, resource::limits};

/// The URN that a PATCH request carries in `schemas`.
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Reads what [`super::read_operations`] promises.
pub(super) fn operations(body: &Json) -> Result<Vec<Operation>, Invalid> {
    let Json::Object(_) = body else {
        return Err(Invalid::syntax("The body of a PATCH request must be a JSON object."));
    };
    check_schemas(body.get("schemas"))?;
    let Some(Json::Array(all)) = body.get("Operations").filter(|it| !is_empty(it)) else {
        let detail = "A PATCH request needs \"Operations\", a list of at least one operation.";
        return Err(Invalid::syntax(detail));
    };
    check_count(all.len())?;
    all.iter().enumerate().map(|(at, it)| operation(at + 1, it)).collect()
}

/// Refuses more operations than one request may have.
pub(super) fn check_count(operations: usize) -> Result<(), Invalid> {
    if operations <= limits::PATCH_OPERATIONS {
        return Ok(());
    }
    let most = limits::PATCH_OPERATIONS;
    let detail =
        format!("A PATCH request has at most {most} operations; this one has {operations}.");
    Err(Invalid::new(Reason::TooMany, detail))
}

fn is_empty(list: &Json) -> bool {
    matches!(list, Json::Array(all) if all.is_empty())
}

fn check_schemas(schemas: Option<&Json>) -> Result<(), Invalid> {
    let named = |it: &Json| it.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(PATCH_OP));
    let found = match schemas {
        Some(Json::Array(all)) => all.iter().any(named),
        Some(one) => named(one),
        None => false,
    };
    let detail = || format!("The \"schemas\" of a PATCH request must name {PATCH_OP}.");
    if found { Ok(()) } else { Err(Invalid::syntax(detail())) }
}

fn operation(number: usize, json: &Json) -> Result<Operation, Invalid> {
    let refuse = |what: &str| Err(Invalid::syntax(format!("Operation {number} {what}.")));
    let Json::Object(_) = json else {
        return refuse("is not a JSON object");
    };
    let Some(op) = json.get("op").and_then(Json::as_str) else {
        return refuse("has no \"op\": it is \"add\", \"remove\" or \"replace\"");
    };
    let Some(op) = parse_op(op) else {
        return refuse("has an unknown \"op\": it is \"add\", \"remove\" or \"replace\"");
    };
    let path = match json.get("path") {
        None | Some(Json::Null) => None,
        Some(Json::String(path)) => Some(path.trim()),
        Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            return refuse("has a \"path\" that is not a string");
        }
    };
    if op == Op::Remove && path.is_none() {
        return Err(remove_without_path());
    }
    Ok(Operation { op, path: path.map(str::to_owned), value: json.get("value").cloned() })
}

fn parse_op(text: &str) -> Option<Op> {
    match text {
        "add" => Some(Op::Add),
        "remove" => Some(Op::Remove),
        "replace" => Some(Op::Replace),
        _ => None,
    }
}

/// A `remove` must say what (RFC 7644 §3.5.2.2).
pub(super) fn remove_without_path() -> Invalid {
    Invalid::new(
        Reason::NoTarget,
        "A \"remove\" operation needs a \"path\" that says what to remove.",
    )
}
