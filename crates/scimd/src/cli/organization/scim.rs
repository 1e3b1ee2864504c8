//! Pausing SCIM and switching it off.

use std::time::Duration;

use scim_app::administration::pause_advice;
use scim_domain::organization::{LeftUsers, Organization};
use scim_domain::{OrganizationId, Timestamp};
use serde_json::json;

use super::{Tools, looked_at, shown};
use crate::output::{Answer, fields};

/// Pauses, and says what identity providers make of it.
pub(super) async fn pause(
    tools: &Tools,
    organization: OrganizationId,
    lasting: Option<Duration>,
    until: Option<Timestamp>,
) -> anyhow::Result<Answer> {
    let now = tools.clock.now();
    let seconds = |it: Duration| i64::try_from(it.as_secs()).unwrap_or(i64::MAX);
    let until = until.or_else(|| lasting.map(|it| now.plus_seconds(seconds(it))));
    let organization =
        tools.administration.carry_out(async |it| it.pause_scim(organization, until).await).await?;
    let seats = tools.administration.seats(organization.id).await?;
    let mut answer = shown::answer(&organization, seats, now);
    if let Some(pause) = organization.paused(now) {
        let (retry_after, advice) = (pause.retry_after(now), pause_advice(&pause, now));
        if let Some(object) = answer.json.as_object_mut() {
            object.insert("retryAfter".to_owned(), json!(retry_after));
            object.insert("advice".to_owned(), json!(advice));
        }
        answer.text = format!("{}\n\n{advice}", answer.text);
    }
    Ok(answer)
}

/// What switching SCIM off would mean.
pub(super) async fn preview(
    tools: &Tools,
    organization: OrganizationId,
    users: LeftUsers,
) -> anyhow::Result<Answer> {
    let found = tools.administration.preview_scim_off(organization, users).await?;
    let roles: Vec<_> = found.abandoned_roles.iter().map(ToString::to_string).collect();
    let text = fields(&[
        ("users that identity providers manage", found.provisioned.to_string()),
        ("would lose all access", found.losing_access.to_string()),
        ("other active users, not touched", found.unaffected.to_string()),
        (
            "privileged roles nobody would hold",
            if roles.is_empty() { "none".to_owned() } else { roles.join(", ") },
        ),
        ("groups that could only lose members", found.groups.to_string()),
        ("SCIM keys that could only take access away", found.api_keys.to_string()),
    ]);
    let json = json!({
        "users": found.users.name(),
        "provisioned": found.provisioned,
        "losingAccess": found.losing_access,
        "unaffected": found.unaffected,
        "abandonedRoles": roles,
        "groups": found.groups,
        "apiKeys": found.api_keys,
    });
    Ok(Answer { json, text })
}

/// Switches it off, with a count for a terminal to watch.
pub(super) async fn switch_off(
    tools: &Tools,
    organization: OrganizationId,
    users: LeftUsers,
) -> anyhow::Result<Organization> {
    let bar = looked_at();
    let told = |users| bar.set_position(users);
    let switched = tools
        .administration
        .carry_out(async |it| it.switch_scim_off(organization, users, &told).await)
        .await;
    bar.finish_and_clear();
    Ok(switched?)
}
