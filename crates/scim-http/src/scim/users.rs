//! `/Users` (RFC 7644 §3).

use actix_web::http::StatusCode;
use scim_app::provisioning::{Outcome, UserView};
use scim_domain::schema::ResourceKind;

use super::{
    answer::{Shape, not_modified, nothing},
    body,
    conditions::{if_match, is_known},
    exchange::{Call, Done, Handled},
};

pub(super) async fn get(call: Call<'_>) -> Handled {
    let Call { scim, request, session, query, id, .. } = call;
    let provisioning = &scim.0.provisioning;
    let shape = Shape::of::<UserView>(scim, &session.caller, &query);
    let view = provisioning.get_user(session, id, shape.shown::<UserView>()).await?;
    if is_known(request.headers(), view.user.meta.version) {
        return Ok(Done::read(not_modified(view.user.meta.version)));
    }
    Ok(Done::read(shape.one(StatusCode::OK, view).await?))
}

pub(super) async fn create(call: Call<'_>) -> Handled {
    let Call { scim, request, payload, session, query, turn, .. } = call;
    let provisioning = &scim.0.provisioning;
    let caller = session.release();
    let body = body::read(scim, request.headers(), payload, ResourceKind::User, &turn).await?;
    let shape = Shape::of::<UserView>(scim, &caller, &query);
    let Outcome { value, notes } =
        provisioning.create_user(caller, body, shape.shown::<UserView>()).await?;
    Ok(Done::written(shape.one(StatusCode::CREATED, value).await?, notes))
}

pub(super) async fn replace(call: Call<'_>) -> Handled {
    change(call, Verb::Replace).await
}

pub(super) async fn patch(call: Call<'_>) -> Handled {
    change(call, Verb::Patch).await
}

enum Verb {
    Replace,
    Patch,
}

/// A user's PUT and PATCH differ in nothing but the use case: both answer with the user.
async fn change(call: Call<'_>, verb: Verb) -> Handled {
    let Call { scim, request, payload, session, query, id, turn } = call;
    let provisioning = &scim.0.provisioning;
    let caller = session.release();
    let body = body::read(scim, request.headers(), payload, ResourceKind::User, &turn).await?;
    let shape = Shape::of::<UserView>(scim, &caller, &query);
    let (condition, shown) = (if_match(request.headers()), shape.shown::<UserView>());
    let Outcome { value, notes } = match verb {
        Verb::Replace => provisioning.replace_user(caller, id, condition, body, shown).await?,
        Verb::Patch => provisioning.patch_user(caller, id, condition, body, shown).await?,
    };
    Ok(Done::written(shape.one(StatusCode::OK, value).await?, notes))
}

pub(super) async fn delete(call: Call<'_>) -> Handled {
    let Call { scim, request, session, id, .. } = call;
    let condition = if_match(request.headers());
    let Outcome { notes, .. } =
        scim.0.provisioning.delete_user(session.release(), id, condition).await?;
    Ok(Done::written(nothing(), notes))
}
