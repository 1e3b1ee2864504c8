//! Looking at users, access, the audit log and the activity of requests.

use scim_domain::{
    OrganizationId, UserId,
    access::Access,
    resource::representation::{GroupRef, Meta},
    user::{Source, User},
};

use super::Administration;
use crate::{
    Error, access,
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

    /// What the user of a `userName` may do, and why.
    pub async fn show_access(
        &self,
        organization: OrganizationId,
        user_name: &str,
    ) -> Result<Access, Error> {
        let mut snapshot = self.store.read().await?;
        let organization = self.organization(&mut *snapshot, organization).await?;
        let found = access::by_user_name(&mut *snapshot, &organization, user_name).await?;
        found.ok_or_else(|| Error::Missing { what: "user", id: user_name.to_owned() })
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
