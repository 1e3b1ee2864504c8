//! Organizations.

use scim_domain::{OrganizationId, organization};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    MOUNT,
    answer::{created, moment, ok},
    call::Call,
    document::InOrganization,
    endpoints::{Handled, part},
    paging::{List, Paging},
};

part![list_organizations, create_organization, get_organization];

/// An organization: one customer of the product.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Organization {
    /// Its id.
    #[schema(format = Uuid)]
    id: String,
    /// Its name, for people; not unique.
    name: String,
    /// What it pays for. SCIM is part of `growth` and `enterprise`.
    plan: Plan,
    /// What the roles of users mean that an identity provider sends: `ignore` keeps them as data,
    /// `assign` grants them.
    #[schema(pattern = "^(ignore|assign)$")]
    entitlements: &'static str,
    /// Whether a group may be a member of a group.
    nested_groups: bool,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
}

/// What an organization pays for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Plan {
    /// Without SCIM.
    Starter,
    /// With SCIM.
    Growth,
    /// With everything.
    Enterprise,
}

impl From<Plan> for organization::Plan {
    fn from(plan: Plan) -> Self {
        match plan {
            Plan::Starter => Self::Starter,
            Plan::Growth => Self::Growth,
            Plan::Enterprise => Self::Enterprise,
        }
    }
}

impl From<organization::Plan> for Plan {
    fn from(plan: organization::Plan) -> Self {
        match plan {
            organization::Plan::Starter => Self::Starter,
            organization::Plan::Growth => Self::Growth,
            organization::Plan::Enterprise => Self::Enterprise,
        }
    }
}

impl Organization {
    fn of(it: &organization::Organization) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name.clone(),
            plan: it.plan.into(),
            entitlements: it.entitlements.name(),
            nested_groups: it.nested_groups,
            created_at: moment(it.created),
        }
    }
}

/// What is said about a new organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewOrganization {
    /// Its name, for people: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it pays for.
    plan: Plan,
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
    ok(&page.map(Organization::of))
}

/// Create an organization
///
/// It comes with the built-in roles Admin, Analyst and Developer, and a home group for each.
#[utoipa::path(
    post,
    path = "/organizations",
    tag = "Organizations",
    security(("operatorKey" = ["organizations.manage"])),
    request_body = NewOrganization,
    responses((status = 201, description = "Created", body = Organization,
        headers(("Location" = String, description = "Where it is"))))
)]
async fn create_organization(mut call: Call) -> Handled {
    let new: NewOrganization = call.body().await?;
    let work = |it: scim_app::administration::Administration| async move {
        it.create_organization(&new.name, new.plan.into()).await
    };
    let organization = call.manager()?.carry_out(work).await?;
    let location = format!("{}{MOUNT}/organizations/{}", call.api.0.public_url, organization.id);
    created(location, &Organization::of(&organization))
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
    ok(&Organization::of(&found))
}
