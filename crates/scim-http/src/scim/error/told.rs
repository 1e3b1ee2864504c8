//! The mapping from failures to status, `scimType` and detail. Exhaustive: a new failure does not
//! compile until somebody has decided what is told of it.

use actix_web::http::StatusCode;
use scim_app::{Error, error::Unauthenticated, ports::StoreError};

use super::{Failure, Refusal};

#[cfg(test)]
mod tests;

/// Seconds after which a request that met a full queue is worth repeating.
const BUSY_RETRY: u64 = 1;
/// Seconds after which a request that met a database in trouble is.
const STORE_RETRY: u64 = 5;

/// What a client is told of a failure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The status.
    pub(crate) status: StatusCode,
    /// The keyword of RFC 7644 table 9, where it has one.
    pub(crate) scim_type: Option<&'static str>,
    /// A sentence for the customer's admin.
    pub(crate) detail: String,
    /// `Retry-After`, in seconds.
    pub(crate) retry_after: Option<u64>,
    /// `Allow`.
    pub(super) allow: Option<String>,
    /// How a credential is asked for.
    pub(super) challenge: Option<&'static str>,
    /// Whether the connection ends, because what is left of the body is not wanted.
    pub(super) close: bool,
}

impl Told {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: detail.into(),
            retry_after: None,
            allow: None,
            challenge: None,
            close: false,
        }
    }

    /// 503: the same request may work later.
    fn later(seconds: u64, detail: impl Into<String>) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self { retry_after: Some(seconds), ..Self::new(status, detail) }
    }

    /// 500: nothing of the cause is told, only where to find it in the log.
    fn opaque(request_id: Option<&str>) -> Self {
        let id = request_id.unwrap_or("unknown");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("An internal error occurred. Quote the request id {id} to the operator."),
        )
    }
}

impl Failure {
    /// What is told.
    pub(crate) fn told(&self, request_id: Option<&str>) -> Told {
        match self {
            Self::App(error) => told_of(error, request_id),
            Self::Http(refusal) => http(refusal, request_id),
        }
    }
}

/// What is told of a failure of a use case.
pub(crate) fn told_of(error: &Error, request_id: Option<&str>) -> Told {
    let detail = || error.to_string();
    match error {
        Error::Unauthenticated(why) => {
            let told = Told::new(StatusCode::UNAUTHORIZED, detail());
            Told { challenge: Some(challenge(*why)), ..told }
        }
        Error::Forbidden(_) => Told::new(StatusCode::FORBIDDEN, detail()),
        Error::NotFound(_) | Error::Missing { .. } => Told::new(StatusCode::NOT_FOUND, detail()),
        Error::Taken { .. } => {
            let told = Told::new(StatusCode::CONFLICT, detail());
            Told { scim_type: Some("uniqueness"), ..told }
        }
        Error::Conflict(_) => Told::new(StatusCode::CONFLICT, detail()),
        Error::Invalid(invalid) => {
            let told = Told::new(StatusCode::BAD_REQUEST, detail());
            Told { scim_type: Some(invalid.reason.scim_type()), ..told }
        }
        Error::PreconditionFailed => Told::new(StatusCode::PRECONDITION_FAILED, detail()),
        Error::Paused { retry_after } => {
            let told = Told::new(StatusCode::TOO_MANY_REQUESTS, detail());
            Told { retry_after: Some(*retry_after), ..told }
        }
        Error::Busy => Told::later(BUSY_RETRY, detail()),
        Error::Store(cause) => store(cause, detail(), request_id),
        Error::Defect(_) => Told::opaque(request_id),
    }
}

/// How a credential is asked for (RFC 6750 §3). Who has shown a good one is told that it is over, so
/// that a client fetches the next access token; whoever has not learns nothing.
pub(crate) const fn challenge(why: Unauthenticated) -> &'static str {
    match why {
        Unauthenticated::Unknown => "Bearer",
        Unauthenticated::Revoked | Unauthenticated::Expired | Unauthenticated::TokenExpired => {
            "Bearer error=\"invalid_token\""
        }
    }
}

/// The use cases have translated what a client can mend; what is left here is trouble.
fn store(cause: &StoreError, detail: String, request_id: Option<&str>) -> Told {
    match cause {
        // Others kept changing the same row; nothing was applied.
        StoreError::Stale | StoreError::Conflict(_) => {
            Told::later(BUSY_RETRY, "The service is busy. Try again in a moment.")
        }
        StoreError::Unavailable(_) | StoreError::Unknown(_) => Told::later(STORE_RETRY, detail),
        StoreError::Taken(_)
        | StoreError::TooMany
        | StoreError::Inconsistent { .. }
        | StoreError::Failed(_) => Told::opaque(request_id),
    }
}

fn http(refusal: &Refusal, request_id: Option<&str>) -> Told {
    match refusal {
        Refusal::UnknownPath => Told::new(
            StatusCode::NOT_FOUND,
            "Nothing is at this path. The endpoints are Users, Groups, Bulk, .search, \
             ServiceProviderConfig, ResourceTypes and Schemas below the base URL, which ends in \
             /scim/v2.",
        ),
        Refusal::Undiscovered(what) => {
            Told::new(StatusCode::NOT_FOUND, format!("No {what} of this name exists."))
        }
        Refusal::NotAllowed { allow } => {
            let detail = format!("This path does not take this method. It takes {allow}.");
            let told = Told::new(StatusCode::METHOD_NOT_ALLOWED, detail);
            Told { allow: Some(allow.clone()), ..told }
        }
        Refusal::NotOffered(sentence) => Told::new(StatusCode::NOT_IMPLEMENTED, *sentence),
        Refusal::FilteredDiscovery => Told::new(
            StatusCode::FORBIDDEN,
            "What the service can do cannot be filtered. Leave out the parameter filter.",
        ),
        Refusal::SlowBody => {
            let told =
                Told::new(StatusCode::REQUEST_TIMEOUT, "The request did not arrive in time.");
            Told { close: true, ..told }
        }
        Refusal::BrokenBody => {
            let told = Told::new(StatusCode::BAD_REQUEST, "The body of the request broke off.");
            Told { scim_type: Some("invalidSyntax"), close: true, ..told }
        }
        Refusal::TooLarge { limit } => {
            let detail = format!("The body is larger than {limit} bytes. Split the request.");
            Told { close: true, ..Told::new(StatusCode::PAYLOAD_TOO_LARGE, detail) }
        }
        Refusal::TooManyOperations { limit } => Told::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("A Bulk request has at most {limit} operations. Split the request."),
        ),
        Refusal::MediaType => Told::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body must be JSON in UTF-8. Send it with Content-Type: application/scim+json.",
        ),
        Refusal::ContentEncoding => Told::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body must not be compressed. Send it without Content-Encoding.",
        ),
        Refusal::TimedOut => {
            Told::later(STORE_RETRY, "The request took too long. Try again in a moment.")
        }
        Refusal::Crowded => Told::later(
            BUSY_RETRY,
            "Too many requests with this credential wait for an answer. Try again in a moment, and \
             send fewer at once.",
        ),
        Refusal::Panicked => Told::opaque(request_id),
    }
}
