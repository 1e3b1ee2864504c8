//! Who is in a group, and changing that where no identity provider does.

use scim_domain::{
    GroupId, OrganizationId, Subject, UserId,
    resource::document::Corrupt,
    schema::ResourceType,
    user::{StoredUser, User},
};
use uuid::Uuid;

use super::ownership::{local, lock_group};
use crate::{
    Error,
    administration::Administration,
    journal::{self, Entry},
    provisioning::{Place, Refused, Wish, push},
    reach::Reach,
};

/// A user, as far as lists of people show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its id.
    pub id: UserId,
    /// `userName`.
    pub user_name: String,
    /// `displayName`.
    pub display_name: Option<String>,
    /// Whether it has access.
    pub active: bool,
    /// Whether identity providers must leave it alone.
    pub protected: bool,
}

impl Person {
    /// What is shown of a stored user.
    pub(crate) fn read(resource_type: &ResourceType, stored: &StoredUser) -> Result<Self, Corrupt> {
        let user = User::from_stored(resource_type, stored)?;
        Ok(Self {
            id: user.id,
            user_name: user.user_name().to_owned(),
            display_name: user.display_name().map(str::to_owned),
            active: user.active(),
            protected: user.protected,
        })
    }
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupMember {
    /// A user.
    User(Person),
    /// A group, where groups may be members, with its name.
    Group(GroupId, String),
}

impl GroupMember {
    /// Its id.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::User(person) => person.id.uuid(),
            Self::Group(id, _) => id.uuid(),
        }
    }
}

/// What becomes of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Joins,
    Leaves,
}

impl Administration {
    /// The direct members of a group, users and groups, ordered by id, after `after`; at most
    /// `limit`.
    pub async fn list_group_members(
        &self,
        organization: OrganizationId,
        group: GroupId,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<GroupMember>, Error> {
        let mut snapshot = self.store.read().await?;
        let catalog = self.catalog(&mut *snapshot, organization).await?;
        if snapshot.groups().find(organization, group).await?.is_none() {
            return Err(Error::Missing { what: "group", id: group.to_string() });
        }
        let after_user = after.map(UserId::new);
        let users = snapshot.groups().users_in(organization, group, after_user, limit).await?;
        let mut members = Vec::with_capacity(users.len());
        for user in &users {
            members.push(GroupMember::User(Person::read(&catalog.user, user)?));
        }
        if !catalog.nested_groups {
            return Ok(members);
        }
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let nested = snapshot.nestings().members_of(organization, &[group], u64::MAX).await?;
        let nested = nested.into_iter().map(|(_, it)| it);
        let rest = nested.filter(|it| after.is_none_or(|after| it.uuid() > after));
        let groups: Vec<_> = rest.take(most).collect();
        let names = snapshot.groups().names(organization, &groups).await?;
        members.extend(names.into_iter().map(|(id, name)| GroupMember::Group(id, name)));
        members.sort_by_key(GroupMember::id);
        members.truncate(most);
        Ok(members)
    }

    /// Makes a user a member of a local group, or a group where groups may be members; answers
    /// whether it was not before. Protected users too: this is how they get their roles.
    ///
    /// Fails with [`Error::Conflict`] for a group that an identity provider manages.
    pub async fn add_member(
        &self,
        organization: OrganizationId,
        group: GroupId,
        member: Uuid,
    ) -> Result<bool, Error> {
        self.change_member(organization, group, member, Direction::Joins).await
    }

    /// Takes a member out of a local group; answers whether it was in it. Fails like
    /// [`Administration::add_member`].
    pub async fn remove_member(
        &self,
        organization: OrganizationId,
        group: GroupId,
        member: Uuid,
    ) -> Result<bool, Error> {
        self.change_member(organization, group, member, Direction::Leaves).await
    }

    async fn change_member(
        &self,
        organization: OrganizationId,
        id: GroupId,
        member: Uuid,
        direction: Direction,
    ) -> Result<bool, Error> {
        let now = self.clock.now();
        let mut unit = self.begin().await?;
        let (catalog, before) = lock_group(self, &mut *unit, organization, id).await?;
        local(&before)?;
        let reach = Reach { organization, nested: catalog.nested_groups };
        let place = Place::of(reach, id);
        let wish = match direction {
            Direction::Joins => Wish::joins(member),
            Direction::Leaves => Wish::leaves(member),
        };
        let pushed = push(&mut *unit, place, wish, now).await?;
        match pushed.refused() {
            Some(Refused::Unknown) => {
                return Err(Error::Missing { what: "user", id: member.to_string() });
            }
            Some(Refused::Nesting) => {
                return Err(Error::Conflict(
                    "Groups cannot be members of groups in this organization.".to_owned(),
                ));
            }
            None => {}
        }
        if !pushed.changed() {
            journal::conclude(unit).await?;
            return Ok(false);
        }
        let group = before.touched(now);
        unit.groups().update(organization, &catalog, &group, before.meta.version).await?;
        let decision = scim_domain::Decision::quiet(true);
        let decision = pushed.tell(&mut *unit, place, &group, decision).await?;
        let subject = Subject::Group(id);
        let entry = Entry { action: "group.members_changed", subject, detail: pushed.detail() };
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }
}
