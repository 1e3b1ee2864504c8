//! What a user may do, and why: every link of every way, with the moment and the request that made
//! it.

use super::Via;
use crate::{
    GroupId, RequestId, Timestamp, UserId,
    organization::{Organization, Plan},
    role::RoleKey,
};

/// When a link was made, and by which request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made {
    /// When.
    pub at: Timestamp,
    /// In which request; none, if it was made at the command line, or before requests were noted.
    pub request: Option<RequestId>,
}

/// A group on the way up from a user, and since when it is a member of the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// How it came into the next group of the way.
    pub nested: Made,
}

/// A role and one way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The role.
    pub role: RoleKey,
    /// The way.
    pub via: Via,
    /// The name of the group, where the way is one.
    pub group_name: Option<String>,
    /// How the user came into the first group of the way; none where there is no group.
    pub membership: Option<Made>,
    /// The groups on the way from the user to that group: first the one that the user is a member
    /// of itself. Empty if that is the group.
    pub way: Vec<Step>,
    /// How the group was mapped to the role, or the role assigned.
    pub grant: Made,
}

impl Path {
    /// Since when the way is whole: what made the last of its links. Of links of one moment it is the
    /// one nearest to the user.
    pub fn since(&self) -> Made {
        let links = self.way.iter().rev().map(|it| it.nested).chain(self.membership);
        links.fold(self.grant, |last, it| if it.at >= last.at { it } else { last })
    }
}

/// A way to a role, and what the role permits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The way.
    pub path: Path,
    /// The permissions of the role.
    pub permissions: Vec<String>,
}

/// A user, as far as its access goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub user: UserId,
    /// Its folded `userName`.
    pub user_name_key: String,
    /// Whether it has access.
    pub active: bool,
    /// What it reaches as a member of groups itself and by assignment, active or not.
    pub reached: Vec<Reached>,
}

/// Whether somebody who is known has access, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The user has access.
    Active,
    /// The user is deactivated: it is there, and may come back as it was.
    Deactivated,
    /// The organization is disabled or deleted: nobody of it has access.
    OrganizationDisabled,
}

impl Standing {
    /// The name in CLI and API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::OrganizationDisabled => "organization_disabled",
        }
    }
}

/// What a user may do, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The user.
    pub user: UserId,
    /// Whether the user has any access at all.
    pub standing: Standing,
    /// What the organization pays for. It takes nothing away; the backend may go by it.
    pub plan: Plan,
    /// The effective roles, each once, by key. Empty without access.
    pub roles: Vec<RoleKey>,
    /// The permissions of these roles, each once, sorted. Empty without access.
    pub permissions: Vec<String>,
    /// On which ways, by role key, then by way; also what somebody without access would get back.
    pub through: Vec<Path>,
}

impl Access {
    /// The access of an account of an organization that reaches this in addition, through groups
    /// above its own.
    pub fn new(organization: &Organization, account: Account, above: Vec<Reached>) -> Self {
        let mut reached = account.reached;
        reached.extend(above);
        reached.sort_by(|one, other| {
            (&one.path.role, one.path.via).cmp(&(&other.path.role, other.path.via))
        });
        let standing = match (organization.grants_access(), account.active) {
            (false, _) => Standing::OrganizationDisabled,
            (true, false) => Standing::Deactivated,
            (true, true) => Standing::Active,
        };
        let (mut roles, mut permissions) = (Vec::new(), Vec::new());
        if standing == Standing::Active {
            roles = reached.iter().map(|it| it.path.role.clone()).collect();
            roles.dedup();
            permissions = reached.iter().flat_map(|it| it.permissions.iter().cloned()).collect();
            permissions.sort_unstable();
            permissions.dedup();
        }
        let through = reached.into_iter().map(|it| it.path).collect();
        let (user, plan) = (account.user, organization.plan);
        Self { user, standing, plan, roles, permissions, through }
    }

    /// Whether the user may sign in.
    pub fn active(&self) -> bool {
        self.standing == Standing::Active
    }
}
