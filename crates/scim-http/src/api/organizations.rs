//! Organizations: making them, looking at them, changing them.

use scim_app::administration::Administration;
use scim_domain::{
    OrganizationId,
    api_key::Permission,
    organization::{self, OrganizationChange, SeatLimit},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{Made, ok},
    body::Given,
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    once::Repeated,
    paging::{List, Paging},
    problem::Problem,
};

pub(super) mod lifecycle;
pub(super) mod scim;
mod shown;

use shown::{Entitlements, NameIdAttribute, Organization, Plan};

part![list_organizations, create_organization, get_organization, update_organization, get_seats,];

/// What is said about a new organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewOrganization {
    /// Its name, for people: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200, examples("Acme Inc."))]
    name: String,
    /// What it pays for.
    plan: Plan,
    /// How many of its users may be active; without it, any number.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    seat_limit: Option<u64>,
}

/// What shall be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OrganizationPatch {
    /// Its name, for people: 1 to 200 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    name: Given<String>,
    /// What it pays for. Only an operator key with `organizations.manage` may say it.
    #[serde(default)]
    #[schema(value_type = Plan)]
    plan: Given<Plan>,
    /// How many of its users may be active; `null` for any number. A lower limit deactivates nobody.
    /// Only an operator key with `organizations.manage` may say it.
    #[serde(default)]
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 1_000_000_000)]
    seat_limit: Given<u64>,
    /// Whether a group may be a member of a group. It can be forbidden once no group is in a group.
    #[serde(default)]
    #[schema(value_type = bool)]
    nested_groups: Given<bool>,
    /// What the roles of users mean that an identity provider sends. Users who are there already
    /// follow before this is answered; where it is broken off, the same request does the rest.
    #[serde(default)]
    #[schema(value_type = Entitlements)]
    entitlements: Given<Entitlements>,
    /// Whether mapping rules apply to groups that identity providers create from now on.
    #[serde(default)]
    #[schema(value_type = bool)]
    mapping_rules: Given<bool>,
    /// The attribute of users that the NameID of a SAML assertion is compared with.
    #[serde(default)]
    #[schema(value_type = NameIdAttribute)]
    name_id_attribute: Given<NameIdAttribute>,
}

impl OrganizationPatch {
    /// Whether it says what only the operator may.
    fn is_for_the_operator(&self) -> bool {
        self.plan != Given::Kept || self.seat_limit != Given::Kept
    }

    fn read(self) -> Result<OrganizationChange, Problem> {
        let seat_limit = match self.seat_limit {
            Given::Kept => None,
            Given::Cleared => Some(SeatLimit::Unlimited),
            Given::Set(seats) => Some(SeatLimit::new(seats)?),
        };
        Ok(OrganizationChange {
            name: self.name.uncleared("name")?,
            plan: self.plan.uncleared("plan")?.map(Into::into),
            seat_limit,
            nested_groups: self.nested_groups.uncleared("nestedGroups")?,
            entitlements: self.entitlements.uncleared("entitlements")?.map(Into::into),
            mapping_rules: self.mapping_rules.uncleared("mappingRules")?,
            name_id_attribute: self.name_id_attribute.uncleared("nameIdAttribute")?.map(Into::into),
        })
    }
}

/// How many seats an organization has, and how many are taken.
#[derive(Debug, Serialize, ToSchema)]
struct Seats {
    /// How many users may be active; `null` for any number.
    #[schema(required)]
    limit: Option<u64>,
    /// How many are: every active user takes a seat. More than the limit where that came later;
    /// `null` without a limit, since then nobody counts.
    #[schema(required)]
    used: Option<u64>,
}

/// List organizations
///
/// Oldest first. An operator key sees all of them, an organization's key its own.
#[utoipa::path(
    get,
    path = "/organizations",
    tag = "Organizations",
    security(("managementKey" = ["organization.read"])),
    params(Paging),
    responses((status = 200, description = "A page", body = List<Organization>))
)]
async fn list_organizations(call: Call) -> Handled {
    let paging: Paging = call.query()?;
    let (limit, after) = (paging.limit()?, paging.after()?.map(OrganizationId::new));
    let manager = call.manager()?;
    let found = if manager.key().is_operator() {
        manager.administration().page_of_organizations(after, limit + 1).await?
    } else {
        let own = manager.home().clone();
        if after.is_some_and(|it| own.id <= it) { Vec::new() } else { vec![own] }
    };
    let page = List::of(found, limit, |it| it.id.uuid());
    let now = call.administration()?.now();
    ok(&page.map(|it| Organization::of(it, now)))
}

/// Create an organization
///
/// It comes with the built-in roles Admin, Analyst and Developer, and a home group for each.
#[utoipa::path(
    post,
    path = "/organizations",
    tag = "Organizations",
    security(("operatorKey" = ["organizations.manage"])),
    params(Repeated),
    request_body = NewOrganization,
    responses((status = 201, description = "Created", body = Organization))
)]
async fn create_organization(mut call: Call) -> Handled {
    let new: NewOrganization = call.body().await?;
    let seats = new.seat_limit.map(SeatLimit::new).transpose()?.unwrap_or_default();
    let (list, now) = (call.address("/organizations"), call.administration()?.now());
    let work = move |it: Administration, once| async move {
        it.create_organization_once(&new.name, new.plan.into(), seats, &once).await
    };
    let answer = move |it: &organization::Organization| {
        Made::new(format!("{list}/{}", it.id), &Organization::of(it, now))
    };
    call.create(work, answer).await
}

/// Get an organization
///
/// Its name, its plan and its settings.
#[utoipa::path(
    get,
    path = "/organizations/{organization}",
    tag = "Organizations",
    security(("managementKey" = ["organization.read"])),
    params(InOrganization),
    responses((status = 200, description = "The organization", body = Organization))
)]
async fn get_organization(call: Call) -> Handled {
    let found = call.administration()?.show_organization(call.organization()?).await?;
    shown(&call, &found)
}

/// Change an organization
///
/// All of it takes effect with the next request, everywhere.
#[utoipa::path(
    patch,
    path = "/organizations/{organization}",
    tag = "Organizations",
    security(("managementKey" = ["organization.write"])),
    params(InOrganization),
    request_body = OrganizationPatch,
    responses(
        (status = 200, description = "As it is now", body = Organization),
        (status = 409, description = "A group is still in a group, or somebody has switched the \
            entitlements back in the meantime"),
    )
)]
async fn update_organization(mut call: Call) -> Handled {
    let patch: OrganizationPatch = call.body().await?;
    if patch.is_for_the_operator() {
        call.manager()?.operates(Permission::OrganizationsManage)?;
    }
    let (id, change) = (call.organization()?, patch.read()?);
    let work =
        move |it: Administration| async move { it.update_organization(id, &change, &|_| {}).await };
    shown(&call, &call.manager()?.carry_out(work).await?)
}

/// Get the seats of an organization
///
/// How many it has, and how many are taken.
#[utoipa::path(
    get,
    path = "/organizations/{organization}/seats",
    tag = "Organizations",
    security(("managementKey" = ["organization.read"])),
    params(InOrganization),
    responses((status = 200, description = "The seats", body = Seats))
)]
async fn get_seats(call: Call) -> Handled {
    let seats = call.administration()?.seats(call.organization()?).await?;
    ok(&Seats { limit: seats.map(|it| it.limit), used: seats.map(|it| it.used) })
}

/// The answer that shows an organization.
fn shown(call: &Call, it: &organization::Organization) -> Handled {
    ok(&Organization::of(it, call.administration()?.now()))
}
