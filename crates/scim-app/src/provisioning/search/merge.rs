//! One order over users and groups, each of which the store has already put in order.

use scim_domain::{
    group::StoredGroup,
    resource::{
        representation::{self, Computed, Meta},
        sort::{Sort, SortKey},
    },
    schema::{Catalog, ResourceType},
    user::StoredUser,
};

use super::{groups, users};
use crate::{
    Error,
    ports::{Part, Place, Snapshot},
    provisioning::Shown,
    reach::Reach,
};

/// Keys are drawn in rounds of so many resources; between them others get their turn.
const ROUND: usize = 256;
/// References compare without what only the outside knows: the base URL.
const BASE: &str = "";

/// A user or a group as it is stored.
pub(super) enum Found {
    User(StoredUser),
    Group(StoredGroup),
}

/// A match and its place.
struct Ranked {
    place: Place,
    found: Found,
}

/// Users and groups that are being put in one order.
pub(super) struct Merge<'a> {
    catalog: &'a Catalog,
    of_users: Option<&'a Sort>,
    of_groups: Option<&'a Sort>,
    ranked: Vec<Ranked>,
}

impl<'a> Merge<'a> {
    /// Nothing yet. An order that a type does not know leaves all of that type without a key.
    pub fn new(
        catalog: &'a Catalog,
        of_users: Option<&'a Sort>,
        of_groups: Option<&'a Sort>,
    ) -> Self {
        Self { catalog, of_users, of_groups, ranked: Vec::new() }
    }

    pub async fn add_users(
        &mut self,
        snapshot: &mut dyn Snapshot,
        reach: Reach,
        found: Vec<StoredUser>,
    ) -> Result<(), Error> {
        let kind = &self.catalog.user;
        let Some(sort) = self.of_users else {
            self.ranked.extend(found.into_iter().map(|it| Ranked::user(SortKey::MISSING, it)));
            return Ok(());
        };
        let linked = Shown(is_by(sort, "groups"));
        for round in rounds(found) {
            for view in users(snapshot, reach, round, linked).await? {
                let computed = Computed::User(view.user.id, view.groups.as_deref());
                let key = key(sort, kind, &view.user.document, computed, &view.user.meta)?;
                self.ranked.push(Ranked::user(key, view.user));
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    pub async fn add_groups(
        &mut self,
        snapshot: &mut dyn Snapshot,
        reach: Reach,
        found: Vec<StoredGroup>,
    ) -> Result<(), Error> {
        let kind = &self.catalog.group;
        let Some(sort) = self.of_groups else {
            self.ranked.extend(found.into_iter().map(|it| Ranked::group(SortKey::MISSING, it)));
            return Ok(());
        };
        let linked = Shown(is_by(sort, "members"));
        for round in rounds(found) {
            for view in groups(snapshot, reach, round, linked, u64::MAX).await? {
                let computed = Computed::Group(view.group.id, view.members.all());
                let key = key(sort, kind, &view.group.document, computed, &view.group.meta)?;
                self.ranked.push(Ranked::group(key, view.group));
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// A part of them in their common order, and where it goes on.
    pub fn cut(self, part: Part<'_>) -> (Vec<Found>, Option<Place>) {
        let Self { of_users, of_groups, mut ranked, .. } = self;
        let descending = of_users.or(of_groups).is_some_and(|it| it.descending);
        // Two runs that are in order already: a stable sort does little more than merge them.
        ranked.sort_by(|one, other| one.place.compare(&other.place, descending));
        let (inside, rest) = part.cut(ranked, descending, |it| it.place.clone());
        (inside.into_iter().map(|it| it.found).collect(), rest)
    }
}

impl Ranked {
    fn user(key: SortKey, user: StoredUser) -> Self {
        Self { place: Place { key, id: user.id.uuid() }, found: Found::User(user) }
    }

    fn group(key: SortKey, group: StoredGroup) -> Self {
        Self { place: Place { key, id: group.id.uuid() }, found: Found::Group(group) }
    }
}

/// Whether the order is by an attribute that is made of rows.
fn is_by(sort: &Sort, attribute: &str) -> bool {
    sort.path.extension.is_none() && sort.path.attribute.eq_ignore_ascii_case(attribute)
}

fn key(
    sort: &Sort,
    kind: &ResourceType,
    document: &str,
    computed: Computed<'_>,
    meta: &Meta,
) -> Result<SortKey, Error> {
    let whole = representation::resource(kind, document, computed, meta, BASE)?;
    Ok(sort.key(kind, &whole))
}

/// The same in rounds.
fn rounds<T>(all: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut all = all.into_iter();
    std::iter::from_fn(move || {
        let round: Vec<_> = all.by_ref().take(ROUND).collect();
        (!round.is_empty()).then_some(round)
    })
}
