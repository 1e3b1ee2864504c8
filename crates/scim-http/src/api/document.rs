//! The `OpenAPI` 3.1 document: what the endpoints say of themselves, and what holds for all of them.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, http::header::CONTENT_TYPE};
use serde_json::{Value, json};
use utoipa::{IntoParams, PartialSchema as _, openapi::OpenApi};

use super::{
    call::Call,
    endpoints::{Handled, part},
    page,
    problem::{Kind, ProblemBody},
};

mod completion;
mod examples;
#[cfg(test)]
mod tests;

/// The security scheme of endpoints for any management key.
pub(super) const KEY: &str = "managementKey";
/// The security scheme of endpoints for operator keys alone.
pub(super) const OPERATOR_KEY: &str = "operatorKey";

const DESCRIPTION: &str = "What a backend and a dashboard talk to: organizations, their keys, roles, \
    groups and users, what somebody may do, and what changed. Times are RFC 3339 in UTC. Lists come \
    in pages. A PATCH is a JSON merge patch (RFC 7396). Errors are problem details (RFC 9457); \
    nothing of a request that failed was applied. What creates takes an `Idempotency-Key`.";

/// The parts of the API in the order in which they are shown, and what each is about.
const TAGS: &[(&str, &str)] = &[
    (
        "Organizations",
        "The customers of the product: what they pay for, how many seats they have, and how SCIM \
         works for them.",
    ),
    (
        "API keys",
        "The keys of an organization: for its identity provider, and for managing it. A token is \
         shown once.",
    ),
    ("Operator keys", "Keys of whoever runs the service. They reach every organization."),
    ("Users", "The people of an organization: recorded at sign-in, or by its identity provider."),
    ("Groups", "Groups, their members, and the roles to which they lead."),
    ("Roles", "What people may do: the permissions that the backend asks about, and who has them."),
    (
        "Mapping rules",
        "Which roles a group leads to when an identity provider creates it, by its name.",
    ),
    ("Access", "What the backend asks at sign-in: whether somebody is active, and may do what."),
    ("Events", "Every change, in the order of its organization and without gaps."),
    ("Audit", "Who did what, and what became of requests."),
    ("Description", "What this API is, for programs and for people."),
];

/// What stands in every path below an organization.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the door has read it before the endpoint is called")]
pub(super) struct InOrganization {
    /// The organization's id.
    #[param(format = Uuid)]
    organization: String,
}

part![get_openapi_document, get_documentation];

/// This description
///
/// The description of this API in `OpenAPI` 3.1.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "Description",
    responses((status = 200, description = "The document", body = Object))
)]
async fn get_openapi_document(call: Call) -> Handled {
    let document = call.api.0.document.clone();
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(document))
}

/// This description, to read
///
/// A page for people: every operation with what it takes and answers, every permission, and every
/// kind of problem with what to do about it.
#[utoipa::path(
    get,
    path = "/docs",
    tag = "Description",
    responses((status = 200, description = "The page", content_type = "text/html", body = String))
)]
async fn get_documentation(call: Call) -> Handled {
    Ok(page::respond(call.api.0.page.clone()))
}

/// One document of many, with what holds for all.
pub(super) fn assemble(parts: Vec<OpenApi>, base: &str) -> Result<Value, String> {
    let mut whole = parts.into_iter().fold(OpenApi::default(), OpenApi::merge_from);
    let components = whole.components.get_or_insert_default();
    components.schemas.insert("Problem".to_owned(), ProblemBody::schema());
    let mut document = serde_json::to_value(&whole).map_err(|it| it.to_string())?;
    let codes: Vec<_> = Kind::ALL.iter().map(|it| it.code()).collect();
    document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] = json!(codes);
    document["info"] = json!({
        "title": "scimd management API",
        "version": env!("CARGO_PKG_VERSION"),
        "description": DESCRIPTION,
        "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
    });
    document["servers"] = json!([{ "url": base }]);
    document["components"]["securitySchemes"] = json!({
        KEY: scheme("An API key with the permission that the endpoint names: `Bearer <key>`. An \
            organization's key reaches its own organization, an operator key all of them."),
        OPERATOR_KEY: scheme("An operator key with the permission that the endpoint names."),
    });
    document["tags"] = tags(&document);
    for (path, operations) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in operations.as_object_mut().into_iter().flatten() {
            completion::complete(path, operation);
        }
    }
    forget_unused(&mut document);
    examples::add(&mut document);
    Ok(document)
}

/// The tags that operations have, in their order.
fn tags(document: &Value) -> Value {
    let operations = document["paths"].as_object().into_iter().flatten();
    let operations = operations.flat_map(|(_, it)| it.as_object().into_iter().flatten());
    let used: BTreeSet<_> = operations.filter_map(|(_, it)| it["tags"][0].as_str()).collect();
    let shown = TAGS.iter().filter(|(name, _)| used.contains(name));
    shown.map(|(name, description)| json!({ "name": name, "description": description })).collect()
}

/// Takes away schemas that nothing refers to: those of types that stand for others, field by field.
fn forget_unused(document: &mut Value) {
    let text = document.to_string();
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| text.contains(&format!("#/components/schemas/{name}\"")));
    }
}

fn scheme(description: &str) -> Value {
    json!({ "type": "http", "scheme": "bearer", "description": description })
}
