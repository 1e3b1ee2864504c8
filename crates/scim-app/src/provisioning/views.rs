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
    /// Its members: users, then groups, by id.
    pub members: Option<Vec<Member>>,
}

/// A user or a group, where both are searched at once.
#[derive(Clone, Debug, PartialEq)]
pub enum ResourceView {
    /// A user.
    User(UserView),
    /// A group.
    Group(GroupView),
}
