//! An organization's SCIM: paused and resumed, switched off and on.

use scim_app::administration::{Administration, pause_advice};
use scim_domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        answer::ok,
        call::Call,
        document::InOrganization,
        endpoints::{Handled, part},
        problem::Problem,
    },
    shown,
    shown::{LeftUsers, Organization},
};

part![pause_scim, resume_scim, preview_scim_off, switch_scim_off, switch_scim_on];

/// How long a pause is to last.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PauseRequest {
    /// Until when, at most 30 days; without it, until somebody resumes.
    #[schema(format = DateTime)]
    until: Option<String>,
}

/// A pause, and what identity providers make of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Paused {
    /// The organization as it is now.
    organization: Organization,
    /// What `Retry-After` says at the moment, in seconds.
    retry_after: u64,
    /// For the person who paused: how identity providers take it.
    advice: String,
}

/// What is to become of the users.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SwitchOff {
    /// What is to become of the users that identity providers manage.
    users: LeftUsers,
}

/// Of what a preview is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Preview {
    /// What is to become of the users that identity providers manage.
    #[param(inline)]
    users: LeftUsers,
}

/// What switching SCIM off would mean now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ScimOffPreview {
    /// What is to become of the users.
    users: LeftUsers,
    /// Active users that identity providers manage.
    provisioned: u64,
    /// Users that would lose all access.
    losing_access: u64,
    /// Active users that are kept whatever is chosen: protected ones, and those that only sign-in
    /// made.
    unaffected: u64,
    /// The keys of privileged roles that somebody active holds now and nobody would hold then.
    abandoned_roles: Vec<String>,
    /// Groups that could only lose members from then on.
    groups: u64,
    /// Live API keys for SCIM, which could only take access away from then on.
    api_keys: u64,
}

/// Pause SCIM
///
/// Identity providers are answered 429 with `Retry-After` in whole seconds, for reads as for writes,
/// and come back by themselves. Okta does so ten times; after that a person must press retry there.
/// Managing goes on.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/scim/pause",
    tag = "Organizations",
    security(("managementKey" = ["organization.write"])),
    params(InOrganization),
    request_body = PauseRequest,
    responses((status = 200, description = "It is paused", body = Paused))
)]
async fn pause_scim(mut call: Call) -> Handled {
    let wanted: PauseRequest = call.body().await?;
    let time = |text: &str| {
        let wrong = "until must be a time as 2026-12-24T18:00:00Z (RFC 3339).";
        Timestamp::parse(text).ok_or_else(|| Problem::invalid(wrong))
    };
    let until = wanted.until.as_deref().map(time).transpose()?;
    let id = call.organization()?;
    let work = move |it: Administration| async move { it.pause_scim(id, until).await };
    let organization = call.manager()?.carry_out(work).await?;
    let now = call.administration()?.now();
    let pause = organization.paused(now);
    let pause = pause.ok_or_else(|| Problem::invalid("The pause is over already."))?;
    ok(&Paused {
        organization: Organization::of(&organization, now),
        retry_after: pause.retry_after(now),
        advice: pause_advice(&pause, now),
    })
}

/// Resume SCIM
///
/// Ends a pause.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/scim/resume",
    tag = "Organizations",
    security(("managementKey" = ["organization.write"])),
    params(InOrganization),
    responses((status = 200, description = "As it is now", body = Organization))
)]
async fn resume_scim(call: Call) -> Handled {
    let id = call.organization()?;
    let work = move |it: Administration| async move { it.resume_scim(id).await };
    shown(&call, &call.manager()?.carry_out(work).await?)
}

/// Preview switching SCIM off
///
/// What it would mean now, in numbers. Nothing is changed.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/scim/switch-off",
    tag = "Organizations",
    security(("managementKey" = ["organization.read"])),
    params(InOrganization, Preview),
    responses((status = 200, description = "What it would mean", body = ScimOffPreview))
)]
async fn preview_scim_off(call: Call) -> Handled {
    let asked: Preview = call.query()?;
    let (id, users) = (call.organization()?, asked.users.into());
    let found = call.administration()?.preview_scim_off(id, users).await?;
    ok(&ScimOffPreview {
        users: found.users.into(),
        provisioned: found.provisioned,
        losing_access: found.losing_access,
        unaffected: found.unaffected,
        abandoned_roles: found.abandoned_roles.iter().map(ToString::to_string).collect(),
        groups: found.groups,
        api_keys: found.api_keys,
    })
}

/// Switch SCIM off
///
/// From the next request on identity providers can only take access away. `deactivate` then takes all
/// access from everybody whom they manage, page by page, before it is answered; where it is broken
/// off, the same request does the rest.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/scim/switch-off",
    tag = "Organizations",
    security(("managementKey" = ["organization.write"])),
    params(InOrganization),
    request_body = SwitchOff,
    responses(
        (status = 200, description = "As it is now", body = Organization),
        (status = 409, description = "Somebody has switched it otherwise in the meantime"),
    )
)]
async fn switch_scim_off(mut call: Call) -> Handled {
    let wanted: SwitchOff = call.body().await?;
    let (id, users) = (call.organization()?, wanted.users.into());
    let work =
        move |it: Administration| async move { it.switch_scim_off(id, users, &|_| {}).await };
    shown(&call, &call.manager()?.carry_out(work).await?)
}

/// Switch SCIM on
///
/// Nobody is activated by it; identity providers do that with their next push or import.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/scim/switch-on",
    tag = "Organizations",
    security(("managementKey" = ["organization.write"])),
    params(InOrganization),
    responses((status = 200, description = "As it is now", body = Organization))
)]
async fn switch_scim_on(call: Call) -> Handled {
    let id = call.organization()?;
    let work = move |it: Administration| async move { it.switch_scim_on(id).await };
    shown(&call, &call.manager()?.carry_out(work).await?)
}
