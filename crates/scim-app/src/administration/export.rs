//! Giving out what an organization has, page by page, in the form that an import takes back.

use std::sync::Arc;

use scim_domain::{
    GroupId, OrganizationId, UserId,
    resource::{document::Corrupt, sort::SortKey},
    schema::{Catalog, ResourceKind, ResourceType},
    user::{StoredUser, User},
};
use uuid::Uuid;

use super::Administration;
use crate::{
    Error,
    ports::{Keyset, Part, Place, Search},
};
/// A user or group that is given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported<Id> {
    /// Its id: the next page is after it.
    pub id: Id,
    /// All its attributes but for what is computed, as JSON text that starts with `schemas`.
    pub document: String,
}

/// A member of a group that is given out, by what names it in another organization too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedMember {
    /// Its id: the next page is after it.
    pub id: Uuid,
    /// What it is.
    pub kind: ResourceKind,
    /// `userName` of a user, `displayName` of a group.
    pub name: String,
}

/// A user as it is given out. Who is active says so; only of the others the text has to be looked at.
fn exported(kind: &ResourceType, user: StoredUser) -> Result<Exported<UserId>, Error> {
    let document = if user.active {
        user.document
    } else {
        User::from_stored(kind, &user)?.spelled_out().to_json(kind)
    };
    Ok(Exported { id: user.id, document })
}

impl Administration {
    /// The schemas of an organization, which say what attributes its users and groups can have.
    pub async fn schemas_of(&self, organization: OrganizationId) -> Result<Arc<Catalog>, Error> {
        let mut snapshot = self.store.read().await?;
        self.catalog(&mut *snapshot, organization).await
    }

    /// The users after one of them, oldest first, at most `limit`.
    pub async fn export_users(
        &self,
        organization: OrganizationId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<Exported<UserId>>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let page = snapshot.users().after(organization, after, limit).await?;
        page.into_iter().map(|it| exported(&catalog.user, it)).collect()
    }

    /// The groups after one of them, oldest first, at most `limit`, without their members.
    pub async fn export_groups(
        &self,
        organization: OrganizationId,
        after: Option<GroupId>,
        limit: u64,
    ) -> Result<Vec<Exported<GroupId>>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let place = after.map(|it| Place { key: SortKey::MISSING, id: it.uuid() });
        let keyset = Keyset { place: place.as_ref(), backwards: false, limit };
        let part = Part::Keyset(keyset);
        let search = Search { catalog: &catalog, filter: None, sort: None, part };
        let page = snapshot.groups().search(organization, search).await?.items;
        Ok(page.into_iter().map(|it| Exported { id: it.id, document: it.document }).collect())
    }

    /// The direct members of a group that are users, or those that are groups, after one of them, at
    /// most `limit`. None where the group is not there any more.
    pub async fn export_members(
        &self,
        organization: OrganizationId,
        group: GroupId,
        kind: ResourceKind,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Option<Vec<ExportedMember>>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        if snapshot.groups().find(organization, group).await?.is_none() {
            return Ok(None);
        }
        let page: Vec<(Uuid, String)> = match kind {
            ResourceKind::User => {
                let after = after.map(UserId::new);
                let users = snapshot.groups().users_in(organization, group, after, limit).await?;
                let named = |it: &StoredUser| {
                    let user = User::from_stored(&catalog.user, it)?;
                    Ok::<_, Corrupt>((user.id.uuid(), user.user_name().to_owned()))
                };
                users.iter().map(named).collect::<Result<_, _>>()?
            }
            ResourceKind::Group => {
                let after = after.map(GroupId::new);
                let nestings = snapshot.nestings();
                let ids = nestings.members_after(organization, group, after, limit).await?;
                let mut names = snapshot.groups().names(organization, &ids).await?;
                names.sort_unstable();
                names.into_iter().map(|(id, name)| (id.uuid(), name)).collect()
            }
        };
        let exported = |(id, name)| ExportedMember { id, kind, name };
        Ok(Some(page.into_iter().map(exported).collect()))
    }
}
