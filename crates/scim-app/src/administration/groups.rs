//! Groups for people: what they lead to, whose they are, who is in them.

mod members;
mod ownership;

use std::{collections::HashMap, sync::Arc};

use scim_domain::{
    GroupId, ManagedBy, OrganizationId,
    group::{Group, StoredGroup},
    resource::{filter::Filter, representation::Meta, sort::SortKey},
    role::MappedRole,
    schema::Catalog,
};

pub use members::{GroupMember, Person};

use super::Administration;
use crate::{
    Error,
    ports::{Keyset, Page, Part, Place, Search, Snapshot, Window},
    reach::Reach,
};

/// A group for people.
#[derive(Clone, Debug)]
pub struct GroupSummary {
    /// Its id.
    pub id: GroupId,
    /// `displayName`.
    pub display_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// Who looks after it, and so may change it.
    pub managed_by: ManagedBy,
    /// The roles it leads to.
    pub roles: Vec<MappedRole>,
    /// How many members it has.
    pub members: u64,
    /// Times and version.
    pub meta: Meta,
}

/// Which groups are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct GroupsAfter<'a> {
    /// A SCIM filter over groups (RFC 7644 §3.4.2.2).
    pub filter: Option<&'a str>,
    /// Those created after this one, whether or not it is still there.
    pub after: Option<GroupId>,
    /// How many at most; 0 asks for the total alone.
    pub limit: u64,
}

impl Administration {
    /// A page of groups with the roles they lead to, oldest first.
    pub async fn list_groups(
        &self,
        organization: OrganizationId,
        window: Window,
    ) -> Result<Page<GroupSummary>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let part = Part::Window(window);
        let search = Search { catalog: &catalog, filter: None, sort: None, part };
        summaries(&mut *snapshot, organization, search).await
    }

    /// The groups that match, oldest first, from a place on. The rest of the page names the place
    /// from which to go on.
    pub async fn search_groups(
        &self,
        organization: OrganizationId,
        wanted: GroupsAfter<'_>,
    ) -> Result<Page<GroupSummary>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let filter = wanted.filter.map(|it| Filter::parse(it, &catalog.group, &[])).transpose()?;
        let place = wanted.after.map(|it| Place { key: SortKey::MISSING, id: it.uuid() });
        let keyset = Keyset { place: place.as_ref(), backwards: false, limit: wanted.limit };
        let part = Part::Keyset(keyset);
        let search = Search { catalog: &catalog, filter: filter.as_ref(), sort: None, part };
        summaries(&mut *snapshot, organization, search).await
    }

    /// One group.
    pub async fn show_group(
        &self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<GroupSummary, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let found = snapshot.groups().find(organization, id).await?;
        let stored = found.ok_or_else(|| Error::Missing { what: "group", id: id.to_string() })?;
        let mut found =
            summaries_of(&mut *snapshot, organization, &catalog, std::slice::from_ref(&stored))
                .await?;
        found.pop().ok_or_else(|| Error::Defect("a group came without its summary".to_owned()))
    }
}

async fn summaries(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    search: Search<'_>,
) -> Result<Page<GroupSummary>, Error> {
    let page = snapshot.groups().search(organization, search).await?;
    let items = summaries_of(snapshot, organization, search.catalog, &page.items).await?;
    Ok(Page { total: page.total, items, rest: page.rest })
}

/// A fixed number of statements, however many groups there are.
async fn summaries_of(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    catalog: &Arc<Catalog>,
    stored: &[StoredGroup],
) -> Result<Vec<GroupSummary>, Error> {
    let reach = Reach { organization, nested: catalog.nested_groups };
    let ids: Vec<_> = stored.iter().map(|it| it.id).collect();
    let mut roles: HashMap<GroupId, Vec<MappedRole>> = HashMap::new();
    for (group, role) in snapshot.roles().mapped(organization, &ids).await? {
        roles.entry(group).or_default().push(role);
    }
    let members = reach.count_members_of(snapshot, &ids).await?;
    let mut summaries = Vec::with_capacity(stored.len());
    for it in stored {
        let group = Group::from_stored(&catalog.group, it)?;
        summaries.push(GroupSummary {
            id: group.id,
            display_name: group.display_name().to_owned(),
            external_id: group.external_id().map(str::to_owned),
            managed_by: group.managed_by(),
            roles: roles.remove(&group.id).unwrap_or_default(),
            members: members.get(&group.id).copied().unwrap_or(0),
            meta: group.meta,
        });
    }
    Ok(summaries)
}
