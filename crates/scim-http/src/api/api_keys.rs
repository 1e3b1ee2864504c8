//! The keys of an organization.

use super::{
    answer::ok,
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    once::Repeated,
    paging::{List, Paging},
};

mod asked;
mod shown;
pub(super) mod work;

pub(super) use asked::{ApiKeyPatch, NewApiKey, Rotation};
pub(super) use shown::{ApiKey, CreatedApiKey, PermissionName, Quirk};
pub(super) use work::WhichKey;

part![
    list_api_keys,
    create_api_key,
    get_api_key,
    update_api_key,
    rotate_api_key,
    revoke_api_key,
    list_api_key_quirks
];

/// List the API keys of an organization
///
/// Oldest first, with those that are revoked or expired: their history stays.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/api-keys",
    tag = "API keys",
    security(("managementKey" = ["api_keys.read"])),
    params(InOrganization, Paging),
    responses((status = 200, description = "A page", body = List<ApiKey>))
)]
async fn list_api_keys(call: Call) -> Handled {
    work::list(&call, call.organization()?).await
}

/// Create an API key
///
/// Its token is in this answer and never shown again. A key may be given what the asking key has
/// itself and, instead, the permission `scim`.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/api-keys",
    tag = "API keys",
    security(("managementKey" = ["api_keys.write"])),
    params(InOrganization, Repeated),
    request_body = NewApiKey,
    responses((status = 201, description = "Created", body = CreatedApiKey,
        headers(("Location" = String, description = "Where it is"))))
)]
async fn create_api_key(call: Call) -> Handled {
    let organization = call.organization()?;
    work::create(call, organization).await
}

/// Get an API key
///
/// With its last use, which is known within some seconds.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/api-keys/{apiKey}",
    tag = "API keys",
    security(("managementKey" = ["api_keys.read"])),
    params(InOrganization, WhichKey),
    responses((status = 200, description = "The key", body = ApiKey))
)]
async fn get_api_key(call: Call) -> Handled {
    work::get(&call, call.organization()?).await
}

/// Change an API key
///
/// It takes effect with the key's next request. Whoever changes more than taking permissions away
/// must have what the key has afterwards.
#[utoipa::path(
    patch,
    path = "/organizations/{organization}/api-keys/{apiKey}",
    tag = "API keys",
    security(("managementKey" = ["api_keys.write"])),
    params(InOrganization, WhichKey),
    request_body(content = ApiKeyPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The key after the change", body = ApiKey),
        (status = 409, description = "The key is over, or was replaced"),
    )
)]
async fn update_api_key(call: Call) -> Handled {
    let organization = call.organization()?;
    work::update(call, organization).await
}

/// Rotate an API key
///
/// Makes a successor with the same name, permissions, limits and connection, whose token is in this
/// answer and never shown again. The old key works on for the overlap. A key has one successor.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/api-keys/{apiKey}/rotate",
    tag = "API keys",
    security(("managementKey" = ["api_keys.write"])),
    params(InOrganization, WhichKey, Repeated),
    request_body = Rotation,
    responses(
        (status = 201, description = "The successor", body = CreatedApiKey,
            headers(("Location" = String, description = "Where it is"))),
        (status = 409, description = "The key is over, or was replaced already"),
    )
)]
async fn rotate_api_key(call: Call) -> Handled {
    let organization = call.organization()?;
    work::rotate(call, organization).await
}

/// Revoke an API key
///
/// For good, and at once: the next request with it is refused. To revoke it again changes nothing.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/api-keys/{apiKey}/revoke",
    tag = "API keys",
    security(("managementKey" = ["api_keys.write"])),
    params(InOrganization, WhichKey),
    responses((status = 200, description = "The key, revoked", body = ApiKey))
)]
async fn revoke_api_key(call: Call) -> Handled {
    work::revoke(&call, call.organization()?).await
}

/// List what a key's requests showed beside the standard
///
/// What a tolerant key was forgiven, how often, and in which request last.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/api-keys/{apiKey}/quirks",
    tag = "API keys",
    security(("managementKey" = ["audit.read"])),
    params(InOrganization, WhichKey),
    responses((status = 200, description = "All of them", body = List<Quirk>))
)]
async fn list_api_key_quirks(call: Call) -> Handled {
    let (organization, id) = (call.organization()?, work::key_id(&call)?);
    let administration = call.administration()?;
    administration.show_api_key(organization, id).await?;
    let all = administration.list_quirks(organization).await?;
    let items = all.iter().filter(|it| it.api_key == id).map(Quirk::of).collect();
    ok(&List { items, next_cursor: None })
}
