use std::error::Error as StdError;

/// What must be unique in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueKey {
    /// A user's folded `userName`.
    UserName,
    /// A group's folded `displayName`.
    GroupDisplayName,
    /// A role's folded name.
    RoleName,
    /// A role's key.
    RoleKey,
    /// The pattern of a mapping rule, among the rules of its role.
    MappingRule,
    /// What an API key calls its request.
    IdempotencyKey,
}

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another row holds the value.
    #[error("taken: {0:?}")]
    Taken(UniqueKey),
    /// The row is not, or no longer, as the caller knew it.
    #[error("changed in the meantime")]
    Stale,
    /// A search met more candidates than it may look at.
    #[error("too many candidates")]
    TooMany,
    /// The database is away, locked for too long, full, or its schema is not this program's.
    /// Nothing was changed; the same request may work later.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// Other units were in the way: a deadlock, or an order that is none. Nothing was changed, and
    /// the same use case may be carried out again at once.
    #[error("other units were in the way")]
    Conflict(#[source] Box<dyn StdError + Send + Sync>),
    /// The commit may or may not have happened. A retry converges.
    #[error("the outcome of the commit is unknown")]
    Unknown(#[source] Box<dyn StdError + Send + Sync>),
    /// The database holds something that cannot be.
    #[error("inconsistent data in {table}: {reason}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// What is wrong, without content.
        reason: String,
    },
    /// A defect: the statement cannot work.
    #[error("the statement failed")]
    Failed(#[source] Box<dyn StdError + Send + Sync>),
}
