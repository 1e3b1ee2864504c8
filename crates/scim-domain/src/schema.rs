//! SCIM schemas as values (RFC 7643 §2.2, §7): what the attributes of a resource are.

use std::sync::{Arc, LazyLock};

mod build;
mod common;
pub mod custom;
pub mod declare;
mod discovery;
mod enterprise_user;
mod entitlements;
mod group;
mod lookup;
mod user;

pub use entitlements::{Assignables, ENTITLEMENT, OKTA_ROLE, ROLE};
pub use lookup::{AttributeRef, Found};

/// The URN of the core User schema (RFC 7643 §4.1).
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The URN of the core Group schema (RFC 7643 §4.2).
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The URN of the Enterprise User extension (RFC 7643 §4.3).
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The data types of RFC 7643 §2.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// An `xsd:dateTime`.
    DateTime,
    /// Base64 text.
    Binary,
    /// A URI, or the name of a resource.
    Reference,
    /// An object of sub-attributes.
    Complex,
}

/// Who may change an attribute and when (RFC 7643 §2.2 `mutability`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// Only the service sets it; what a client sends is ignored.
    ReadOnly,
    /// Anybody with write access.
    ReadWrite,
    /// Set once, then fixed.
    Immutable,
    /// May be sent, is never shown and never stored in a document.
    WriteOnly,
}

/// When an attribute is part of an answer (RFC 7643 §2.2 `returned`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// In every answer, whatever `excludedAttributes` says.
    Always,
    /// In none.
    Never,
    /// Unless excluded.
    Default,
    /// Only when asked for.
    Request,
}

/// Within which bounds a value is unique (RFC 7643 §2.2 `uniqueness`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// Not at all.
    None,
    /// In the organization.
    Server,
    /// Everywhere.
    Global,
}

/// One attribute or sub-attribute and its characteristics.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the characteristics of RFC 7643 §2.2")]
pub struct Attribute {
    /// The name as the schema spells it; compared without regard to case (RFC 7643 §2.1).
    pub name: Arc<str>,
    /// What it is, for people.
    pub description: String,
    /// Its data type.
    pub kind: Kind,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// Whether a resource must have it.
    pub required: bool,
    /// Whether comparisons regard case; otherwise texts compare folded.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is shown.
    pub returned: Returned,
    /// Whether it is unique.
    pub uniqueness: Uniqueness,
    /// Suggested values; a hint to clients, never a restriction (RFC 7643 §2.2).
    pub canonical_values: Vec<String>,
    /// What a reference may point to.
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute.
    pub sub_attributes: Vec<Attribute>,
    /// Whether the store keeps index rows for its values (a list's `value` included).
    pub indexed: bool,
    /// Whether index rows of older users are still missing: rows are written, and nothing may be
    /// answered from them yet.
    pub index_building: bool,
    /// Whether its values are rows of their own and never part of a document (`members`).
    pub in_rows: bool,
}

/// A schema: a URN and its attributes (RFC 7643 §7).
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The URN.
    pub id: Arc<str>,
    /// A short name, for people.
    pub name: String,
    /// What it describes, for people.
    pub description: String,
    /// The attributes, in the order in which answers show them.
    pub attributes: Vec<Attribute>,
}

/// An extension of a resource type.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// The schema that is added under its URN.
    pub schema: Arc<Schema>,
    /// Whether every resource must carry it.
    pub required: bool,
    /// Whether the organization declared it for itself.
    pub declared: bool,
}

/// Which kind of resource, for code that must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// A user.
    User,
    /// A group.
    Group,
}

impl ResourceKind {
    /// The `resourceType` on the wire, which is also its id among the resource types.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The endpoint below the base URL, with its slash.
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::User => "/Users",
            Self::Group => "/Groups",
        }
    }

    /// Both.
    pub const ALL: &'static [Self] = &[Self::User, Self::Group];

    /// By its name, in the spelling of the wire.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}

/// Where the resources of a type come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nature {
    /// They are documents that clients write.
    Stored(ResourceKind),
    /// They are made of something else whenever they are read.
    Computed {
        /// The id among the resource types.
        name: &'static str,
        /// The endpoint below the base URL, with its slash.
        endpoint: &'static str,
    },
}

impl Nature {
    /// The id among the resource types.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stored(kind) => kind.name(),
            Self::Computed { name, .. } => name,
        }
    }

    /// The endpoint below the base URL, with its slash.
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::Stored(kind) => kind.endpoint(),
            Self::Computed { endpoint, .. } => endpoint,
        }
    }
}

/// A resource type: an endpoint, its core schema and the extensions (RFC 7643 §6).
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceType {
    /// Which kind it is.
    pub kind: Nature,
    /// What it is, for people.
    pub description: String,
    /// The core schema.
    pub schema: Arc<Schema>,
    /// The extensions, in the order in which answers show them.
    pub extensions: Vec<Extension>,
    /// `id`, `externalId`, `meta` and `schemas`: common to all resources (RFC 7643 §3.1).
    pub common: Arc<Vec<Attribute>>,
}

/// Everything an organization can store: its resource types with their schemas.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    /// Users.
    pub user: ResourceType,
    /// Groups.
    pub group: ResourceType,
    /// Whether a group may be a member of a group: what is computed from members follows that.
    pub nested_groups: bool,
}

impl Catalog {
    /// The catalog without custom extensions: User with Enterprise User, and Group.
    pub fn standard() -> Arc<Self> {
        static STANDARD: LazyLock<Arc<Catalog>> = LazyLock::new(|| Catalog::made(false));
        Arc::clone(&STANDARD)
    }

    /// The same for an organization in which a group may be a member of a group.
    pub fn nesting() -> Arc<Self> {
        static NESTING: LazyLock<Arc<Catalog>> = LazyLock::new(|| Catalog::made(true));
        Arc::clone(&NESTING)
    }

    fn made(nested_groups: bool) -> Arc<Self> {
        let common = Arc::new(common::common_attributes());
        Arc::new(Self {
            user: ResourceType {
                kind: Nature::Stored(ResourceKind::User),
                description: "A person who may use the product".to_owned(),
                schema: Arc::new(user::schema()),
                extensions: vec![Extension {
                    schema: Arc::new(enterprise_user::schema()),
                    required: false,
                    declared: false,
                }],
                common: Arc::clone(&common),
            },
            group: ResourceType {
                kind: Nature::Stored(ResourceKind::Group),
                description: "A group of users; a role reaches them through it".to_owned(),
                schema: Arc::new(group::schema(nested_groups)),
                extensions: Vec::new(),
                common,
            },
            nested_groups,
        })
    }

    /// The resource type of a kind.
    pub fn of(&self, kind: ResourceKind) -> &ResourceType {
        match kind {
            ResourceKind::User => &self.user,
            ResourceKind::Group => &self.group,
        }
    }
}
