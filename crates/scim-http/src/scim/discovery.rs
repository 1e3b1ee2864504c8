//! What the service can do (RFC 7644 §4, RFC 7643 §5 – §7).

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode};
use scim_domain::{
    resource::{
        document::Strictness,
        limits::{BULK_OPERATIONS, DEFAULT_PAGE, GROUP_BODY_BYTES, LARGEST_PAGE},
    },
    schema::{Catalog, ResourceKind, ResourceType, Schema},
};
use serde_json::{Value, json};

use super::{
    Scim,
    answer::{self, LIST_RESPONSE},
    error::{Failure, Refusal},
    exchange::{Call, Done, Handled},
};

pub(super) fn service_provider_config(call: &Call<'_>) -> Handled {
    open(call)?;
    let scim = call.scim;
    let strict = call.session.caller.key.strictness == Strictness::Strict;
    let scheme = json!({
        "type": "oauthbearertoken",
        "name": "API key",
        "description": "An API key with the permission for SCIM, sent as a bearer token",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
        "primary": true,
    });
    let config = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": format!("{}/", scim.public_url()),
        "patch": { "supported": true },
        "bulk": {
            "supported": true,
            "maxOperations": BULK_OPERATIONS,
            "maxPayloadSize": GROUP_BODY_BYTES,
        },
        "filter": { "supported": true, "maxResults": LARGEST_PAGE },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        // RFC 9865 §4.
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_PAGE,
            "maxPageSize": LARGEST_PAGE,
            "cursorTimeout": scim.0.provisioning.cursor_timeout().as_secs(),
        },
        // Of the interoperability profile (draft-zollner-scim-interop-profile): whether this key's
        // requests are held to it.
        "interopProfileConformant": strict,
        "authenticationSchemes": [scheme],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{}/ServiceProviderConfig", scim.base_url()),
        },
    });
    Ok(one(&config))
}

pub(super) fn resource_types(call: &Call<'_>) -> Handled {
    let catalog = open(call)?;
    let all: Vec<_> = types(&catalog).map(|it| resource_type_json(call.scim, it)).collect();
    Ok(list(&all))
}

pub(super) fn resource_type(call: &Call<'_>) -> Handled {
    let catalog = open(call)?;
    let found = types(&catalog).find(|it| it.kind.name() == call.id);
    let found = found.ok_or(Refusal::Undiscovered("resource type"))?;
    Ok(one(&resource_type_json(call.scim, found)))
}

pub(super) fn schemas(call: &Call<'_>) -> Handled {
    let catalog = open(call)?;
    let all = types(&catalog).flat_map(ResourceType::schemas);
    let all: Vec<_> = all.map(|it| schema_json(call.scim, it)).collect();
    Ok(list(&all))
}

pub(super) fn schema(call: &Call<'_>) -> Handled {
    let catalog = open(call)?;
    let found = types(&catalog).flat_map(ResourceType::schemas).find(|it| &*it.id == call.id);
    let found = found.ok_or(Refusal::Undiscovered("schema"))?;
    Ok(one(&schema_json(call.scim, found)))
}

/// The gate of all of them. RFC 7644 §4: a filter here is answered with 403, so that nobody takes
/// the whole for what he asked for.
fn open(call: &Call<'_>) -> Result<Arc<Catalog>, Failure> {
    let catalog = call.scim.0.provisioning.discovery(&call.session.caller)?;
    if call.query.list.filter.is_some() {
        return Err(Refusal::FilteredDiscovery.into());
    }
    Ok(catalog)
}

fn types(catalog: &Catalog) -> impl Iterator<Item = &ResourceType> {
    [ResourceKind::User, ResourceKind::Group].into_iter().map(|it| catalog.of(it))
}

fn resource_type_json(scim: &Scim, it: &ResourceType) -> Value {
    let location = format!("{}/ResourceTypes/{}", scim.base_url(), it.kind.name());
    with_meta(it.to_discovery(), "ResourceType", &location)
}

fn schema_json(scim: &Scim, it: &Schema) -> Value {
    with_meta(it.to_discovery(), "Schema", &format!("{}/Schemas/{}", scim.base_url(), it.id))
}

fn with_meta(mut resource: Value, resource_type: &str, location: &str) -> Value {
    if let Value::Object(members) = &mut resource {
        let meta = json!({ "resourceType": resource_type, "location": location });
        members.insert("meta".to_owned(), meta);
    }
    resource
}

fn one(resource: &Value) -> Done {
    Done::read(ok(resource))
}

fn list(resources: &[Value]) -> Done {
    Done::read(ok(&json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })))
}

fn ok(body: &Value) -> HttpResponse {
    answer::json(StatusCode::OK).body(body.to_string())
}
