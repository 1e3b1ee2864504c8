//! A request that SCIM refuses with 400 and a `scimType` (RFC 7644 §3.12, table 9; RFC 9865 §2.1).

use std::fmt;

/// The `scimType` of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The filter has a syntax error, or names an attribute that cannot be filtered on.
    InvalidFilter,
    /// More results, operations, members or candidates than the service handles at once.
    TooMany,
    /// A change of something that is read-only or immutable.
    Mutability,
    /// The body is not what the endpoint takes.
    InvalidSyntax,
    /// A PATCH path is malformed or names no known attribute.
    InvalidPath,
    /// A PATCH path selects nothing to work on.
    NoTarget,
    /// A value is missing, of the wrong type or out of bounds.
    InvalidValue,
    /// The cursor is none of this list's (RFC 9865 §2.1).
    InvalidCursor,
    /// The cursor was not used in time.
    ExpiredCursor,
    /// A `count` that pages by cursor cannot have.
    InvalidCount,
}

impl Reason {
    /// The keyword that goes on the wire.
    pub const fn scim_type(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
        }
    }
}

/// Why a request cannot be carried out as it stands. Nothing of it was applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    /// Which kind of refusal, for programs.
    pub reason: Reason,
    /// A sentence for the customer's admin: identity providers show it verbatim. It names
    /// attributes and limits, and never repeats a value that may be personal.
    pub detail: String,
}

impl Invalid {
    /// A refusal with its sentence.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// [`Reason::InvalidValue`] with its sentence.
    pub fn value(detail: impl Into<String>) -> Self {
        Self::new(Reason::InvalidValue, detail)
    }

    /// [`Reason::InvalidSyntax`] with its sentence.
    pub fn syntax(detail: impl Into<String>) -> Self {
        Self::new(Reason::InvalidSyntax, detail)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}
