//! `/Groups` (RFC 7644 §3).

use actix_web::http::StatusCode;
use scim_app::provisioning::{GroupView, Outcome};
use scim_domain::schema::ResourceKind;

use super::{
    answer::{Shape, not_modified, nothing},
    body,
    conditions::{if_match, is_known},
    exchange::{Call, Done, Handled},
};

pub(super) async fn get(call: Call<'_>) -> Handled {
    let Call { scim, request, mut session, query, id, .. } = call;
    let provisioning = &scim.0.provisioning;
    let shape = Shape::of::<GroupView>(scim, &session.caller, &query);
    let view = provisioning.get_group(&mut session, id, shape.shown::<GroupView>()).await?;
    drop(session);
    if is_known(request.headers(), view.group.meta.version) {
        return Ok(Done::read(not_modified(view.group.meta.version)));
    }
    Ok(Done::read(shape.one(StatusCode::OK, view).await?))
}

pub(super) async fn create(call: Call<'_>) -> Handled {
    let Call { scim, request, payload, session, query, .. } = call;
    let provisioning = &scim.0.provisioning;
    let caller = session.release();
    let body = body::read(scim, request.headers(), payload, ResourceKind::Group).await?;
    let shape = Shape::of::<GroupView>(scim, &caller, &query);
    let Outcome { value, notes } =
        provisioning.create_group(caller, body, shape.shown::<GroupView>()).await?;
    Ok(Done::written(shape.one(StatusCode::CREATED, value).await?, notes))
}

pub(super) async fn replace(call: Call<'_>) -> Handled {
    let Call { scim, request, payload, session, query, id } = call;
    let provisioning = &scim.0.provisioning;
    let caller = session.release();
    let body = body::read(scim, request.headers(), payload, ResourceKind::Group).await?;
    let shape = Shape::of::<GroupView>(scim, &caller, &query);
    let (condition, shown) = (if_match(request.headers()), shape.shown::<GroupView>());
    let Outcome { value, notes } =
        provisioning.replace_group(caller, id, condition, body, shown).await?;
    Ok(Done::written(shape.one(StatusCode::OK, value).await?, notes))
}

/// 204, unless the request says what it wants to see: a group may have many members, and who adds
/// one has no use for the others (RFC 7644 §3.5.2).
pub(super) async fn patch(call: Call<'_>) -> Handled {
    let Call { scim, request, payload, session, query, id } = call;
    let provisioning = &scim.0.provisioning;
    let caller = session.release();
    let body = body::read(scim, request.headers(), payload, ResourceKind::Group).await?;
    let shape = Shape::of::<GroupView>(scim, &caller, &query);
    let answer = query.projects().then(|| shape.shown::<GroupView>());
    let condition = if_match(request.headers());
    let Outcome { value, notes } =
        provisioning.patch_group(caller, id, condition, body, answer).await?;
    let response = match value {
        Some(view) => shape.one(StatusCode::OK, view).await?,
        None => nothing(),
    };
    Ok(Done::written(response, notes))
}

pub(super) async fn delete(call: Call<'_>) -> Handled {
    let Call { scim, request, session, id, .. } = call;
    let condition = if_match(request.headers());
    let Outcome { notes, .. } =
        scim.0.provisioning.delete_group(session.release(), id, condition).await?;
    Ok(Done::written(nothing(), notes))
}
