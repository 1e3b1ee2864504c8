//! Identifiers. Each kind is its own type, so that a group's id can never stand for a user's.

use std::fmt;

use uuid::Uuid;

#[cfg(test)]
mod tests;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes over an id that the `Ids` port made or the store kept.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for adapters.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// Reads the one spelling we hand out: hyphenated lower-case hexadecimal.
            ///
            /// Any other shape names no resource of ours and gives `None`, so that a path with it
            /// is answered like an unknown id (RFC 7644 §3.4.1).
            pub fn parse(text: &str) -> Option<Self> {
                let canonical = text.len() == 36
                    && text.bytes().all(|b| b == b'-' || b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                if canonical { Uuid::try_parse(text).ok().map(Self) } else { None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    };
}

id! {
    /// The tenant: one customer of the product.
    OrganizationId
}
id! {
    /// A user; the `id` of its SCIM resource. Never reused.
    UserId
}
id! {
    /// A group; the `id` of its SCIM resource. Never reused.
    GroupId
}
id! {
    /// A role of the backend.
    RoleId
}
id! {
    /// A rule that maps new groups to a role.
    MappingRuleId
}
id! {
    /// A schema that an organization declared for itself.
    SchemaId
}
id! {
    /// An API key; the public part of its token.
    ApiKeyId
}
id! {
    /// An event of the feed.
    EventId
}
id! {
    /// An entry of the audit log.
    AuditEntryId
}
id! {
    /// A request; the id on its log lines, in the audit log and in the activity.
    RequestId
}

impl OrganizationId {
    /// The operator's own: no customer, but whose keys reach every organization, and where the
    /// audit log tells what belongs to none. No list of organizations shows it.
    pub const OPERATOR: Self = Self(Uuid::nil());

    /// Whether this is the operator's own.
    pub fn is_operator(self) -> bool {
        self == Self::OPERATOR
    }
}
