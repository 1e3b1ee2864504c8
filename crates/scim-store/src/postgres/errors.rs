//! What a refusal of PostgreSQL means.

use scim_app::ports::StoreError;
use tokio_postgres::error::{DbError, SqlState};

use crate::error::{failed, not_unique, unavailable};

/// What PostgreSQL said, without its detail and hint, which repeat what people are called.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message}")]
struct Said {
    code: String,
    message: String,
}

impl Said {
    fn of(error: &DbError) -> Self {
        Self { code: error.code().code().to_owned(), message: error.message().to_owned() }
    }
}

/// Why a statement did not work.
pub(super) fn refused(error: tokio_postgres::Error) -> StoreError {
    match error.as_db_error() {
        Some(said) => by_state(said),
        // Nothing was said: the connection is gone, or the values did not fit the statement.
        None if error.is_closed() || is_transport(&error) => unavailable(error),
        None => failed(error),
    }
}

/// Whether the network failed, and not what was sent over it.
pub(super) fn is_transport(error: &tokio_postgres::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(it) = cause {
        if it.is::<std::io::Error>() {
            return true;
        }
        cause = it.source();
    }
    false
}

fn by_state(error: &DbError) -> StoreError {
    let said = Said::of(error);
    let code = error.code();
    if *code == SqlState::UNIQUE_VIOLATION {
        return not_unique(&said.message.clone(), said);
    }
    if *code == SqlState::FOREIGN_KEY_VIOLATION {
        // What the row points to is gone.
        return StoreError::Stale;
    }
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        return StoreError::Conflict(said.into());
    }
    let class = code.code().get(..2).unwrap_or_default();
    let passing = matches!(class, "08" | "53" | "57" | "58")
        || *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::READ_ONLY_SQL_TRANSACTION
        || *code == SqlState::UNDEFINED_TABLE
        || *code == SqlState::UNDEFINED_COLUMN
        || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        || *code == SqlState::INVALID_PASSWORD
        || *code == SqlState::INVALID_CATALOG_NAME;
    if passing { unavailable(said) } else { failed(said) }
}

/// Why a commit did not work: surely not, or nobody knows.
pub(super) fn uncommitted(error: tokio_postgres::Error) -> StoreError {
    match error.as_db_error() {
        // A server that goes away says so before it has answered; whether it had committed by then
        // cannot be told.
        Some(said) if said.code().code().starts_with("57") => {
            StoreError::Unknown(Said::of(said).into())
        }
        Some(said) => by_state(said),
        None => StoreError::Unknown(error.into()),
    }
}
