use std::collections::HashMap;

use scim_app::ports::{Search, StoreError};
use scim_domain::{
    GroupId,
    group::{Member, StoredGroup},
    resource::{
        Object,
        representation::{self, Computed, GroupRef},
        sort::SortKey,
    },
    schema::{Catalog, ResourceKind},
    user::StoredUser,
};
use uuid::Uuid;

use crate::{
    error::inconsistent,
    kept::{Kept, LONGEST_LIST},
    rows::{
        count, read_group, read_group_above, read_group_of, read_member_of, read_pair, read_user,
    },
    session::{Row, Session},
    statements::{
        blocks::{self, Resource},
        groups, members, nestings, users,
    },
};

/// What lives in rows, by resource.
pub(crate) type Links<T> = HashMap<Uuid, Vec<T>>;

/// What the two kinds of resources differ in when they are searched.
pub(crate) trait Searched: Send + 'static {
    /// The stored form.
    type Stored: Send + 'static;
    /// One thing that lives in rows.
    type Link: Send + 'static;

    const KIND: ResourceKind;
    const TABLE: &'static str;
    const COLUMNS: &'static [&'static str];
    /// The attribute that lives in rows and must be loaded if a filter or order names it.
    const LINKED: &'static str;
    const FIND: &'static Kept;
    const FIND_BY_NAME: &'static Kept;
    const FIND_MANY: &'static Kept;
    /// Organization, id, limit, offset: a window of those after the id.
    const PAGE: &'static Kept;
    /// The same of a window that reaches no further than [`crate::dialect::NEAR`].
    const NEAR_PAGE: &'static Kept;
    const COUNT: &'static Kept;
    /// How they are counted in blocks.
    const RESOURCE: &'static Resource;

    fn read(row: &dyn Row) -> Result<Self::Stored, StoreError>;

    fn id(stored: &Self::Stored) -> Uuid;

    /// What a resource sorts by, if the order does not look at what lives in rows.
    fn key(search: &Search<'_>, stored: &Self::Stored) -> Result<SortKey, StoreError> {
        let Some(sort) = search.sort else { return Ok(SortKey::MISSING) };
        let object = Self::object(search.catalog, stored, None)?;
        Ok(sort.key(search.catalog.of(Self::KIND), &object))
    }

    /// What lives in rows of these resources, at most [`LONGEST_LIST`] of them. Where groups are
    /// `nested`, that is more.
    fn links<S: Session>(
        session: &mut S,
        organization: Uuid,
        stored: &[Self::Stored],
        nested: bool,
    ) -> impl Future<Output = Result<Links<Self::Link>, StoreError>> + Send;

    /// A resource as values, with what lives in rows if that was loaded.
    fn object(
        catalog: &Catalog,
        stored: &Self::Stored,
        links: Option<&[Self::Link]>,
    ) -> Result<Object, StoreError>;
}

pub(crate) enum UserSearch {}

impl Searched for UserSearch {
    type Stored = StoredUser;
    type Link = GroupRef;

    const KIND: ResourceKind = ResourceKind::User;
    const TABLE: &'static str = "users";
    const COLUMNS: &'static [&'static str] = users::COLUMNS;
    const LINKED: &'static str = "groups";
    const FIND: &'static Kept = &users::FIND;
    const FIND_BY_NAME: &'static Kept = &users::FIND_BY_NAME;
    const FIND_MANY: &'static Kept = &users::FIND_MANY;
    const PAGE: &'static Kept = &users::PAGE;
    const NEAR_PAGE: &'static Kept = &users::NEAR_PAGE;
    const COUNT: &'static Kept = &users::COUNT;
    const RESOURCE: &'static Resource = &blocks::USERS;

    fn read(row: &dyn Row) -> Result<StoredUser, StoreError> {
        read_user(row)
    }

    fn id(stored: &StoredUser) -> Uuid {
        stored.id.uuid()
    }

    async fn links<S: Session>(
        session: &mut S,
        organization: Uuid,
        stored: &[StoredUser],
        nested: bool,
    ) -> Result<Links<GroupRef>, StoreError> {
        let ids = stored.iter().map(|it| it.id.uuid());
        let call = members::GROUPS_OF.list([organization.into()], ids.clone()).scan();
        let mut links = Links::new();
        for (user, group) in session.rows(call, read_group_of).await? {
            links.entry(user.uuid()).or_default().push(group);
        }
        if nested {
            let call = nestings::GROUPS_OF.list([organization.into()], ids).scan();
            for (user, group) in session.rows(call, read_group_above).await? {
                links.entry(user.uuid()).or_default().push(group);
            }
            for all in links.values_mut() {
                all.sort_by_key(|it| it.id);
            }
        }
        Ok(links)
    }

    fn object(
        catalog: &Catalog,
        it: &StoredUser,
        links: Option<&[GroupRef]>,
    ) -> Result<Object, StoreError> {
        let resource_type = &catalog.user;
        let computed = Computed::User(it.id, links);
        representation::resource(resource_type, &it.document, computed, &it.meta, "")
            .map_err(|it| inconsistent("users", it.reason))
    }
}

pub(crate) enum GroupSearch {}

impl Searched for GroupSearch {
    type Stored = StoredGroup;
    type Link = Member;

    const KIND: ResourceKind = ResourceKind::Group;
    const TABLE: &'static str = "groups";
    const COLUMNS: &'static [&'static str] = groups::COLUMNS;
    const LINKED: &'static str = "members";
    const FIND: &'static Kept = &groups::FIND;
    const FIND_BY_NAME: &'static Kept = &groups::FIND_BY_NAME;
    const FIND_MANY: &'static Kept = &groups::FIND_MANY;
    const PAGE: &'static Kept = &groups::PAGE;
    const NEAR_PAGE: &'static Kept = &groups::NEAR_PAGE;
    const COUNT: &'static Kept = &groups::COUNT;
    const RESOURCE: &'static Resource = &blocks::GROUPS;

    fn read(row: &dyn Row) -> Result<StoredGroup, StoreError> {
        read_group(row)
    }

    fn id(stored: &StoredGroup) -> Uuid {
        stored.id.uuid()
    }

    async fn links<S: Session>(
        session: &mut S,
        organization: Uuid,
        stored: &[StoredGroup],
        nested: bool,
    ) -> Result<Links<Member>, StoreError> {
        let ids = stored.iter().map(|it| it.id.uuid());
        // Whoever asks for a member somewhere in a group must see all of it.
        let all = || count(u64::MAX).into();
        let call = members::MEMBERS_OF.list([organization.into()], ids.clone()).and(all());
        let mut links = Links::new();
        for (group, user) in session.rows(call, read_member_of).await? {
            links.entry(group.uuid()).or_default().push(Member::User(user));
        }
        if nested {
            let call = nestings::MEMBERS_OF.list([organization.into()], ids).and(all()).scan();
            for (group, member) in session.rows(call, read_pair).await? {
                links.entry(group).or_default().push(Member::Group(GroupId::new(member)));
            }
        }
        Ok(links)
    }

    fn object(
        catalog: &Catalog,
        it: &StoredGroup,
        links: Option<&[Member]>,
    ) -> Result<Object, StoreError> {
        let resource_type = &catalog.group;
        let computed = Computed::Group(it.id, links);
        representation::resource(resource_type, &it.document, computed, &it.meta, "")
            .map_err(|it| inconsistent("groups", it.reason))
    }
}

/// How many candidates are read at once.
pub(super) const ROUND: usize = LONGEST_LIST;
