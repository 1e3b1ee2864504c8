use std::error::Error as StdError;

use scim_app::ports::{StoreError, UniqueKey};

/// What to say of a value that must be unique and is not, by the columns or the constraint that
/// the database names in its message.
///
/// SQLite says `UNIQUE constraint failed: users.organization_id, users.user_name_key`, PostgreSQL
/// names the index, `users_user_name_key`: both hold the table and the column.
pub(crate) fn not_unique(
    message: &str,
    source: impl StdError + Send + Sync + 'static,
) -> StoreError {
    let names = |table: &str, column: &str| {
        message.contains(&format!("{table}.{column}"))
            || message.contains(&format!("{table}_{column}"))
    };
    if names("users", "user_name_key") {
        StoreError::Taken(UniqueKey::UserName)
    } else if names("groups", "display_name_key") {
        StoreError::Taken(UniqueKey::GroupDisplayName)
    } else if names("roles", "name_key") {
        StoreError::Taken(UniqueKey::RoleName)
    } else if names("roles", "role_key") {
        StoreError::Taken(UniqueKey::RoleKey)
    } else if names("mapping_rules", "name_key") {
        StoreError::Taken(UniqueKey::MappingRule)
    } else if names("idempotency_keys", "name") || message.contains("idempotency_keys_pkey") {
        StoreError::Taken(UniqueKey::IdempotencyKey)
    } else if names("audit_seals", "sequence")
        || names("feed", "sequence")
        || message.contains("audit_seals_pkey")
        || message.contains("feed_pkey")
    {
        // Somebody else gave this place away.
        StoreError::Stale
    } else {
        failed(source)
    }
}

/// The database cannot do it now.
pub(crate) fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> StoreError {
    StoreError::Unavailable(source.into())
}

/// The statement cannot work.
pub(crate) fn failed(source: impl Into<Box<dyn StdError + Send + Sync>>) -> StoreError {
    StoreError::Failed(source.into())
}

/// The database holds something that cannot be.
pub(crate) fn inconsistent(table: &'static str, reason: impl Into<String>) -> StoreError {
    StoreError::Inconsistent { table, reason: reason.into() }
}

#[cfg(test)]
mod tests;
