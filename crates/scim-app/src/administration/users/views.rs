//! Looking at users: one, or a page with the groups and the roles of all of them in one statement
//! each.

use std::collections::{BTreeSet, HashMap};

use scim_domain::{
    FoldedText, ManagedBy, OrganizationId, UserId,
    access::Holding,
    resource::{
        Object, Value,
        document::Strictness,
        filter::Filter,
        representation::{GroupRef, Meta},
        sort::SortKey,
    },
    role::RoleKey,
    schema::{Catalog, ResourceType},
    user::{Source, StoredUser, User},
};

use super::{Administration, Email, missing};
use crate::{
    Error,
    ports::{Keyset, Page, Part, Place, Search, Snapshot, Window},
    provisioning::owned,
    reach::Reach,
};

/// A user, named in one of two ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhichUser {
    /// By its id.
    Id(UserId),
    /// By its `userName`, in any case.
    UserName(String),
}

/// A user for people and for the backend.
#[derive(Clone, Debug, PartialEq)]
pub struct UserSummary {
    /// Its id.
    pub id: UserId,
    /// `userName`.
    pub user_name: String,
    /// `displayName`.
    pub display_name: Option<String>,
    /// `name.givenName`.
    pub given_name: Option<String>,
    /// `name.familyName`.
    pub family_name: Option<String>,
    /// `emails`, those with a value.
    pub emails: Vec<Email>,
    /// `externalId`.
    pub external_id: Option<String>,
    /// Whether it has access.
    pub active: bool,
    /// Whose it is.
    pub source: Source,
    /// Who may change it.
    pub managed_by: ManagedBy,
    /// Whether identity providers must leave it alone.
    pub protected: bool,
    /// Times and version.
    pub meta: Meta,
    /// Its groups, by id.
    pub groups: Vec<GroupRef>,
    /// The roles that it has, by key; none without access.
    pub roles: Vec<RoleKey>,
    /// All its attributes, as an identity provider reads them but for what is computed: JSON text.
    pub document: String,
}

impl Administration {
    /// A part of all users, or of those that match a filter (RFC 7644 §3.4.2.2), oldest first, and
    /// how many there are in all.
    ///
    /// Fails with `invalidFilter` for a filter that cannot be understood, and with `tooMany` for
    /// one that would have to look at too many users.
    pub async fn list_users(
        &self,
        organization: OrganizationId,
        filter: Option<&str>,
        window: Window,
    ) -> Result<Page<UserSummary>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let filter = filter.map(|it| understood(&catalog, it)).transpose()?;
        let (filter, part) = (filter.as_ref(), Part::Window(window));
        let search = Search { catalog: &catalog, filter, sort: None, part };
        let page = snapshot.users().search(organization, search).await?;
        let items = summaries(&mut *snapshot, organization, &catalog, &page.items).await?;
        Ok(Page { total: page.total, items, rest: page.rest })
    }

    /// The users after one of them, oldest first, all or those that match a filter: a walk that
    /// misses nobody who is there all along, and costs the same at its end as at its beginning.
    /// Fails like [`Administration::list_users`].
    pub async fn page_of_users(
        &self,
        organization: OrganizationId,
        filter: Option<&str>,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<UserSummary>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let found = if let Some(filter) = filter {
            let filter = understood(&catalog, filter)?;
            let place = after.map(|it| Place { key: SortKey::MISSING, id: it.uuid() });
            let keyset = Keyset { place: place.as_ref(), backwards: false, limit };
            let part = Part::Keyset(keyset);
            let search = Search { catalog: &catalog, filter: Some(&filter), sort: None, part };
            snapshot.users().search(organization, search).await?.items
        } else {
            // Nobody is counted.
            snapshot.users().after(organization, after, limit).await?
        };
        summaries(&mut *snapshot, organization, &catalog, &found).await
    }

    /// One user.
    pub async fn show_user(
        &self,
        organization: OrganizationId,
        which: &WhichUser,
    ) -> Result<UserSummary, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        let reach = Reach { organization, nested: catalog.nested_groups };
        let users = snapshot.users();
        let stored = match which {
            WhichUser::Id(id) => users.find(organization, *id).await?.ok_or_else(|| missing(id))?,
            WhichUser::UserName(name) => {
                let key = FoldedText::of_name("userName", name)?;
                users.find_by_name(organization, &key).await?.ok_or_else(|| missing(name))?
            }
        };
        let groups = reach.groups_of(&mut *snapshot, &[stored.id]).await?;
        let groups = groups.into_iter().map(|(_, group)| group).collect();
        let roles = held(reach.holdings(&mut *snapshot, &[stored.id]).await?);
        let user = User::from_stored(&catalog.user, &stored)?;
        Ok(summary(&catalog.user, &user, groups, &roles))
    }
}

fn understood(catalog: &Catalog, filter: &str) -> Result<Filter, Error> {
    Ok(Filter::understand(filter, &catalog.user, &[], Strictness::Strict)?.filter)
}

/// Users as they are shown, with one statement for the groups and one for the roles of all.
async fn summaries(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    catalog: &Catalog,
    found: &[StoredUser],
) -> Result<Vec<UserSummary>, Error> {
    let reach = Reach { organization, nested: catalog.nested_groups };
    let ids: Vec<_> = found.iter().map(|it| it.id).collect();
    let groups = reach.groups_of(snapshot, &ids).await?;
    let roles = held(reach.holdings(snapshot, &ids).await?);
    let summary = |stored| {
        let user = User::from_stored(&catalog.user, stored)?;
        let own = owned(&groups, &user.id).cloned().collect();
        Ok(summary(&catalog.user, &user, own, &roles))
    };
    found.iter().map(summary).collect()
}

/// The roles that users reach, each once.
pub(super) type Roles = HashMap<UserId, BTreeSet<RoleKey>>;

/// The roles of what users hold.
pub(super) fn held(holdings: Vec<Holding>) -> Roles {
    let mut roles = Roles::new();
    for it in holdings {
        roles.entry(it.user).or_default().insert(it.role.key);
    }
    roles
}

/// The user, as it is shown.
pub(super) fn summary(
    resource_type: &ResourceType,
    user: &User,
    groups: Vec<GroupRef>,
    roles: &Roles,
) -> UserSummary {
    let name = user.document().get("name").and_then(Value::as_object);
    let emails = user.document().get("emails").map_or(&[][..], Value::elements);
    let roles = roles.get(&user.id).filter(|_| user.active());
    UserSummary {
        id: user.id,
        user_name: user.user_name().to_owned(),
        display_name: user.display_name().map(str::to_owned),
        given_name: name.and_then(|it| text(it, "givenName")),
        family_name: name.and_then(|it| text(it, "familyName")),
        emails: emails.iter().filter_map(Value::as_object).filter_map(email).collect(),
        external_id: user.external_id().map(str::to_owned),
        active: user.active(),
        source: user.source,
        managed_by: user.source.managed_by(),
        protected: user.protected,
        meta: user.meta,
        groups,
        roles: roles.into_iter().flatten().cloned().collect(),
        document: user.document().to_json(resource_type),
    }
}

fn email(parts: &Object) -> Option<Email> {
    Some(Email {
        value: text(parts, "value")?,
        kind: text(parts, "type"),
        primary: parts.get("primary").and_then(Value::as_bool).unwrap_or(false),
    })
}

fn text(parts: &Object, name: &str) -> Option<String> {
    parts.get(name).and_then(Value::as_text).map(str::to_owned)
}
