//! Resources on their way out.

use scim_domain::{
    group::{Member, StoredGroup},
    resource::representation::GroupRef,
    user::StoredUser,
};

/// Whether an answer shows what is computed from memberships: what is not shown is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown(pub bool);

/// A user, and its groups if the answer shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct UserView {
    /// The user.
    pub user: StoredUser,
    /// Its groups, ordered by id.
    pub groups: Option<Vec<GroupRef>>,
}

/// A group, and its members if the answer shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupView {
    /// The group.
    pub group: StoredGroup,
    /// Its members, as far as the answer shows them.
    pub members: Members,
}

/// The members of a group on their way out.
#[derive(Clone, Debug, PartialEq)]
pub enum Members {
    /// The answer does not show them.
    Hidden,
    /// All of them: users, then groups, by id.
    All(Vec<Member>),
    /// More than are held in memory at once: [`Provisioning::member_reader`] reads them bit by bit.
    ///
    /// [`Provisioning::member_reader`]: super::Provisioning::member_reader
    Unread,
}

impl Members {
    /// All of them, if they are shown and in memory.
    pub fn all(&self) -> Option<&[Member]> {
        match self {
            Self::All(all) => Some(all),
            Self::Hidden | Self::Unread => None,
        }
    }

    /// Whether they have yet to be read.
    pub const fn are_unread(&self) -> bool {
        match self {
            Self::Unread => true,
            Self::Hidden | Self::All(_) => false,
        }
    }
}

/// A user or a group, where both are searched at once.
#[derive(Clone, Debug, PartialEq)]
pub enum ResourceView {
    /// A user.
    User(UserView),
    /// A group.
    Group(GroupView),
}

impl ResourceView {
    /// Whether it is a group whose members have yet to be read.
    pub const fn is_unread(&self) -> bool {
        match self {
            Self::User(_) => false,
            Self::Group(view) => view.members.are_unread(),
        }
    }
}
