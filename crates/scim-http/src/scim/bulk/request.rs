//! The body of a Bulk request. What cannot be told apart or answered breaks the whole; everything
//! else is a failure of its operation, since as much as possible is carried out (RFC 7644 §3.7).

use std::collections::HashSet;

use actix_web::http::Method;
use scim_app::provisioning::{Change, IfMatch, Operation, Task};
use scim_domain::{
    Invalid, Json,
    resource::limits::{BULK_OPERATIONS, USER_BODY_BYTES},
    schema::ResourceKind,
};

use crate::scim::{
    MOUNT,
    error::{Failure, Refusal},
    routes::{self, Action},
};

#[cfg(test)]
mod tests;

const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// A request that was read.
#[derive(Debug)]
pub(super) struct Asked {
    /// What is told of each operation, in the order of the request.
    pub(super) heads: Vec<Head>,
    /// The operations, in the same order.
    pub(super) operations: Vec<Operation>,
    /// `failOnErrors`.
    pub(super) fail_on_errors: Option<u64>,
}

/// What an answer repeats of an operation.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) method: Method,
    pub(super) bulk_id: Option<String>,
    /// What it is about, or why it was refused here.
    pub(super) target: Result<(ResourceKind, Verb), Failure>,
}

/// What a method does at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Replace,
    Patch,
    Delete,
}

impl Asked {
    pub(super) fn read(mut body: Json, base_url: &str) -> Result<Self, Failure> {
        if !matches!(body, Json::Object(_)) {
            return Err(syntax("The body of a Bulk request must be a JSON object."));
        }
        check_schemas(body.get("schemas"))?;
        let fail_on_errors = fail_on_errors(body.get("failOnErrors"))?;
        let Some(Json::Array(all)) =
            body.take("Operations").filter(|it| *it != Json::Array(vec![]))
        else {
            let detail = "A Bulk request needs \"Operations\", a list of at least one operation.";
            return Err(syntax(detail));
        };
        if all.len() > BULK_OPERATIONS {
            return Err(Refusal::TooManyOperations { limit: BULK_OPERATIONS }.into());
        }
        let (mut heads, mut operations) = (Vec::new(), Vec::new());
        let mut names = HashSet::new();
        for (at, json) in all.into_iter().enumerate() {
            let broken = |what: &str| syntax(format!("Operation {} {what}.", at + 1));
            let (head, task) = operation(json, base_url).map_err(broken)?;
            if head.bulk_id.as_ref().is_some_and(|it| !names.insert(it.clone())) {
                return Err(broken("has the \"bulkId\" of an earlier one"));
            }
            operations.push(Operation { bulk_id: head.bulk_id.clone(), task });
            heads.push(head);
        }
        Ok(Self { heads, operations, fail_on_errors })
    }
}

fn syntax(detail: impl Into<String>) -> Failure {
    Invalid::syntax(detail).into()
}

fn check_schemas(schemas: Option<&Json>) -> Result<(), Failure> {
    let named = |it: &Json| it.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(BULK_REQUEST));
    let found = match schemas {
        Some(Json::Array(all)) => all.iter().any(named),
        // Left out it can mean nothing else; named wrong it may be another message.
        Some(Json::Null) | None => true,
        Some(one) => named(one),
    };
    let detail = || format!("The \"schemas\" of a Bulk request must name {BULK_REQUEST}.");
    if found { Ok(()) } else { Err(syntax(detail())) }
}

fn fail_on_errors(json: Option<&Json>) -> Result<Option<u64>, Failure> {
    let wrong = || syntax("\"failOnErrors\" must be a whole number above zero.");
    match json {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Number(it)) => it.as_u64().filter(|it| *it > 0).map(Some).ok_or_else(wrong),
        Some(Json::Bool(_) | Json::String(_) | Json::Array(_) | Json::Object(_)) => Err(wrong()),
    }
}

/// One operation; or what is so wrong with it that the request as a whole is broken.
fn operation(mut json: Json, base_url: &str) -> Result<(Head, Task), &'static str> {
    if !matches!(json, Json::Object(_)) {
        return Err("is not a JSON object");
    }
    let method = json.get("method").and_then(Json::as_str).map(str::to_ascii_uppercase);
    let method = match method.as_deref() {
        Some("POST") => Method::POST,
        Some("PUT") => Method::PUT,
        Some("PATCH") => Method::PATCH,
        Some("DELETE") => Method::DELETE,
        Some(_) | None => return Err("needs a \"method\": POST, PUT, PATCH or DELETE"),
    };
    let bulk_id = match json.take("bulkId") {
        None | Some(Json::Null) => None,
        Some(Json::String(it)) if it.is_empty() => None,
        Some(Json::String(it)) => Some(it),
        Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            return Err("has a \"bulkId\" that is not a string");
        }
    };
    if method == Method::POST && bulk_id.is_none() {
        return Err("needs a \"bulkId\", as every POST in a Bulk request does");
    }
    let Some(Json::String(path)) = json.take("path") else {
        return Err("needs a \"path\", such as /Users or /Groups/{id}");
    };
    let read = target(&method, &path, base_url).and_then(|at| Ok((at.0, at.1, task(at, json)?)));
    let (target, task) = match read {
        Ok((kind, verb, task)) => (Ok((kind, verb)), task),
        Err(failure) => (Err(failure), Task::Refused),
    };
    Ok((Head { method, bulk_id, target }, task))
}

/// The endpoint that a path names, with or without the base URL and the slash in front, and the id
/// in it.
fn target(
    method: &Method,
    path: &str,
    base_url: &str,
) -> Result<(ResourceKind, Verb, String), Failure> {
    let below = path.strip_prefix(base_url).or_else(|| path.strip_prefix(MOUNT)).unwrap_or(path);
    let below = below.trim_start_matches('/');
    // What stands behind bulkId: is a name of the client's, and any text.
    let reference = |endpoint: &str| {
        let id = below.strip_prefix(endpoint.trim_start_matches('/'))?.strip_prefix('/')?;
        id.starts_with("bulkId:").then(|| id.to_owned())
    };
    let referred = [ResourceKind::User, ResourceKind::Group];
    let referred = referred.into_iter().find_map(|it| Some((it, reference(it.endpoint())?)));
    // The table of routes decides what exists; for a reference an id of ours stands in.
    let whole = match &referred {
        Some((kind, _)) => format!("{MOUNT}{}/id", kind.endpoint()),
        None => format!("{MOUNT}/{below}"),
    };
    // Nothing that can be assigned is written, so its paths are as unknown as any other.
    let (route, id) = routes::find(method, &whole, false)?;
    let (kind, verb) = match route.action {
        Action::CreateUser => (ResourceKind::User, Verb::Create),
        Action::ReplaceUser => (ResourceKind::User, Verb::Replace),
        Action::PatchUser => (ResourceKind::User, Verb::Patch),
        Action::DeleteUser => (ResourceKind::User, Verb::Delete),
        Action::CreateGroup => (ResourceKind::Group, Verb::Create),
        Action::ReplaceGroup => (ResourceKind::Group, Verb::Replace),
        Action::PatchGroup => (ResourceKind::Group, Verb::Patch),
        Action::DeleteGroup => (ResourceKind::Group, Verb::Delete),
        Action::Home
        | Action::Alive
        | Action::Ready
        | Action::Token
        | Action::Metadata
        | Action::SearchUsers
        | Action::GetUser
        | Action::SearchGroups
        | Action::GetGroup
        | Action::ServiceProviderConfig
        | Action::ResourceTypes
        | Action::ResourceType
        | Action::Schemas
        | Action::Schema
        | Action::SearchRoles
        | Action::GetRole
        | Action::SearchEntitlements
        | Action::GetEntitlement
        | Action::Me
        | Action::Bulk
        | Action::SearchUsersByPost
        | Action::SearchGroupsByPost
        | Action::SearchAllByPost => {
            let detail = "An operation creates, replaces, changes or deletes a user or a group.";
            return Err(Invalid::value(detail).into());
        }
    };
    Ok((kind, verb, referred.map_or_else(|| id.to_owned(), |(_, reference)| reference)))
}

fn task((kind, verb, at): (ResourceKind, Verb, String), mut json: Json) -> Result<Task, Failure> {
    let if_match = match json.take("version") {
        None | Some(Json::Null) => IfMatch::Absent,
        Some(Json::String(it)) if it.trim().is_empty() => IfMatch::Absent,
        Some(Json::String(it)) => IfMatch::parse(&it),
        Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            return Err(syntax("The \"version\" of an operation must be a string."));
        }
    };
    let data = json.take("data").unwrap_or(Json::Null);
    if kind == ResourceKind::User && data.text_bytes() > USER_BODY_BYTES {
        return Err(Refusal::TooLarge { limit: USER_BODY_BYTES }.into());
    }
    let change = match (verb, data) {
        (Verb::Create, data) => return Ok(Task::Create { kind, data }),
        (Verb::Replace, data) => Change::Replace(data),
        // RFC 7644 §3.7.3 has an example with the bare list.
        (Verb::Patch, list @ Json::Array(_)) => {
            Change::Patch(Json::Object(vec![("Operations".to_owned(), list)]))
        }
        (Verb::Patch, data) => Change::Patch(data),
        (Verb::Delete, _) => Change::Delete,
    };
    Ok(Task::Change { kind, at, if_match, change })
}
