//! Pages of users, of groups, and of both (RFC 7644 §3.4.2, §3.4.3).

use scim_domain::{group::StoredGroup, schema::ResourceKind, user::StoredUser};

mod both;
mod merge;

use both::{Gathered, gather};
use merge::{Found, Merge};

use super::{
    GroupView, ListQuery, Listing, Members, Provisioning, ResourceView, Session, Shown, UserView,
    cursor::Binding, listing::owned,
};
use crate::{
    Error,
    ports::{Snapshot, StoreError},
    reach::Reach,
};

impl Provisioning {
    /// A page of users, with one statement for the groups of all of them.
    pub async fn search_users(
        &self,
        mut session: Session,
        query: &ListQuery,
        shown: Shown,
    ) -> Result<Listing<UserView>, Error> {
        match self.find_users(&mut session, query, shown).await {
            Err(Error::Store(StoreError::Conflict(_))) => {
                let mut session = self.renew(session).await?;
                self.find_users(&mut session, query, shown).await
            }
            done => done,
        }
    }

    async fn find_users(
        &self,
        session: &mut Session,
        query: &ListQuery,
        shown: Shown,
    ) -> Result<Listing<UserView>, Error> {
        let question = session.caller.asks(query, session.caller.user_type())?;
        session.caller.may_search(question.filter.as_ref())?;
        let organization = session.caller.organization();
        let binding = Binding::new(organization, &[(session.caller.user_type(), &question)]);
        let wanted = self.wanted(session, &question.paging, binding).await?;
        let search = question.search(&session.caller.catalog, wanted.part());
        let page = session.snapshot.users().search(organization, search).await?;
        let items =
            users(&mut *session.snapshot, session.caller.reaching(), page.items, shown).await?;
        let position = self.position(wanted, page.rest)?;
        Ok(Listing { total: page.total, position, items })
    }

    /// A page of groups, with one statement for the members of all of them; those are
    /// [`Members::Unread`] if they are more than are held in memory at once.
    pub async fn search_groups(
        &self,
        session: &mut Session,
        query: &ListQuery,
        shown: Shown,
    ) -> Result<Listing<GroupView>, Error> {
        let question = session.caller.asks(query, session.caller.group_type())?;
        session.caller.may_search(question.filter.as_ref())?;
        let organization = session.caller.organization();
        let binding = Binding::new(organization, &[(session.caller.group_type(), &question)]);
        let wanted = self.wanted(session, &question.paging, binding).await?;
        let search = question.search(&session.caller.catalog, wanted.part());
        let page = session.snapshot.groups().search(organization, search).await?;
        let (reach, most) = (session.caller.reaching(), self.members_at_once);
        let items = groups(&mut *session.snapshot, reach, page.items, shown, most).await?;
        let position = self.position(wanted, page.rest)?;
        Ok(Listing { total: page.total, position, items })
    }

    /// A page of users and groups in one order and under one total. An attribute that only one of
    /// them has is absent in the other, for the filter and for the order; without an order they
    /// come as they were created.
    ///
    /// `tooMany` for a page by index that ends beyond the first 100,000 matches.
    pub async fn search_all(
        &self,
        session: &mut Session,
        query: &ListQuery,
        shown_users: Shown,
        shown_groups: Shown,
    ) -> Result<Listing<ResourceView>, Error> {
        let (of_users, of_groups) = session.caller.asks_both(query)?;
        session.caller.may_search(of_users.filter.as_ref())?;
        session.caller.may_search(of_groups.filter.as_ref())?;
        let organization = session.caller.organization();
        let asked =
            [(session.caller.user_type(), &of_users), (session.caller.group_type(), &of_groups)];
        let binding = Binding::new(organization, &asked);
        let wanted = self.wanted(session, &of_users.paging, binding).await?;
        let catalog = &session.caller.catalog;
        let reach = session.caller.reaching();
        let snapshot = &mut *session.snapshot;

        let questions = (&of_users, &of_groups);
        let gathered = gather(snapshot, organization, catalog, questions, wanted.part()).await?;
        let Gathered { users: some_users, groups: some_groups, part } = gathered;
        let total = some_users.total.saturating_add(some_groups.total);
        let mut merge = Merge::new(catalog, of_users.sort.as_ref(), of_groups.sort.as_ref());
        merge.add_users(snapshot, reach, some_users.items).await?;
        merge.add_groups(snapshot, reach, some_groups.items).await?;
        let (found, rest) = merge.cut(part);
        let most = self.members_at_once;
        let items = both(snapshot, reach, found, shown_users, shown_groups, most).await?;
        let position = self.position(wanted, rest)?;
        Ok(Listing { total, position, items })
    }
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

/// Groups as the answer shows them, in the order given, with at most so many members in all.
async fn groups(
    snapshot: &mut dyn Snapshot,
    reach: Reach,
    found: Vec<StoredGroup>,
    shown: Shown,
    most: u64,
) -> Result<Vec<GroupView>, StoreError> {
    let rows = match shown {
        Shown(true) if !found.is_empty() => {
            let mut ids: Vec<_> = found.iter().map(|it| it.id).collect();
            ids.sort_unstable();
            reach.members_of(snapshot, &ids, most).await?
        }
        Shown(_) => Some(Vec::new()),
    };
    let view = |group: StoredGroup| {
        let members = match (&rows, shown) {
            (_, Shown(false)) => Members::Hidden,
            (Some(rows), Shown(true)) => Members::All(owned(rows, &group.id).copied().collect()),
            (None, Shown(true)) => Members::Unread,
        };
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
    most: u64,
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
    let groups = groups(snapshot, reach, only_groups, shown_groups, most).await?;
    let mut groups = groups.into_iter();
    let next = |kind| match kind {
        ResourceKind::User => users.next().map(ResourceView::User),
        ResourceKind::Group => groups.next().map(ResourceView::Group),
    };
    Ok(order.into_iter().filter_map(next).collect())
}
