//! Looking at users, groups, roles, access, the audit log and the activity of requests.

use scim_domain::{
    GroupId, OrganizationId, UserId,
    group::Group,
    resource::representation::{GroupRef, Meta},
    role::{MappedRole, Role},
    user::{Source, User},
};

use super::Administration;
use crate::{
    Error,
    ports::{ActivityRecord, Page, Part, Sealed, Search, Window},
    reach::Reach,
    sealer::{self, Verification},
};

/// A user for people.
#[derive(Clone, Debug)]
pub struct UserSummary {
    /// Its id.
    pub id: UserId,
    /// `userName`.
    pub user_name: String,
    /// `displayName`.
    pub display_name: Option<String>,
    /// `externalId`.
    pub external_id: Option<String>,
    /// Whether it has access.
    pub active: bool,
    /// Who made it.
    pub source: Source,
    /// Whether identity providers must leave it alone.
    pub protected: bool,
    /// Times and version.
    pub meta: Meta,
    /// Its groups.
    pub groups: Vec<GroupRef>,
}

/// A group for people.
#[derive(Clone, Debug)]
pub struct GroupSummary {
    /// Its id.
    pub id: GroupId,
    /// `displayName`.
    pub display_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// The roles it leads to.
    pub roles: Vec<MappedRole>,
    /// How many members it has.
    pub members: u64,
    /// Times and version.
    pub meta: Meta,
}

/// A role for people.
#[derive(Clone, Debug)]
pub struct RoleSummary {
    /// The role.
    pub role: Role,
    /// The current name of its home group.
    pub home_group_name: String,
}

impl Administration {
    /// A page of users, oldest first.
    pub async fn list_users(
        &self,
        organization: OrganizationId,
        window: Window,
    ) -> Result<Page<UserSummary>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let reach = Reach { organization, nested: catalog.nested_groups };
        let search =
            Search { catalog: &catalog, filter: None, sort: None, part: Part::Window(window) };
        let page = snapshot.users().search(organization, search).await?;
        let ids: Vec<_> = page.items.iter().map(|it| it.id).collect();
        let groups = reach.groups_of(&mut *snapshot, &ids).await?;
        let mut items = Vec::with_capacity(ids.len());
        for stored in &page.items {
            let own = groups.iter().filter(|(user, _)| *user == stored.id);
            let own = own.map(|(_, group)| group.clone()).collect();
            items.push(summary(&User::from_stored(&catalog.user, stored)?, own));
        }
        Ok(Page { total: page.total, items, rest: page.rest })
    }

    /// One user.
    pub async fn show_user(
        &self,
        organization: OrganizationId,
        id: UserId,
    ) -> Result<UserSummary, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let reach = Reach { organization, nested: catalog.nested_groups };
        let found = snapshot.users().find(organization, id).await?;
        let stored = found.ok_or_else(|| Error::Missing { what: "user", id: id.to_string() })?;
        let groups = reach.groups_of(&mut *snapshot, &[id]).await?;
        let groups = groups.into_iter().map(|(_, group)| group).collect();
        Ok(summary(&User::from_stored(&catalog.user, &stored)?, groups))
    }

    /// A page of groups with the roles they lead to, oldest first.
    pub async fn list_groups(
        &self,
        organization: OrganizationId,
        window: Window,
    ) -> Result<Page<GroupSummary>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let reach = Reach { organization, nested: catalog.nested_groups };
        let search =
            Search { catalog: &catalog, filter: None, sort: None, part: Part::Window(window) };
        let page = snapshot.groups().search(organization, search).await?;
        let ids: Vec<_> = page.items.iter().map(|it| it.id).collect();
        let mapped = snapshot.roles().mapped(organization, &ids).await?;
        let mut items = Vec::with_capacity(ids.len());
        for stored in &page.items {
            let group = Group::from_stored(&catalog.group, stored)?;
            let roles = mapped.iter().filter(|(id, _)| *id == group.id);
            let roles = roles.map(|(_, role)| role.clone()).collect();
            let members = reach.count_members(&mut *snapshot, group.id).await?;
            items.push(group_summary(&group, roles, members));
        }
        Ok(Page { total: page.total, items, rest: page.rest })
    }

    /// One group.
    pub async fn show_group(
        &self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<GroupSummary, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let reach = Reach { organization, nested: catalog.nested_groups };
        let found = snapshot.groups().find(organization, id).await?;
        let stored = found.ok_or_else(|| Error::Missing { what: "group", id: id.to_string() })?;
        let group = Group::from_stored(&catalog.group, &stored)?;
        let roles = snapshot.roles().mapped(organization, &[id]).await?;
        let roles = roles.into_iter().map(|(_, role)| role).collect();
        let members = reach.count_members(&mut *snapshot, id).await?;
        Ok(group_summary(&group, roles, members))
    }

    /// All roles with the current names of their home groups, oldest first.
    pub async fn list_roles(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<RoleSummary>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let mut roles = Vec::new();
        for role in snapshot.roles().list(organization).await? {
            let found = snapshot.groups().find(organization, role.home_group).await?;
            let home = found.map(|it| Group::from_stored(&catalog.group, &it)).transpose()?;
            let home_group_name = home.map_or_else(String::new, |it| it.display_name().to_owned());
            roles.push(RoleSummary { role, home_group_name });
        }
        Ok(roles)
    }

    /// The newest entries of the audit log, newest first.
    pub async fn list_audit(
        &self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<Sealed>, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        Ok(snapshot.audit().newest(organization, limit).await?)
    }

    /// Checks the chain of the audit log.
    pub async fn verify_audit(&self, organization: OrganizationId) -> Result<Verification, Error> {
        let mut snapshot = self.store.read().await?;
        self.owner(&mut *snapshot, organization).await?;
        Ok(sealer::verify(&mut *snapshot, organization).await?)
    }

    /// The newest writes and refused requests, newest first.
    pub async fn list_activity(
        &self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<ActivityRecord>, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        Ok(snapshot.audit().activity(organization, limit).await?)
    }
}

fn summary(user: &User, groups: Vec<GroupRef>) -> UserSummary {
    UserSummary {
        id: user.id,
        user_name: user.user_name().to_owned(),
        display_name: user.display_name().map(str::to_owned),
        external_id: user.external_id().map(str::to_owned),
        active: user.active(),
        source: user.source,
        protected: user.protected,
        meta: user.meta,
        groups,
    }
}

fn group_summary(group: &Group, roles: Vec<MappedRole>, members: u64) -> GroupSummary {
    GroupSummary {
        id: group.id,
        display_name: group.display_name().to_owned(),
        external_id: group.external_id().map(str::to_owned),
        roles,
        members,
        meta: group.meta,
    }
}
