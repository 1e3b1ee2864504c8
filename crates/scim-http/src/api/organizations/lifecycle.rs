//! Disabling, deleting and restoring organizations: for the operator.

use scim_app::administration::Administration;
use serde::Deserialize;

use super::{
    super::{
        call::Call,
        document::InOrganization,
        endpoints::{Handled, part},
        problem::Problem,
    },
    shown,
    shown::Organization,
};

part![disable_organization, enable_organization, delete_organization, restore_organization];

/// The longest grace, in days.
const LONGEST_GRACE: i64 = 365;

/// How a deletion is to be.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Grace {
    /// How many days it can be restored. 0 erases it as soon as a server gets to it. Without it, 30,
    /// or, where it is deleted already, what was said then.
    #[param(minimum = 0, maximum = 365)]
    grace_days: Option<i64>,
}

impl Grace {
    /// In seconds.
    fn seconds(&self) -> Result<Option<i64>, Problem> {
        match self.grace_days {
            None => Ok(None),
            Some(days) if (0..=LONGEST_GRACE).contains(&days) => Ok(Some(days * 24 * 60 * 60)),
            Some(_) => Err(Problem::invalid(format!("graceDays must be 0 to {LONGEST_GRACE}."))),
        }
    }
}

/// Disable an organization
///
/// Until it is enabled its users have no access, and its keys open nothing, whether for SCIM or for
/// managing. Nothing else of it changes.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/disable",
    tag = "Organizations",
    security(("operatorKey" = ["organizations.manage"])),
    params(InOrganization),
    responses((status = 200, description = "As it is now", body = Organization))
)]
async fn disable_organization(call: Call) -> Handled {
    let id = call.organization()?;
    let work = move |it: Administration| async move { it.disable_organization(id).await };
    shown(&call, &call.manager()?.carry_out(work).await?)
}

/// Enable an organization
///
/// What it was before it was disabled, it is again.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/enable",
    tag = "Organizations",
    security(("operatorKey" = ["organizations.manage"])),
    params(InOrganization),
    responses(
        (status = 200, description = "As it is now", body = Organization),
        (status = 409, description = "It was deleted and must be restored"),
    )
)]
async fn enable_organization(call: Call) -> Handled {
    let id = call.organization()?;
    let work = move |it: Administration| async move { it.enable_organization(id).await };
    shown(&call, &call.manager()?.carry_out(work).await?)
}

/// Delete an organization
///
/// At once it is as disabled; when the grace is over it is gone for everybody, and its data is
/// erased. That it was deleted stays in the operator's audit log.
#[utoipa::path(
    delete,
    path = "/organizations/{organization}",
    tag = "Organizations",
    security(("operatorKey" = ["organizations.manage"])),
    params(InOrganization, Grace),
    responses((status = 200, description = "As it is now", body = Organization))
)]
async fn delete_organization(call: Call) -> Handled {
    let grace: Grace = call.query()?;
    let (id, grace) = (call.organization()?, grace.seconds()?);
    let work = move |it: Administration| async move { it.delete_organization(id, grace).await };
    shown(&call, &call.manager()?.carry_out(work).await?)
}

/// Restore an organization
///
/// Takes the deletion back, while the grace lasts. One that was disabled before is so again.
#[utoipa::path(
    post,
    path = "/organizations/{organization}/restore",
    tag = "Organizations",
    security(("operatorKey" = ["organizations.manage"])),
    params(InOrganization),
    responses((status = 200, description = "As it is now", body = Organization))
)]
async fn restore_organization(call: Call) -> Handled {
    let id = call.organization()?;
    let work = move |it: Administration| async move { it.restore_organization(id).await };
    shown(&call, &call.manager()?.carry_out(work).await?)
}
