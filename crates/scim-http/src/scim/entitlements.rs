//! `/Roles` and `/Entitlements`: what can be assigned, to be read. The routes lead here only where
//! the organization assigns.

use actix_web::{HttpResponse, http::StatusCode};
use scim_app::provisioning::Position;
use scim_domain::{
    resource::{Object, projection::Projection},
    schema::{Assignables, ResourceType},
};
use serde_json::{Value, json};

use super::{
    answer::{self, LIST_RESPONSE},
    exchange::{Call, Done, Handled},
    query::Query,
};

pub(super) async fn search_roles(call: Call<'_>) -> Handled {
    let Call { scim, mut session, query, .. } = call;
    let provisioning = &scim.0.provisioning;
    let found = provisioning.search_roles(&mut session, &query.list, scim.base_url()).await?;
    let shown = shape(&Assignables::standard().shown_role, &query);
    let resources: Vec<_> = found.items.into_iter().map(shown).collect();
    Ok(Done::read(ok(&list(found.total, found.position, &resources))))
}

pub(super) async fn get_role(call: Call<'_>) -> Handled {
    let Call { scim, mut session, query, id, .. } = call;
    let role = scim.0.provisioning.get_role(&mut session, id, scim.base_url()).await?;
    Ok(Done::read(ok(&json!(shape(&Assignables::standard().shown_role, &query)(role)))))
}

pub(super) async fn search_entitlements(call: Call<'_>) -> Handled {
    let Call { scim, mut session, query, .. } = call;
    let found = scim.0.provisioning.search_entitlements(&mut session, &query.list).await?;
    Ok(Done::read(ok(&list(found.total, found.position, &found.items))))
}

/// A page, with where it begins or what leads to its neighbours (RFC 9865 §2).
fn list(total: u64, position: Position, resources: &[Object]) -> Value {
    let mut list = json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": total,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    let told = match position {
        Position::Index(start) => vec![("startIndex", json!(start))],
        Position::Cursor { previous, next } => {
            let all = [("previousCursor", previous), ("nextCursor", next)];
            all.into_iter().filter_map(|(name, it)| Some((name, json!(it?)))).collect()
        }
    };
    for (name, value) in told {
        list[name] = value;
    }
    list
}

pub(super) fn get_entitlement(call: &Call<'_>) -> Handled {
    let Call { scim, session, id, .. } = call;
    let found = scim.0.provisioning.get_entitlement(&session.caller, id)?;
    Ok(Done::read(ok(&json!(found))))
}

/// What of a resource the answer shows.
fn shape<'a>(kind: &'a ResourceType, query: &Query) -> impl Fn(Object) -> Object + use<'a> {
    let projection =
        Projection::parse(kind, query.attributes.as_deref(), query.excluded_attributes.as_deref());
    move |resource| projection.apply(kind, resource)
}

fn ok(body: &Value) -> HttpResponse {
    answer::json(StatusCode::OK).body(body.to_string())
}
