//! The `OpenAPI` 3.1 document: what the endpoints say of themselves, and what holds for all of them.

use actix_web::{HttpResponse, http::header::CONTENT_TYPE};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, PartialSchema as _, openapi::OpenApi};

use super::{
    call::Call,
    endpoints::{Handled, part},
    problem::{Kind, PROBLEM_JSON, ProblemBody},
};

#[cfg(test)]
mod tests;

/// The security scheme of endpoints for any management key.
pub(super) const KEY: &str = "managementKey";
/// The security scheme of endpoints for operator keys alone.
pub(super) const OPERATOR_KEY: &str = "operatorKey";

const DESCRIPTION: &str = "What a backend and a dashboard talk to: organizations, their keys, roles, \
    groups and users, what somebody may do, and what changed. Times are RFC 3339 in UTC. Lists come \
    in pages. A PATCH is a JSON merge patch (RFC 7396). Errors are problem details (RFC 9457); \
    nothing of a request that failed was applied.";

/// What stands in every path below an organization.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described: the door has read it before the endpoint is called")]
pub(super) struct InOrganization {
    /// The organization's id.
    #[param(format = Uuid)]
    organization: String,
}

part![get_openapi_document];

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
    document["components"]["responses"]["Problem"] = json!({
        "description": "Why not, and what to do",
        "content": { PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    for (path, operations) in document["paths"].as_object_mut().into_iter().flatten() {
        for operation in operations.as_object_mut().into_iter().flatten() {
            complete(path, operation.1);
        }
    }
    Ok(document)
}

fn scheme(description: &str) -> Value {
    json!({ "type": "http", "scheme": "bearer", "description": description })
}

/// Adds what every endpoint of its kind may answer, so that none has to say it.
fn complete(path: &str, operation: &mut Value) {
    let secured = operation["security"].as_array().is_some_and(|it| !it.is_empty());
    if !secured {
        // An endpoint without requirements says so, or readers take it for forgotten.
        operation["security"] = json!([]);
    }
    let reads_body = operation.get("requestBody").is_some();
    let reads_query = operation["parameters"]
        .as_array()
        .is_some_and(|it| it.iter().any(|it| it["in"] == "query"));
    let may = [
        ("400", reads_body || reads_query, "The request is not valid"),
        ("401", secured, "No valid API key"),
        ("403", secured, "The API key may not do this"),
        ("404", path.contains('{'), "There is no such thing, or the key does not reach it"),
        ("408", reads_body, "The request did not arrive in time"),
        ("413", reads_body, "The body is too large"),
        ("415", reads_body, "The body is no JSON"),
        ("500", true, "An internal error"),
        ("503", secured, "The service cannot answer now; Retry-After says when to try again"),
    ];
    let responses = operation["responses"].as_object_mut();
    let Some(responses) = responses else { return };
    for (status, _, description) in may.into_iter().filter(|(_, possible, _)| *possible) {
        responses.entry(status).or_insert_with(|| problem(description));
    }
    // A problem that an endpoint names itself is described in the same form.
    for (status, response) in responses.iter_mut() {
        let failed = status.starts_with('4') || status.starts_with('5');
        if failed && response.get("content").is_none() {
            *response = problem(response["description"].as_str().unwrap_or_default());
        }
    }
    let sorted: Map<_, _> = std::mem::take(responses).into_iter().collect();
    *responses = sorted;
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}
