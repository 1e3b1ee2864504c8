//! PATCH (RFC 7644 §3.5.2): pure, and without any vendor's name.

mod budget;
mod elements;
mod given;
mod path;
mod primary;
mod read;
mod remove;
mod rows;
mod same;
#[cfg(test)]
mod tests;
mod whole;
mod work;
mod write;

use self::work::Work;
use crate::{
    Invalid, Json,
    resource::{Document, document::Strictness, filter::Filter},
    schema::ResourceType,
};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Adds values, or sets what is absent.
    Add,
    /// Takes values away.
    Remove,
    /// Puts values in place of others.
    Replace,
}

/// Choices that depend on who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatchOptions {
    /// `add`/`replace` through `x[type eq "work"].value` without such an element makes it, when
    /// the filter is a conjunction of `eq`. Otherwise that is `noTarget`.
    pub make_missing_elements: bool,
    /// Whether operations without a path, and unknown attributes and schemas, are refused.
    pub strict: bool,
}

impl PatchOptions {
    /// What keys get unless they ask to be strict.
    pub const TOLERANT: Self = Self { make_missing_elements: true, strict: false };

    /// What strict keys get, after the interoperability profile of SCIM 2.0.
    pub const STRICT: Self = Self { make_missing_elements: false, strict: true };

    /// What a key gets.
    pub const fn of(strictness: Strictness) -> Self {
        match strictness {
            Strictness::Tolerant => Self::TOLERANT,
            Strictness::Strict => Self::STRICT,
        }
    }
}

/// One operation of a request, not yet looked at in detail.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What to do.
    pub op: Op,
    /// Where, as sent.
    pub path: Option<String>,
    /// With what.
    pub value: Option<Json>,
}

/// A change of rows (`members`), in the order of the request.
#[derive(Clone, Debug, PartialEq)]
pub enum RowChange {
    /// Add these (`value` of each element).
    Add(Vec<String>),
    /// Remove these.
    Remove(Vec<String>),
    /// Remove those that match; only for filters that are not a plain `value eq`.
    RemoveMatching(Filter),
    /// Exactly these.
    Replace(Vec<String>),
    /// None.
    Clear,
}

/// The outcome of a PATCH.
#[derive(Clone, Debug)]
pub struct Patched {
    /// The new document; equal to the old one if nothing changed.
    pub document: Document,
    /// Changes of the attribute that lives in rows.
    pub rows: Vec<RowChange>,
    /// Names that nothing here knows and that were left out, as sent, at most 50.
    pub ignored: Vec<String>,
}

/// Reads the body of a PATCH request: `schemas` with `PatchOp`, `Operations` (names of members in any
/// case), `op` in lower case. Refuses another message, an empty or malformed list (`invalidSyntax`), too many operations
/// (`tooMany`), a `remove` without path (`noTarget`).
pub fn read_operations(body: &Json) -> Result<Vec<Operation>, Invalid> {
    read::operations(body)
}

/// Applies all operations in order, or none.
///
/// What RFC 7644 leaves open, and what clients need: an empty value (null, "", an empty list) means
/// "no value", except that adding an empty list adds nothing. An added element whose `value` and
/// `type` are there already is merged with the one that is there. A complex value goes when its
/// `value` is taken from it; so does an element of a list with nothing left but `type` and
/// `primary`. An element that is replaced through a filter keeps what the filter asks about. A
/// `$ref` goes with the `value` it belonged to. Write-only values are accepted and dropped.
pub fn apply(
    resource_type: &ResourceType,
    document: &Document,
    operations: &[Operation],
    options: PatchOptions,
) -> Result<Patched, Invalid> {
    read::check_count(operations.len())?;
    let mut work = Work::new(resource_type, document, options);
    for (at, operation) in operations.iter().enumerate() {
        work.carry_out(operation).map_err(|refusal| match operations {
            [_] => refusal,
            _ => refusal.in_operation(at + 1),
        })?;
    }
    Ok(work.finish())
}

impl Invalid {
    /// Says which of several operations is refused.
    fn in_operation(self, number: usize) -> Self {
        Self { detail: format!("Operation {number}: {}", self.detail), ..self }
    }
}

/// The members named by a raw `members` value of POST or PUT: strings, objects with `value`, one
/// or a list of them; nulls are skipped, and so is whatever was named before. Refuses other shapes
/// and more than [`crate::resource::limits::MEMBERS`] (`tooMany`).
pub fn read_rows(attribute: &str, json: &Json) -> Result<Vec<String>, Invalid> {
    rows::read(attribute, json)
}
