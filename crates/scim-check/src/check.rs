//! What a check is and how it may end.

use std::fmt;

use crate::world::World;

/// What checks are about; one can be run without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// What the server says about itself.
    Discovery,
    /// What is refused, and how.
    Errors,
    /// Creating, reading, replacing and deleting users.
    Users,
    /// Changing users in part.
    Patch,
    /// Groups and their members.
    Groups,
    /// Finding.
    Filters,
    /// Lists in pages.
    Paging,
    /// Lists in pages by cursor.
    Cursors,
    /// Lists in order.
    Sorting,
    /// `ETag` and its conditions.
    Versions,
    /// `attributes` and `excludedAttributes`.
    Projection,
    /// Several operations in one request.
    Bulk,
    /// What Okta tests before it lists an application.
    Okta,
    /// What Entra's validator tests.
    Entra,
}

impl Group {
    /// All, in the order in which they are run.
    pub const ALL: [Self; 14] = [
        Self::Discovery,
        Self::Errors,
        Self::Users,
        Self::Patch,
        Self::Groups,
        Self::Filters,
        Self::Paging,
        Self::Cursors,
        Self::Sorting,
        Self::Versions,
        Self::Projection,
        Self::Bulk,
        Self::Okta,
        Self::Entra,
    ];

    /// The name, which is also the first part of a check's id.
    pub fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Errors => "errors",
            Self::Users => "users",
            Self::Patch => "patch",
            Self::Groups => "groups",
            Self::Filters => "filters",
            Self::Paging => "paging",
            Self::Cursors => "cursors",
            Self::Sorting => "sorting",
            Self::Versions => "versions",
            Self::Projection => "projection",
            Self::Bulk => "bulk",
            Self::Okta => "okta",
            Self::Entra => "entra",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How much a failure weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The RFC demands it, or every client relies on it.
    Must,
    /// The RFC advises it.
    Should,
    /// Okta needs it.
    Okta,
    /// Entra needs it.
    Entra,
}

impl Level {
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Okta => "okta",
            Self::Entra => "entra",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As expected.
    Passed,
    /// What was expected and what came.
    Failed(String),
    /// The same, where the RFC advises and does not demand it.
    Advised(String),
    /// Why there was nothing to check.
    Skipped(String),
}

/// Why a check ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    Failed(String),
    Skipped(String),
    /// No answer came, so nothing is known.
    Unanswered(String),
}

/// What the code of a check gives.
pub(crate) type Verdict<T = ()> = Result<T, Stop>;

/// One thing that is checked.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its name, the same in every version: group, dot, words.
    pub id: &'static str,
    /// What it belongs to.
    pub group: Group,
    /// How much it weighs.
    pub level: Level,
    /// The section of an RFC, or the provider's test that it comes from.
    pub source: &'static str,
    /// What holds where it passes.
    pub sentence: &'static str,
    pub(crate) code: fn(&mut World<'_>) -> Verdict,
}

/// Fails unless it holds.
pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(Stop::Failed(otherwise())) }
}

pub(crate) fn fail<T>(why: impl Into<String>) -> Verdict<T> {
    Err(Stop::Failed(why.into()))
}

pub(crate) fn skip<T>(why: impl Into<String>) -> Verdict<T> {
    Err(Stop::Skipped(why.into()))
}
