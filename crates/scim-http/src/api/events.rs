//! Following what happens in an organization.

use std::time::Duration;

use scim_app::{
    feed::{FeedPage, PublishedEvent, Refused},
    management::Manager,
};
use scim_domain::{OrganizationId, api_key::Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::ok,
    call::Call,
    door,
    endpoints::{Handled, part},
    paging::Paging,
    problem::{Kind, Problem},
};

#[cfg(test)]
mod tests;

part![list_events, get_events_position];

/// Seconds that a request may wait, at most.
const LONGEST_WAIT: u64 = 60;
/// How much earlier than its time limit a waiting request is answered.
const MARGIN: Duration = Duration::from_secs(1);
/// Seconds after which a request that met too many waiting ones is worth repeating.
const CROWDED_RETRY: u64 = 5;

/// Something that happened.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described: what is sent is the one public form of events")]
struct Event {
    /// Its id, the same wherever it is told.
    #[schema(format = Uuid)]
    id: String,
    /// Its number: counts the events of the organization from 1, without gaps.
    #[schema(minimum = 1)]
    sequence: u64,
    /// What happened, `object.past_participle`. New types come: ignore what you do not know.
    #[schema(examples("role.granted"))]
    r#type: String,
    /// When.
    #[schema(format = DateTime)]
    time: String,
    /// In which organization.
    #[schema(format = Uuid)]
    organization: String,
    /// To what.
    subject: EventSubject,
    /// The facts that a receiver needs to keep its own state right; the guide tells them for each
    /// type.
    #[schema(value_type = Object)]
    data: (),
    /// The request it happened in, if it was one: the `X-Request-Id` of its answer.
    #[schema(required)]
    request_id: Option<String>,
}

/// What an event is about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described: what is sent is the one public form of events")]
struct EventSubject {
    /// What kind of thing it is.
    #[schema(examples("user", "group", "role", "api_key", "organization", "schema"))]
    r#type: String,
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
}

/// A part of the events of an organization.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventPage {
    /// The events, in their order. Empty when nothing happened while the request waited.
    #[schema(value_type = Vec<Event>)]
    items: Vec<PublishedEvent>,
    /// What to ask after the next time.
    next_after: u64,
    /// The number of the oldest event that is kept; `null` when none is.
    #[schema(required)]
    oldest: Option<u64>,
    /// The number of the newest event; 0 before the first.
    latest: u64,
}

/// Where the events of an organization begin and end.
#[derive(Serialize, ToSchema)]
struct EventPosition {
    /// The number of the oldest event that is kept; `null` when none is.
    #[schema(required)]
    oldest: Option<u64>,
    /// The number of the newest event; 0 before the first.
    latest: u64,
}

/// Which events are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The organization, for operator keys; without it, the key's own.
    #[param(format = Uuid)]
    organization: Option<String>,
    /// The number of the last event that you have dealt with; without it, from the oldest that is
    /// kept.
    after: Option<u64>,
    /// Events of the page, at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u64>,
    /// Seconds to wait for an event if there is none yet.
    #[param(minimum = 0, maximum = 60, default = 0)]
    wait: Option<u64>,
}

/// Whose events are asked about.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// The organization, for operator keys; without it, the key's own.
    #[param(format = Uuid)]
    organization: Option<String>,
}

/// List events
///
/// What happened in an organization, in its order and without gaps. With `wait`, an empty answer is
/// held back until something happens. 410 `events_gone`: what came after `after` is not kept any
/// more; read the present state, and follow on from the position that was the latest before.
#[utoipa::path(
    get,
    path = "/events",
    tag = "Events",
    security(("managementKey" = ["events.read"])),
    params(Which),
    responses(
        (status = 200, description = "A page", body = EventPage),
        (status = 404, description = "There is no such organization, or the key does not reach it"),
        (status = 410, description = "The events after this number are not kept any more"),
        (status = 429, description = "Too many requests wait for events of this organization"),
    )
)]
async fn list_events(call: Call) -> Handled {
    let which: Which = call.query()?;
    let limit = Paging { limit: which.limit, cursor: None }.limit()?;
    let wait = which.wait.unwrap_or(0);
    if wait > LONGEST_WAIT {
        return Err(Problem::invalid(format!("wait must be 0 to {LONGEST_WAIT} seconds.")));
    }
    let organization = whose(call.manager()?, which.organization.as_deref())?;
    let feeds = &call.api.0.feeds;
    let mut page = feeds.read(organization, which.after, limit).await?;
    let patience = Duration::from_secs(wait).min(longest(call.api.0.request_timeout));
    if page.events.is_empty() && !patience.is_zero() {
        page = feeds.follow(organization, Some(page.next_after), limit, patience).await?;
        // Somebody may have revoked the key while the request waited with it.
        let request_id = &call.manager()?.origin().request_id;
        let manager = door::open_for(&call.api, &call.request, request_id).await?;
        whose(&manager, which.organization.as_deref())?;
    }
    ok(&EventPage::of(organization, page))
}

/// Get the position of the events
///
/// The numbers of the oldest event that is kept and of the newest. Ask before you read the present
/// state, and follow the events after `latest` from there.
#[utoipa::path(
    get,
    path = "/events/position",
    tag = "Events",
    security(("managementKey" = ["events.read"])),
    params(Whose),
    responses(
        (status = 200, description = "The position", body = EventPosition),
        (status = 404, description = "There is no such organization, or the key does not reach it"),
    )
)]
async fn get_events_position(call: Call) -> Handled {
    let asked: Whose = call.query()?;
    let organization = whose(call.manager()?, asked.organization.as_deref())?;
    let position = call.api.0.feeds.position(organization).await?;
    ok(&EventPosition { oldest: position.oldest(), latest: position.latest })
}

/// The organization that is asked about: the one that is named, or the key's own.
fn whose(manager: &Manager, named: Option<&str>) -> Result<OrganizationId, Problem> {
    if let Some(id) = named {
        return Ok(manager.within(id, Permission::EventsRead)?);
    }
    manager.may(Permission::EventsRead)?;
    Ok(manager.home().id)
}

/// How long a request may wait, so that it is answered before its time is over.
fn longest(request_timeout: Duration) -> Duration {
    request_timeout.saturating_sub(MARGIN).max(request_timeout / 2)
}

impl EventPage {
    fn of(organization: OrganizationId, page: FeedPage) -> Self {
        let FeedPage { events, next_after, position } = page;
        let items = events.into_iter().map(|it| PublishedEvent::new(organization, it)).collect();
        Self { items, next_after, oldest: position.oldest(), latest: position.latest }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let detail = refused.to_string();
        match refused {
            Refused::Gone { .. } => Self::new(Kind::EventsGone, detail),
            Refused::TooManyOfOne => Self::too_many(CROWDED_RETRY, detail),
            Refused::TooMany => Self::later(CROWDED_RETRY, detail),
            Refused::Failed(error) => error.into(),
        }
    }
}
