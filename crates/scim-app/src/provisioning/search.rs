//! Pages of users, of groups, and of both (RFC 7644 §3.4.2, §3.4.3).

use scim_domain::{Invalid, Reason, group::StoredGroup, schema::ResourceKind, user::StoredUser};

mod merge;

use merge::{Found, Merge};

use super::{
    GroupView, ListQuery, Listing, Provisioning, ResourceView, Session, Shown, UserView,
    listing::owned,
};
use crate::{
    Error,
    ports::{Snapshot, StoreError, Window},
    reach::Reach,
};

/// How far into the common order of users and groups a page may end: all before it must be put in
/// order first.
const DEEPEST: u64 = 100_000;

impl Provisioning {
    /// A page of users, with one statement for the groups of all of them.
    pub async fn search_users(
        &self,
        session: &mut Session,
        query: &ListQuery,
        shown: Shown,
    ) -> Result<Listing<UserView>, Error> {
        let question = query.read(session.caller.user_type())?;
        session.caller.may_search(question.filter.as_ref())?;
        let organization = session.caller.organization();
        let page = session
            .snapshot
            .users()
            .search(organization, question.search(&session.caller.catalog))
            .await?;
        let items =
            users(&mut *session.snapshot, session.caller.reaching(), page.items, shown).await?;
        Ok(Listing { total: page.total, start_index: question.start_index, items })
    }

    /// A page of groups, with one statement for the members of all of them.
    pub async fn search_groups(
        &self,
        session: &mut Session,
        query: &ListQuery,
        shown: Shown,
    ) -> Result<Listing<GroupView>, Error> {
        let question = query.read(session.caller.group_type())?;
        session.caller.may_search(question.filter.as_ref())?;
        let organization = session.caller.organization();
        let page = session
            .snapshot
            .groups()
            .search(organization, question.search(&session.caller.catalog))
            .await?;
        let items =
            groups(&mut *session.snapshot, session.caller.reaching(), page.items, shown).await?;
        Ok(Listing { total: page.total, start_index: question.start_index, items })
    }

    /// A page of users and groups in one order and under one total. An attribute that only one of
    /// them has is absent in the other, for the filter and for the order; without an order they
    /// come as they were created.
    ///
    /// `tooMany` for a page that ends beyond the first 100,000 matches.
    pub async fn search_all(
        &self,
        session: &mut Session,
        query: &ListQuery,
        shown_users: Shown,
        shown_groups: Shown,
    ) -> Result<Listing<ResourceView>, Error> {
        let (of_users, of_groups) =
            query.read_both(session.caller.user_type(), session.caller.group_type())?;
        session.caller.may_search(of_users.filter.as_ref())?;
        session.caller.may_search(of_groups.filter.as_ref())?;
        let (window, start_index) = (of_users.window, of_users.start_index);
        let end = end(window)?;
        let organization = session.caller.organization();
        let catalog = &session.caller.catalog;
        let reach = session.caller.reaching();
        let snapshot = &mut *session.snapshot;

        let head = Window { offset: 0, limit: end };
        let some_groups =
            snapshot.groups().search(organization, of_groups.search_in(catalog, head)).await?;
        // Before a user at most all groups are in the way, so those users are before the page for
        // certain. Groups are few as a rule: a late page of users costs little more than a first.
        let groups_ahead = u64::try_from(some_groups.items.len()).unwrap_or(u64::MAX);
        let passed = window.offset.saturating_sub(groups_ahead).min(end);
        let rest = Window { offset: passed, limit: end - passed };
        let some_users =
            snapshot.users().search(organization, of_users.search_in(catalog, rest)).await?;

        let total = some_users.total.saturating_add(some_groups.total);
        let mut merge = Merge::new(catalog, of_users.sort.as_ref(), of_groups.sort.as_ref());
        merge.add_users(snapshot, reach, some_users.items).await?;
        merge.add_groups(snapshot, reach, some_groups.items).await?;
        let found = merge.page(window.offset - passed, window.limit);
        let items = both(snapshot, reach, found, shown_users, shown_groups).await?;
        Ok(Listing { total, start_index, items })
    }
}

/// Where a page ends in the common order; at its very beginning if only the total is wanted.
fn end(window: Window) -> Result<u64, Invalid> {
    if window.limit == 0 {
        return Ok(0);
    }
    let end = window.offset.saturating_add(window.limit);
    let detail = || {
        format!(
            "Of users and groups together, only the first {DEEPEST} matches can be read in pages. \
             Narrow the filter, or search /Users and /Groups each on its own."
        )
    };
    if end > DEEPEST { Err(Invalid::new(Reason::TooMany, detail())) } else { Ok(end) }
}

/// Users as the answer shows them, in the order given.
async fn users(
    snapshot: &mut dyn Snapshot,
    reach: Reach,
    found: Vec<StoredUser>,
    shown: Shown,
) -> Result<Vec<UserView>, StoreError> {
    let rows = match shown {
        Shown(true) if !found.is_empty() => {
            let mut ids: Vec<_> = found.iter().map(|it| it.id).collect();
            ids.sort_unstable();
            reach.groups_of(snapshot, &ids).await?
        }
        Shown(_) => Vec::new(),
    };
    let view = |user: StoredUser| {
        let groups = shown.0.then(|| owned(&rows, &user.id).cloned().collect());
        UserView { user, groups }
    };
    Ok(found.into_iter().map(view).collect())
}

/// Groups as the answer shows them, in the order given.
async fn groups(
    snapshot: &mut dyn Snapshot,
    reach: Reach,
    found: Vec<StoredGroup>,
    shown: Shown,
) -> Result<Vec<GroupView>, StoreError> {
    let rows = match shown {
        Shown(true) if !found.is_empty() => {
            let mut ids: Vec<_> = found.iter().map(|it| it.id).collect();
            ids.sort_unstable();
            reach.members_of(snapshot, &ids).await?
        }
        Shown(_) => Vec::new(),
    };
    let view = |group: StoredGroup| {
        let members = shown.0.then(|| owned(&rows, &group.id).copied().collect());
        GroupView { group, members }
    };
    Ok(found.into_iter().map(view).collect())
}

/// Users and groups as the answer shows them, in the order given.
async fn both(
    snapshot: &mut dyn Snapshot,
    reach: Reach,
    found: Vec<Found>,
    shown_users: Shown,
    shown_groups: Shown,
) -> Result<Vec<ResourceView>, StoreError> {
    let (mut order, mut only_users, mut only_groups) = (Vec::new(), Vec::new(), Vec::new());
    for it in found {
        match it {
            Found::User(user) => {
                order.push(ResourceKind::User);
                only_users.push(user);
            }
            Found::Group(group) => {
                order.push(ResourceKind::Group);
                only_groups.push(group);
            }
        }
    }
    let mut users = users(snapshot, reach, only_users, shown_users).await?.into_iter();
    let mut groups = groups(snapshot, reach, only_groups, shown_groups).await?.into_iter();
    let next = |kind| match kind {
        ResourceKind::User => users.next().map(ResourceView::User),
        ResourceKind::Group => groups.next().map(ResourceView::Group),
    };
    Ok(order.into_iter().filter_map(next).collect())
}
