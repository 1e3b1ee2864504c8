//! Why a schema cannot be declared, or not changed so.

use std::fmt;

use crate::Invalid;

/// Where a declaration breaks which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeclarable {
    /// The attribute, such as `badge.number`; empty for the schema itself.
    pub at: String,
    /// The rule.
    pub rule: Rule,
}

/// What a declaration must keep to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// It is JSON.
    #[error("{0}")]
    Json(String),
    /// A member is of the type that RFC 7643 §7 gives it.
    #[error("{key} must be {wanted}")]
    Type {
        /// The member.
        key: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// What RFC 7643 §7 demands is there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Nothing else is there: a mistyped name would else be taken for a default.
    #[error("{0} means nothing here")]
    Unknown(String),
    /// The id is a URN.
    #[error(
        "the id must be a URN such as urn:example:params:scim:schemas:Badge:2.0:User, of letters, \
         digits and . _ ~ -, with at most 200 bytes"
    )]
    Urn,
    /// It is no URN that SCIM, its core schemas or Okta's own schemas have taken.
    #[error("URNs that begin with {0} are reserved; choose one of your own")]
    Reserved(&'static str),
    /// It is not in use.
    #[error("a schema with this id exists already")]
    Taken,
    /// It can be told from others in a path.
    #[error("the id and {0} could not be told apart in the path of an attribute")]
    Overlap(String),
    /// RFC 7643 §2.1.
    #[error(
        "a name must begin with a letter, go on with letters, digits, $, - and _, and have at most \
         64 of them"
    )]
    Name,
    /// RFC 7643 §2.1: names are told apart without regard to case.
    #[error("another attribute has this name; letter case does not tell two apart")]
    NameTaken,
    /// RFC 7643 §2.3.8: complex attributes do not nest.
    #[error("a sub-attribute cannot be complex (RFC 7643 §2.3.8)")]
    Nested,
    /// A complex attribute has parts.
    #[error("a complex attribute needs subAttributes")]
    NoParts,
    /// Only a complex attribute has parts.
    #[error("only a complex attribute has subAttributes")]
    PartsOfSimple,
    /// A missing value must never stop an identity provider from taking access away.
    #[error(
        "required cannot be true: an identity provider that leaves the value out could no longer \
         update a user, not even to deactivate it"
    )]
    Required,
    /// Only `userName` and `displayName` of groups are unique.
    #[error("uniqueness must be none: only userName and a group's displayName are unique here")]
    Unique,
    /// Nobody could ever set it.
    #[error("mutability cannot be readOnly: nobody could ever set a value")]
    ReadOnly,
    /// What can only be written is never returned, and the other way round.
    #[error("mutability writeOnly and returned never belong together: have both or neither")]
    Hidden,
    /// Canonical values are texts.
    #[error("only a string or a reference has canonicalValues")]
    Canonical,
    /// Only references refer.
    #[error("only a reference has referenceTypes")]
    References,
    /// A reference refers to what there is.
    #[error("{0} is nothing to refer to: referenceTypes are User, Group, external and uri")]
    ReferenceType(String),
    /// There are index rows for users alone.
    #[error("indexed is for attributes of users; groups are searched without an index")]
    IndexOfGroup,
    /// An index holds texts.
    #[error(
        "indexed is for strings and references, and for complex attributes with such a value, \
         that can be read"
    )]
    IndexKind,
    /// The index is that of the whole attribute.
    #[error("indexed belongs to the whole attribute; it then holds the sub-attribute value")]
    IndexOfPart,
    /// How much there can be.
    #[error("there can be at most {most} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        most: usize,
    },
    /// How long a text can be.
    #[error("{key} must be a text of at most {most} bytes without control characters")]
    Text {
        /// The member.
        key: &'static str,
        /// How many bytes.
        most: usize,
    },
    /// What was declared stays as long as the schema does.
    #[error("an attribute cannot be taken out of a schema, since values of it may be stored")]
    Gone,
    /// Stored values keep their meaning.
    #[error("{0} cannot be changed, since values may be stored; declare another attribute")]
    Fixed(&'static str),
    /// A change is of this schema.
    #[error("the id is that of another schema")]
    OtherSchema,
}

/// Letters of a name that are told: a declaration may have anything as a name.
const TOLD: usize = 80;

/// A name from outside, as it is told.
pub(super) fn told(name: &str) -> String {
    name.chars().take(TOLD).map(|it| if it.is_control() { '?' } else { it }).collect()
}

impl Undeclarable {
    /// Something about the schema itself.
    pub(crate) fn schema(rule: Rule) -> Self {
        Self { at: String::new(), rule }
    }

    /// Something about an attribute, or about the schema if there is no name.
    pub(super) fn at(path: &str, rule: Rule) -> Self {
        Self { at: path.to_owned(), rule }
    }
}

impl fmt::Display for Undeclarable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            write!(f, "The schema cannot be declared so: {}.", self.rule)
        } else {
            write!(f, "The attribute {} cannot be declared so: {}.", self.at, self.rule)
        }
    }
}

impl std::error::Error for Undeclarable {}

impl From<Undeclarable> for Invalid {
    fn from(it: Undeclarable) -> Self {
        Self::value(it.to_string())
    }
}
