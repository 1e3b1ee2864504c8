//! `/Groups` (RFC 7644 §3).

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpResponse,
    http::{Method, StatusCode},
};
use scim_app::provisioning::{Caller, GroupView, Outcome, Shown};
use scim_domain::schema::ResourceKind;
use tokio::time::timeout;

use super::{
    Scim,
    answer::{Shape, not_modified, nothing},
    body,
    conditions::{if_match, is_known},
    door::log_cause,
    error::Failure,
    exchange::{Call, Done, Handled},
    query::Query,
    streamed::Sending,
    turns::Turn,
};

/// How long a change that is done waits for the group that it is answered with.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) async fn get(call: Call<'_>) -> Handled {
    let Call { scim, request, mut session, query, id, turn, .. } = call;
    let provisioning = &scim.0.provisioning;
    let shape = Shape::of::<GroupView>(scim, &session.caller, &query);
    let shown = match *request.method() {
        // Nobody sees them.
        Method::HEAD => Shown(false),
        _ => shape.shown::<GroupView>(),
    };
    let view = provisioning.get_group(&mut session, id, shown).await?;
    if is_known(request.headers(), view.group.meta.version) {
        return Ok(Done::read(not_modified(view.group.meta.version)));
    }
    if !view.members.are_unread() {
        drop(session);
        return Ok(Done::read(shape.one(StatusCode::OK, view).await?));
    }
    let mut sending = Sending::when_possible(scim, session.release(), &turn).await?;
    let view = provisioning.get_group(sending.session(), id, shown).await?;
    Ok(Done::read(sending.one(&query, view)))
}

pub(super) async fn create(call: Call<'_>) -> Handled {
    let Call { scim, request, payload, session, query, turn, .. } = call;
    let provisioning = &scim.0.provisioning;
    let caller = session.release();
    let body = body::read(scim, request.headers(), payload, ResourceKind::Group, &turn).await?;
    let shape = Shape::of::<GroupView>(scim, &caller, &query);
    let Outcome { value, notes } =
        provisioning.create_group(caller, body, shape.shown::<GroupView>()).await?;
    Ok(Done::written(shape.one(StatusCode::CREATED, value).await?, notes))
}

pub(super) async fn replace(call: Call<'_>) -> Handled {
    let Call { scim, request, payload, session, query, id, turn } = call;
    let provisioning = &scim.0.provisioning;
    let caller = session.release();
    let body = body::read(scim, request.headers(), payload, ResourceKind::Group, &turn).await?;
    let shape = Shape::of::<GroupView>(scim, &caller, &query);
    let (condition, shown) = (if_match(request.headers()), shape.shown::<GroupView>());
    let Outcome { value, notes } =
        provisioning.replace_group(Arc::clone(&caller), id, condition, body, shown).await?;
    Ok(Done::written(changed(scim, caller, shape, &query, &turn, value).await?, notes))
}

/// 204, unless the request says what it wants to see: a group may have many members, and who adds
/// one has no use for the others (RFC 7644 §3.5.2).
pub(super) async fn patch(call: Call<'_>) -> Handled {
    let Call { scim, request, payload, session, query, id, turn } = call;
    let provisioning = &scim.0.provisioning;
    let caller = session.release();
    let body = body::read(scim, request.headers(), payload, ResourceKind::Group, &turn).await?;
    let shape = Shape::of::<GroupView>(scim, &caller, &query);
    let answer = query.projects().then(|| shape.shown::<GroupView>());
    let condition = if_match(request.headers());
    let Outcome { value, notes } =
        provisioning.patch_group(Arc::clone(&caller), id, condition, body, answer).await?;
    let response = match value {
        Some(view) => changed(scim, caller, shape, &query, &turn, view).await?,
        None => nothing(),
    };
    Ok(Done::written(response, notes))
}

/// A group after a change. If it has more members than fit into one piece, they are read after the
/// change was committed. Where that cannot be done soon, or somebody has changed the group since, the
/// answer is 204: it would be of another version, and the change is done in any case.
async fn changed(
    scim: &Scim,
    caller: Arc<Caller>,
    shape: Shape,
    query: &Query,
    turn: &Arc<Turn>,
    view: GroupView,
) -> Result<HttpResponse, Failure> {
    if !view.members.are_unread() {
        return shape.one(StatusCode::OK, view).await;
    }
    // Not so long that the whole request would time out, and tell nothing of what was done.
    let patience = PATIENCE.min(scim.0.request_timeout / 8);
    match timeout(patience, read_back(scim, caller, turn, &view)).await {
        Ok(Ok((sending, now))) if now.group.meta.version == view.group.meta.version => {
            Ok(sending.one(query, now))
        }
        Ok(Ok(_)) | Err(_) => Ok(nothing()),
        Ok(Err(failure)) => {
            log_cause(&failure);
            Ok(nothing())
        }
    }
}

async fn read_back(
    scim: &Scim,
    caller: Arc<Caller>,
    turn: &Arc<Turn>,
    view: &GroupView,
) -> Result<(Sending, GroupView), Failure> {
    let id = view.group.id.to_string();
    let mut sending = Sending::when_possible(scim, caller, turn).await?;
    let view = scim.0.provisioning.get_group(sending.session(), &id, Shown(true)).await?;
    Ok((sending, view))
}

pub(super) async fn delete(call: Call<'_>) -> Handled {
    let Call { scim, request, session, id, .. } = call;
    let condition = if_match(request.headers());
    let Outcome { notes, .. } =
        scim.0.provisioning.delete_group(session.release(), id, condition).await?;
    Ok(Done::written(nothing(), notes))
}
