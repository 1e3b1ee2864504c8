//! What happened, in words that others may rely on. Names are a public contract and never change.

use crate::{ApiKeyId, GroupId, MappingRuleId, OrganizationId, RoleId, SchemaId, UserId};

/// What an event or an audit entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The organization itself.
    Organization(OrganizationId),
    /// A user.
    User(UserId),
    /// A group.
    Group(GroupId),
    /// A role.
    Role(RoleId),
    /// A mapping rule.
    MappingRule(MappingRuleId),
    /// An API key.
    ApiKey(ApiKeyId),
    /// A schema of the organization's own.
    Schema(SchemaId),
}

impl Subject {
    /// The subject's kind on the wire and in the database.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::User(_) => "user",
            Self::Group(_) => "group",
            Self::Role(_) => "role",
            Self::MappingRule(_) => "mapping_rule",
            Self::ApiKey(_) => "api_key",
            Self::Schema(_) => "schema",
        }
    }

    /// The subject's id.
    pub const fn uuid(&self) -> uuid::Uuid {
        match self {
            Self::Organization(id) => id.uuid(),
            Self::User(id) => id.uuid(),
            Self::Group(id) => id.uuid(),
            Self::Role(id) => id.uuid(),
            Self::MappingRule(id) => id.uuid(),
            Self::ApiKey(id) => id.uuid(),
            Self::Schema(id) => id.uuid(),
        }
    }
}

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $variant:ident => $name:literal,)*) => {
        /// The kinds of events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind { $($(#[$doc])* $variant,)* }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The public name, `object.past_participle`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

event_kinds! {
    /// An organization was created.
    OrganizationCreated => "organization.created",
    /// An organization's plan changed.
    OrganizationPlanChanged => "organization.plan_changed",
    /// Whether a group may be a member of a group in an organization changed.
    OrganizationNestedGroupsChanged => "organization.nested_groups_changed",
    /// What roles and entitlements of users mean in an organization changed.
    OrganizationEntitlementsChanged => "organization.entitlements_changed",
    /// An organization was renamed.
    OrganizationRenamed => "organization.renamed",
    /// How many users of an organization may be active changed.
    OrganizationSeatLimitChanged => "organization.seat_limit_changed",
    /// An organization was disabled: its users have no access and its keys open nothing.
    OrganizationDisabled => "organization.disabled",
    /// A disabled organization was enabled.
    OrganizationEnabled => "organization.enabled",
    /// An organization was deleted: it is as disabled until it is restored or erased.
    OrganizationDeleted => "organization.deleted",
    /// A deleted organization was restored within its grace.
    OrganizationRestored => "organization.restored",
    /// Everything of a deleted organization was erased. Told to the operator alone.
    OrganizationPurged => "organization.purged",
    /// An organization's SCIM was paused, or is paused until another time.
    OrganizationScimPaused => "organization.scim_paused",
    /// An organization's SCIM goes on after a pause.
    OrganizationScimResumed => "organization.scim_resumed",
    /// SCIM was switched off for an organization.
    OrganizationScimSwitchedOff => "organization.scim_switched_off",
    /// SCIM was switched on for an organization.
    OrganizationScimSwitchedOn => "organization.scim_switched_on",
    /// Whether mapping rules apply in an organization changed.
    OrganizationMappingRulesChanged => "organization.mapping_rules_changed",
    /// What the NameID of a SAML assertion is compared with changed in an organization.
    OrganizationNameIdAttributeChanged => "organization.name_id_attribute_changed",
    /// An API key was created.
    ApiKeyCreated => "api_key.created",
    /// An API key's permissions changed.
    ApiKeyPermissionsChanged => "api_key.permissions_changed",
    /// An API key's requests are read more, or less, strictly from now on.
    ApiKeyStrictnessChanged => "api_key.strictness_changed",
    /// Anything else of an API key changed: name, description, allowed addresses, limits, expiry.
    ApiKeyUpdated => "api_key.updated",
    /// An API key will expire in a month, a week or a day.
    ApiKeyExpiring => "api_key.expiring",
    /// The public keys with which a client may sign in the name of an API key were changed.
    ApiKeyPublicKeysChanged => "api_key.public_keys_changed",
    /// An API key was replaced by another and dies after the overlap.
    ApiKeyRotated => "api_key.rotated",
    /// An API key was revoked.
    ApiKeyRevoked => "api_key.revoked",
    /// A schema was declared for users or groups.
    SchemaDeclared => "schema.declared",
    /// A declared schema was changed.
    SchemaUpdated => "schema.updated",
    /// The index of a declared schema covers every user.
    SchemaIndexed => "schema.indexed",
    /// A declared schema was removed.
    SchemaRemoved => "schema.removed",
    /// A role was created, with its home group.
    RoleCreated => "role.created",
    /// A role's name, description or permissions changed, or whether it is privileged.
    RoleUpdated => "role.updated",
    /// A role was deleted.
    RoleDeleted => "role.deleted",
    /// A user came to hold a role.
    RoleGranted => "role.granted",
    /// A user no longer holds a role.
    RoleRevoked => "role.revoked",
    /// Nobody active holds a privileged role any more.
    RoleAbandoned => "role.abandoned",
    /// A mapping rule was made.
    MappingRuleCreated => "mapping_rule.created",
    /// A mapping rule was changed.
    MappingRuleUpdated => "mapping_rule.updated",
    /// A mapping rule was deleted, by itself or with its role.
    MappingRuleDeleted => "mapping_rule.deleted",
    /// A user was created.
    UserCreated => "user.created",
    /// A user that only sign-in had made was taken over by the identity provider.
    UserAdopted => "user.adopted",
    /// A user's attributes changed.
    UserUpdated => "user.updated",
    /// A user lost all access.
    UserDeactivated => "user.deactivated",
    /// A user got its access back.
    UserActivated => "user.activated",
    /// A user was deleted for good.
    UserDeleted => "user.deleted",
    /// Identity providers can no longer change a user (break-glass).
    UserProtected => "user.protected",
    /// Identity providers can change a user again.
    UserUnprotected => "user.unprotected",
    /// An admin took a user out of the hands of the identity provider.
    UserDetached => "user.detached",
    /// An admin handed a detached user back to the identity provider.
    UserAttached => "user.attached",
    /// A group was created.
    GroupCreated => "group.created",
    /// A group's attributes other than its name changed.
    GroupUpdated => "group.updated",
    /// A group was renamed.
    GroupRenamed => "group.renamed",
    /// A group was deleted.
    GroupDeleted => "group.deleted",
    /// An identity provider took over a group that was local.
    GroupAttached => "group.attached",
    /// A group that an identity provider managed is local from now on.
    GroupDetached => "group.detached",
    /// Users joined a group.
    GroupMembersAdded => "group.members_added",
    /// Users left a group.
    GroupMembersRemoved => "group.members_removed",
    /// A group was mapped to a role.
    GroupMapped => "group.mapped",
    /// A group is no longer mapped to a role.
    GroupUnmapped => "group.unmapped",
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub subject: Subject,
    /// The facts a receiver needs to keep its own state right, as a JSON object. Never a secret.
    pub data: serde_json::Value,
}

impl Event {
    /// An event with its facts.
    pub fn new(kind: EventKind, subject: Subject, data: serde_json::Value) -> Self {
        Self { kind, subject, data }
    }
}
