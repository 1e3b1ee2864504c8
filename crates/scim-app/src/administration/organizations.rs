//! Organizations and their plan.

use scim_domain::{
    Decision, Event, EventKind, OrganizationId, Subject,
    organization::{Organization, Plan},
    role::BUILT_IN,
};
use serde_json::json;

use super::{Administration, NewRole};
use crate::{Error, journal::Entry};

impl Administration {
    /// Creates an organization with the built-in roles and their home groups.
    pub async fn create_organization(&self, name: &str, plan: Plan) -> Result<Organization, Error> {
        let id = OrganizationId::new(self.ids.next());
        let organization = Organization::create(id, name, plan, self.clock.now())?;
        let mut unit = self.store.begin().await?;
        unit.organizations().insert(&organization).await?;
        let facts = json!({ "name": organization.name, "plan": plan.name() });
        let subject = Subject::Organization(id);
        let event = Event::new(EventKind::OrganizationCreated, subject, facts.clone());
        let mut events = vec![event];
        for (name, description, privileged) in BUILT_IN {
            let role = NewRole {
                name: (*name).to_owned(),
                description: (*description).to_owned(),
                permissions: Vec::new(),
            };
            let (_, told) = self.insert_role(&mut *unit, id, role, true, *privileged).await?;
            events.extend(told);
        }
        let entry = Entry { action: "organization.created", subject, detail: facts };
        let decision = Decision::new(organization, events);
        Ok(self.journal(id).commit(unit, entry, decision).await?)
    }

    /// All organizations, oldest first.
    pub async fn list_organizations(&self) -> Result<Vec<Organization>, Error> {
        Ok(self.store.read().await?.organizations().list().await?)
    }

    /// Organizations after an id, oldest first, at most `limit`.
    pub async fn page_of_organizations(
        &self,
        after: Option<OrganizationId>,
        limit: u64,
    ) -> Result<Vec<Organization>, Error> {
        Ok(self.store.read().await?.organizations().page(after, limit).await?)
    }

    /// One organization.
    pub async fn show_organization(&self, id: OrganizationId) -> Result<Organization, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, id).await
    }

    /// Changes the plan. It takes effect with the next request and revokes nothing by itself.
    pub async fn set_plan(&self, id: OrganizationId, plan: Plan) -> Result<Organization, Error> {
        let mut unit = self.store.begin().await?;
        let before = self.organization(unit.read(), id).await?;
        if before.plan == plan {
            return Ok(before);
        }
        let previous = before.plan;
        let organization = Organization { plan, ..before };
        unit.organizations().update(&organization).await?;
        let detail = json!({ "plan": plan.name(), "previousPlan": previous.name() });
        let subject = Subject::Organization(id);
        let event = Event::new(EventKind::OrganizationPlanChanged, subject, detail.clone());
        let entry = Entry { action: "organization.plan_changed", subject, detail };
        let decision = Decision::new(organization, vec![event]);
        Ok(self.journal(id).commit(unit, entry, decision).await?)
    }

    /// Allows groups to be members of groups, or no longer. It takes effect with the next request.
    ///
    /// A conflict while there is still a group in a group: to forget it would take access away that
    /// nobody meant to.
    pub async fn set_nested_groups(
        &self,
        id: OrganizationId,
        allowed: bool,
    ) -> Result<Organization, Error> {
        let mut unit = self.store.begin().await?;
        let found = unit.organizations().find_for_update(id).await?;
        let before =
            found.ok_or_else(|| Error::Missing { what: "organization", id: id.to_string() })?;
        if before.nested_groups == allowed {
            return Ok(before);
        }
        let nested = unit.read().nestings().count(id).await?;
        if nested > 0 {
            let detail = format!(
                "{} of this organization: take them out first. Nothing was changed.",
                if nested == 1 {
                    "1 group is still a member of a group".to_owned()
                } else {
                    format!("{nested} times a group is still a member of a group")
                }
            );
            return Err(Error::Conflict(detail));
        }
        let organization = Organization { nested_groups: allowed, ..before };
        unit.organizations().update(&organization).await?;
        let detail = json!({ "nestedGroups": allowed });
        let subject = Subject::Organization(id);
        let kind = EventKind::OrganizationNestedGroupsChanged;
        let event = Event::new(kind, subject, detail.clone());
        let entry = Entry { action: kind.name(), subject, detail };
        let decision = Decision::new(organization, vec![event]);
        Ok(self.journal(id).commit(unit, entry, decision).await?)
    }

    /// Whether there is no organization yet.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.list_organizations().await?.is_empty())
    }
}
