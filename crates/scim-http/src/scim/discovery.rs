//! What the service can do (RFC 7644 §4, RFC 7643 §5 – §7).

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode};
use scim_domain::{
    resource::{
        document::Strictness,
        limits::{BULK_OPERATIONS, DEFAULT_PAGE, GROUP_BODY_BYTES, LARGEST_PAGE},
    },
    schema::{Assignables, Catalog, ResourceKind, ResourceType, Schema},
};
use serde_json::{Value, json};

use super::{
    Scim,
    answer::{self, LIST_RESPONSE},
    error::{Failure, Refusal},
    exchange::{Call, Done, Handled},
};

pub(super) async fn service_provider_config(call: Call<'_>) -> Handled {
    let Known { scim, assigns, strict, .. } = Known::of(call).await?;
    let token = json!({
        "type": "oauthbearertoken",
        "name": "API key",
        "description": "An API key with the permission for SCIM, sent as a bearer token",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
        "primary": true,
    });
    let granted = json!({
        "type": "oauthbearertoken",
        "name": "OAuth 2.0 client credentials",
        "description": "An access token for an API key, from the token endpoint that \
            /.well-known/oauth-authorization-server names",
        "specUri": "https://www.rfc-editor.org/info/rfc6749",
        "documentationUri": format!("{}/", scim.public_url()),
        "primary": false,
    });
    let mut config = json!({
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
        "authenticationSchemes": [token, granted],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{}/ServiceProviderConfig", scim.base_url()),
        },
    });
    if let (Value::Object(members), true) = (&mut config, assigns) {
        members.insert("RolesAndEntitlements".to_owned(), roles_and_entitlements());
    }
    Ok(one(&config))
}

pub(super) async fn resource_types(call: Call<'_>) -> Handled {
    let known = Known::of(call).await?;
    let all: Vec<_> = known.types().map(|it| resource_type_json(known.scim, it)).collect();
    Ok(list(&all))
}

pub(super) async fn resource_type(call: Call<'_>) -> Handled {
    let known = Known::of(call).await?;
    let found = known.types().find(|it| it.kind.name() == known.id);
    let found = found.ok_or(Refusal::Undiscovered("resource type"))?;
    Ok(one(&resource_type_json(known.scim, found)))
}

pub(super) async fn schemas(call: Call<'_>) -> Handled {
    let known = Known::of(call).await?;
    let all = known.types().flat_map(ResourceType::schemas);
    let all: Vec<_> = all.map(|it| schema_json(known.scim, it)).collect();
    Ok(list(&all))
}

pub(super) async fn schema(call: Call<'_>) -> Handled {
    let known = Known::of(call).await?;
    let found = known.types().flat_map(ResourceType::schemas).find(|it| &*it.id == known.id);
    let found = found.ok_or(Refusal::Undiscovered("schema"))?;
    Ok(one(&schema_json(known.scim, found)))
}

/// What draft-ietf-scim-roles-entitlements tells of an organization that assigns. `primary` and
/// `type` of a role are kept as sent. Nothing that can be assigned is an entitlement.
fn roles_and_entitlements() -> Value {
    json!({
        "roles": {
            "supported": true,
            "multipleRolesSupported": true,
            "primarySupported": true,
            "typeSupported": true,
        },
        "entitlements": { "supported": false },
    })
}

/// What discovery answers from.
struct Known<'a> {
    scim: &'a Scim,
    /// The `{id}` of the path.
    id: &'a str,
    catalog: Arc<Catalog>,
    /// Whether the organization assigns roles.
    assigns: bool,
    /// Whether the key is strict.
    strict: bool,
}

impl<'a> Known<'a> {
    /// The gate of all of them. RFC 7644 §4: a filter here is answered with 403, so that nobody
    /// takes the whole for what he asked for.
    async fn of(call: Call<'a>) -> Result<Self, Failure> {
        let Call { scim, mut session, query, id, .. } = call;
        let catalog = scim.0.provisioning.discovery(&mut session).await?;
        if query.list.filter.is_some() {
            return Err(Refusal::FilteredDiscovery.into());
        }
        let caller = &session.caller;
        let strict = caller.key.strictness == Strictness::Strict;
        Ok(Self { scim, id, catalog, assigns: caller.assigns(), strict })
    }

    fn types(&self) -> impl Iterator<Item = &ResourceType> {
        let stored = [ResourceKind::User, ResourceKind::Group].map(|it| self.catalog.of(it));
        let assignable = self.assigns.then(|| Assignables::standard().listed());
        stored.into_iter().chain(assignable.into_iter().flatten())
    }
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
