//! From what a use case failed with to a problem: once, and without a wildcard.

use scim_app::{
    Error,
    error::{Forbidden, Unauthenticated},
    ports::StoreError,
};
use scim_domain::{Invalid, resource::document::Corrupt};

use super::{Kind, Problem};

/// Seconds after which a request that met a full queue is worth repeating.
const BUSY_RETRY: u64 = 1;
/// Seconds after which a request that met a database in trouble is.
const STORE_RETRY: u64 = 5;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        let problem = match &error {
            Error::Unauthenticated(why) => {
                let asked = Self::new(Kind::Unauthenticated, of_credential(*why));
                Self { unauthenticated: Some(*why), ..asked }
            }
            Error::Forbidden(why) => Self::new(of_refusal(why), detail),
            Error::NotFound(_) | Error::Missing { .. } => Self::new(Kind::NotFound, detail),
            Error::Taken { .. } => Self::new(Kind::Taken, detail),
            Error::Conflict(_) => Self::new(Kind::Conflict, detail),
            Error::Invalid(_) => Self::new(Kind::Invalid, detail),
            Error::PreconditionFailed => Self::new(Kind::PreconditionFailed, detail),
            // Managing is never paused; were it, it would work again later.
            Error::Paused { retry_after } => Self::later(*retry_after, detail),
            Error::Busy => Self::later(BUSY_RETRY, detail),
            Error::Store(cause) => of_store(cause, detail),
            Error::Defect(_) => opaque(),
        };
        Self { cause: Some(error), ..problem }
    }
}

/// Whoever manages is a program of the customer's, and no identity provider.
fn of_credential(why: Unauthenticated) -> String {
    let over = match why {
        Unauthenticated::Revoked => "was revoked",
        Unauthenticated::Expired => "has expired",
        Unauthenticated::Unknown | Unauthenticated::TokenExpired => return why.to_string(),
    };
    format!("This API key {over}. Create a new one and give it to the program that uses this one.")
}

/// A seat that is missing is no matter of the key: another one is refused as well, and the same one
/// is not once somebody has left.
const fn of_refusal(why: &Forbidden) -> Kind {
    match why {
        Forbidden::SeatLimit { .. } => Kind::SeatLimit,
        Forbidden::NoPermission
        | Forbidden::Plan(_)
        | Forbidden::ScimKey
        | Forbidden::Lacks(_)
        | Forbidden::CannotGive(_)
        | Forbidden::Address(_)
        | Forbidden::UsersOnly
        | Forbidden::RoleDenied { .. }
        | Forbidden::OperatorOnly
        | Forbidden::ScimOff
        | Forbidden::Disabled
        | Forbidden::Deleted(_)
        | Forbidden::Protected
        | Forbidden::Detached
        | Forbidden::ProtectedMember => Kind::Forbidden,
    }
}

fn of_store(cause: &StoreError, detail: String) -> Problem {
    match cause {
        // Others kept changing the same row; nothing was applied.
        StoreError::Stale | StoreError::Conflict(_) => {
            Problem::later(BUSY_RETRY, "The service is busy. Try again in a moment.")
        }
        StoreError::Unavailable(_) | StoreError::Unknown(_) => Problem::later(STORE_RETRY, detail),
        StoreError::Taken(_)
        | StoreError::TooMany
        | StoreError::Inconsistent { .. }
        | StoreError::Failed(_) => opaque(),
    }
}

/// 500: nothing of the cause is told, only where to find it in the log.
fn opaque() -> Problem {
    Problem::new(
        Kind::Internal,
        "An internal error occurred. Quote the id in instance to the operator.",
    )
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Error::from(invalid).into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}

impl From<Corrupt> for Problem {
    fn from(corrupt: Corrupt) -> Self {
        Error::from(corrupt).into()
    }
}
