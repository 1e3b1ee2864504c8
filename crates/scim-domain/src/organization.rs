//! Organizations: the tenants, and what their plan allows.

use crate::{OrganizationId, Timestamp, invalid::Invalid};

mod change;
mod lifecycle;
mod scim;
mod seats;

pub use change::OrganizationChange;
pub use lifecycle::Deletion;
pub use scim::{LeftUsers, Pause, Scim};
pub use seats::SeatLimit;

#[cfg(test)]
mod tests;

/// What an organization pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plan {
    /// Without SCIM.
    Starter,
    /// The first plan with SCIM.
    Growth,
    /// Everything.
    Enterprise,
}

impl Plan {
    /// Every plan, smallest first.
    pub const ALL: &'static [Self] = &[Self::Starter, Self::Growth, Self::Enterprise];

    /// The plan by the name that CLI, API and database use.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The name in CLI, API and database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::Growth => "growth",
            Self::Enterprise => "enterprise",
        }
    }

    /// The name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Starter => "Starter",
            Self::Growth => "Growth",
            Self::Enterprise => "Enterprise",
        }
    }

    /// Whether SCIM provisioning is part of it.
    pub const fn includes_scim(self) -> bool {
        match self {
            Self::Starter => false,
            Self::Growth | Self::Enterprise => true,
        }
    }
}

/// What `roles` and `entitlements` mean that an identity provider sends with a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entitlements {
    /// They are stored as data and grant nothing.
    #[default]
    Ignore,
    /// A role value assigned to a user grants that role.
    Assign,
}

impl Entitlements {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Ignore, Self::Assign];

    /// By the name that CLI, API and database use.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The name in CLI, API and database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Assign => "assign",
        }
    }
}

/// The attribute of users that the NameID of a SAML assertion is compared with. One, and no other
/// if that finds nobody: who can choose a value of the other must not become somebody else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameIdAttribute {
    /// `userName`, compared folded.
    #[default]
    UserName,
    /// `externalId`, compared exactly.
    ExternalId,
}

impl NameIdAttribute {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::UserName, Self::ExternalId];

    /// By the name that CLI, API and database use.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The name in CLI, API and database: that of the attribute.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserName => "userName",
            Self::ExternalId => "externalId",
        }
    }
}

/// A tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name, for people; not unique.
    pub name: String,
    /// What it pays for.
    pub plan: Plan,
    /// When it was created.
    pub created: Timestamp,
    /// What identity providers can do with roles and entitlements.
    pub entitlements: Entitlements,
    /// Whether a group may be a member of a group.
    pub nested_groups: bool,
    /// Whether mapping rules apply to groups that identity providers create.
    pub mapping_rules: bool,
    /// Counts the changes of its own schemas; 0 while it has had none. Whoever remembers what was
    /// made of them looks here whether it still holds.
    pub schema_revision: u64,
    /// How many of its users may be active.
    pub seat_limit: SeatLimit,
    /// Since when it is disabled, if it is.
    pub disabled: Option<Timestamp>,
    /// That it was deleted, if it was.
    pub deletion: Option<Deletion>,
    /// Whether SCIM is switched on.
    pub scim: Scim,
    /// The last pause of its SCIM that nobody ended; it may be over.
    pub pause: Option<Pause>,
    /// What the NameID of a SAML assertion is compared with.
    pub name_id_attribute: NameIdAttribute,
}

impl Organization {
    /// A new organization. The name must hold something visible, at most 200 characters.
    pub fn create(
        id: OrganizationId,
        name: &str,
        plan: Plan,
        now: Timestamp,
    ) -> Result<Self, Invalid> {
        Ok(Self::new(id, label("name of the organization", name)?, plan, now))
    }

    /// The operator's own, which every store holds from the beginning.
    pub fn operator() -> Self {
        let created = Timestamp::from_micros(0);
        Self::new(OrganizationId::OPERATOR, "Operator".to_owned(), Plan::Enterprise, created)
    }

    /// An organization with nothing set.
    const fn new(id: OrganizationId, name: String, plan: Plan, created: Timestamp) -> Self {
        Self {
            id,
            name,
            plan,
            created,
            entitlements: Entitlements::Ignore,
            nested_groups: false,
            mapping_rules: false,
            schema_revision: 0,
            name_id_attribute: NameIdAttribute::UserName,
            seat_limit: SeatLimit::Unlimited,
            disabled: None,
            deletion: None,
            scim: Scim::On,
            pause: None,
        }
    }
}

/// A name for people: trimmed, 1 to 200 characters, no controls.
pub fn label(what: &str, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 200 || text.chars().any(char::is_control) {
        return Err(Invalid::value(format!(
            "The {what} must have 1 to 200 characters and no control characters."
        )));
    }
    Ok(text.to_owned())
}
