//! What switching SCIM off would mean, before anybody does it.

use std::collections::HashSet;

use scim_domain::{
    OrganizationId,
    api_key::{Permission, Standing},
    organization::{LeftUsers, Organization},
    role::RoleKey,
};

use crate::{
    Error,
    administration::Administration,
    catalogs,
    ports::{Part, Search, Snapshot, Window},
    reach::Reach,
};

/// Users that are looked at together.
const PAGE: u64 = 500;

/// What switching SCIM off would mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimOffPreview {
    /// What is to become of the users.
    pub users: LeftUsers,
    /// Active users that identity providers manage: they would be kept as they are, or deactivated.
    pub provisioned: u64,
    /// Users that would lose all access.
    pub losing_access: u64,
    /// Active users that are kept whatever is chosen: protected ones, and those that only sign-in
    /// made.
    pub unaffected: u64,
    /// Privileged roles that somebody active holds now and nobody would hold then.
    pub abandoned_roles: Vec<RoleKey>,
    /// Groups that identity providers could no longer change, except to take members away.
    pub groups: u64,
    /// Live API keys for SCIM, which could only take access away.
    pub api_keys: u64,
}

impl Administration {
    /// What [`Administration::switch_scim_off`] would mean now. Looks at every user once.
    pub async fn preview_scim_off(
        &self,
        id: OrganizationId,
        users: LeftUsers,
    ) -> Result<ScimOffPreview, Error> {
        let mut snapshot = self.store.read().await?;
        let organization = self.organization(&mut *snapshot, id).await?;
        let provisioned = snapshot.users().count_provisioned(id).await?;
        let active = snapshot.users().count_active(id).await?;
        let abandoned_roles = match users {
            LeftUsers::Keep => Vec::new(),
            LeftUsers::Deactivate => abandoned(&mut *snapshot, &organization).await?,
        };
        let keys = snapshot.api_keys().list(id).await?;
        let now = self.clock.now();
        let live = keys
            .iter()
            .filter(|(key, _)| key.may(Permission::Scim) && key.standing(now) == Standing::Live);
        Ok(ScimOffPreview {
            users,
            provisioned,
            losing_access: match users {
                LeftUsers::Keep => 0,
                LeftUsers::Deactivate => provisioned,
            },
            unaffected: active.saturating_sub(provisioned),
            abandoned_roles,
            groups: groups(&mut *snapshot, &organization).await?,
            api_keys: u64::try_from(live.count()).unwrap_or(u64::MAX),
        })
    }
}

/// The privileged roles that only users whom identity providers manage hold, by key.
async fn abandoned(
    snapshot: &mut dyn Snapshot,
    organization: &Organization,
) -> Result<Vec<RoleKey>, Error> {
    let (id, reach) = (organization.id, Reach::of(organization));
    let (mut after, mut kept) = (None, HashSet::new());
    loop {
        let page = snapshot.users().unprovisioned(id, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        let held = reach.holdings(snapshot, &page).await?;
        kept.extend(held.into_iter().map(|it| it.role.id));
    }
    let mut abandoned = Vec::new();
    for role in snapshot.roles().list(id).await? {
        let at_stake = role.privileged && !kept.contains(&role.id);
        if at_stake && reach.has_active_holder(snapshot, role.id).await? {
            abandoned.push(role.key);
        }
    }
    abandoned.sort_unstable();
    Ok(abandoned)
}

async fn groups(snapshot: &mut dyn Snapshot, organization: &Organization) -> Result<u64, Error> {
    let catalog = catalogs::read(snapshot, organization).await?;
    let part = Part::Window(Window { offset: 0, limit: 0 });
    let search = Search { catalog: &catalog, filter: None, sort: None, part };
    Ok(snapshot.groups().search(organization.id, search).await?.total)
}
