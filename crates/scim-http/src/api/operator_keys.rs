//! Operator keys: those of whoever runs the service. They reach every organization.

use scim_domain::OrganizationId;

use super::{
    api_keys::{ApiKey, ApiKeyPatch, CreatedApiKey, NewApiKey, Rotation, WhichKey, work},
    call::Call,
    endpoints::{Handled, part},
    once::Repeated,
    paging::{List, Paging},
};

/// Whose keys these are.
const OWNER: OrganizationId = OrganizationId::OPERATOR;

part![
    list_operator_keys,
    create_operator_key,
    get_operator_key,
    update_operator_key,
    rotate_operator_key,
    revoke_operator_key
];

/// List the operator keys
///
/// Oldest first, with those that are revoked or expired.
#[utoipa::path(
    get,
    path = "/api-keys",
    tag = "Operator keys",
    security(("operatorKey" = ["api_keys.read"])),
    params(Paging),
    responses((status = 200, description = "A page", body = List<ApiKey>))
)]
async fn list_operator_keys(call: Call) -> Handled {
    work::list(&call, OWNER).await
}

/// Create an operator key
///
/// Its token is in this answer and never shown again. A key gives what it has itself. An operator
/// key is no key for SCIM.
#[utoipa::path(
    post,
    path = "/api-keys",
    tag = "Operator keys",
    security(("operatorKey" = ["api_keys.write"])),
    params(Repeated),
    request_body = NewApiKey,
    responses((status = 201, description = "Created", body = CreatedApiKey,
        headers(("Location" = String, description = "Where it is"))))
)]
async fn create_operator_key(call: Call) -> Handled {
    work::create(call, OWNER).await
}

/// Get an operator key
///
/// With its last use, which is known within some seconds.
#[utoipa::path(
    get,
    path = "/api-keys/{apiKey}",
    tag = "Operator keys",
    security(("operatorKey" = ["api_keys.read"])),
    params(WhichKey),
    responses((status = 200, description = "The key", body = ApiKey))
)]
async fn get_operator_key(call: Call) -> Handled {
    work::get(&call, OWNER).await
}

/// Change an operator key
///
/// It takes effect with the key's next request.
#[utoipa::path(
    patch,
    path = "/api-keys/{apiKey}",
    tag = "Operator keys",
    security(("operatorKey" = ["api_keys.write"])),
    params(WhichKey),
    request_body(content = ApiKeyPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The key after the change", body = ApiKey),
        (status = 409, description = "The key is over, or was replaced"),
    )
)]
async fn update_operator_key(call: Call) -> Handled {
    work::update(call, OWNER).await
}

/// Rotate an operator key
///
/// Makes a successor with everything of the key but its secret; the old one works on for the overlap.
#[utoipa::path(
    post,
    path = "/api-keys/{apiKey}/rotate",
    tag = "Operator keys",
    security(("operatorKey" = ["api_keys.write"])),
    params(WhichKey, Repeated),
    request_body = Rotation,
    responses(
        (status = 201, description = "The successor", body = CreatedApiKey,
            headers(("Location" = String, description = "Where it is"))),
        (status = 409, description = "The key is over, or was replaced already"),
    )
)]
async fn rotate_operator_key(call: Call) -> Handled {
    work::rotate(call, OWNER).await
}

/// Revoke an operator key
///
/// For good, and at once. To revoke it again changes nothing.
#[utoipa::path(
    post,
    path = "/api-keys/{apiKey}/revoke",
    tag = "Operator keys",
    security(("operatorKey" = ["api_keys.write"])),
    params(WhichKey),
    responses((status = 200, description = "The key, revoked", body = ApiKey))
)]
async fn revoke_operator_key(call: Call) -> Handled {
    work::revoke(&call, OWNER).await
}
