//! What remains of a request: one line in the log, and, for writes and refusals, an entry in the
//! activity that the customer's admin reads.

use std::{error::Error as StdError, time::Duration};

use actix_web::{
    HttpRequest,
    http::{Method, StatusCode},
};
use scim_app::{Error, activity::Answered, ports::StoreError};
use scim_domain::GroupId;

use super::super::{
    MOUNT, Scim,
    error::{Failure, Refusal},
    exchange::{Exchange, Handled},
    routes::{Class, ROUTES},
};

#[cfg(test)]
mod tests;

/// Methods in the activity are cut to so many characters.
const LONGEST_METHOD: usize = 16;
/// Paths in the activity are cut to so many characters.
const PATH_CHARACTERS: usize = 120;

/// Writes the line of an answered request. Successful reads, and requests without a credential,
/// are for the curious only: they may come by the thousand.
pub(super) fn log(exchange: &Exchange, status: StatusCode, took: Duration) {
    let status = status.as_u16();
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let write = exchange.route.is_some_and(|it| it.class == Class::Write);
    if exchange.caller.is_some() && (write || status >= 400) {
        tracing::info!(status, took_us, "answered");
    } else {
        tracing::debug!(status, took_us, "answered");
    }
}

/// Tells the cause of a failure that the client is not told.
pub(in crate::scim) fn log_cause(failure: &Failure) {
    match failure {
        Failure::App(error) => log_error(error),
        Failure::Http(Refusal::Panicked) => tracing::error!("the request panicked"),
        Failure::Http(Refusal::TimedOut) => tracing::warn!("the request took too long"),
        Failure::Http(
            Refusal::UnknownPath
            | Refusal::Undiscovered(_)
            | Refusal::NotAllowed { .. }
            | Refusal::NotOffered(_)
            | Refusal::FilteredDiscovery
            | Refusal::SlowBody
            | Refusal::BrokenBody
            | Refusal::TooLarge { .. }
            | Refusal::TooManyOperations { .. }
            | Refusal::MediaType
            | Refusal::ContentEncoding
            | Refusal::Crowded,
        ) => {}
    }
}

/// Tells the cause of what a use case failed with.
pub(crate) fn log_error(error: &Error) {
    match error {
        Error::Store(cause) => log_store(cause),
        Error::Defect(cause) => tracing::error!(cause, "a defect"),
        Error::Busy => tracing::warn!("too many credentials are being checked"),
        Error::Unauthenticated(_)
        | Error::Forbidden(_)
        | Error::NotFound(_)
        | Error::Missing { .. }
        | Error::Taken { .. }
        | Error::Conflict(_)
        | Error::Invalid(_)
        | Error::Paused { .. }
        | Error::PreconditionFailed => {}
    }
}

fn log_store(cause: &StoreError) {
    let error: &(dyn StdError + 'static) = cause;
    match cause {
        StoreError::Unavailable(_)
        | StoreError::Unknown(_)
        | StoreError::Conflict(_)
        | StoreError::Stale => {
            tracing::warn!(error, "the store did not serve the request");
        }
        StoreError::Taken(_)
        | StoreError::TooMany
        | StoreError::Inconsistent { .. }
        | StoreError::Failed(_) => tracing::error!(error, "the store failed the request"),
    }
}

/// Tells the activity of every write, and of every request of a known caller that was refused.
pub(super) fn record(
    scim: &Scim,
    request: &HttpRequest,
    request_id: &str,
    exchange: &Exchange,
    handled: &Handled,
) {
    let Some(caller) = &exchange.caller else { return };
    scim.0.activity.showed(caller);
    let (status, detail) = match handled {
        Ok(done) => {
            let Some(notes) = &done.notes else { return };
            (done.response.status(), notes.join("; "))
        }
        Err(failure) => {
            if let Failure::App(Error::Forbidden(why)) = failure {
                scim.0.activity.denied(caller.client(), why);
            }
            let told = failure.told(Some(request_id));
            (told.status, told.detail)
        }
    };
    let path = path(request.uri().path());
    let answered =
        Answered { method: method(request.method()), path: &path, status: status.as_u16(), detail };
    scim.0.activity.answered(caller, answered);
}

/// A method as people may read it; any word can be one.
fn method(sent: &Method) -> &str {
    sent.as_str().get(..LONGEST_METHOD).unwrap_or(sent.as_str())
}

/// A path as people may read it. Segments that are neither an id nor one of our words are not
/// repeated: a client that is set up wrongly may put anything there, its key included.
fn path(sent: &str) -> String {
    let below = sent.strip_prefix(MOUNT).unwrap_or(sent);
    let told = below.split('/').map(|it| if is_plain(it) { it } else { "…" });
    let told: Vec<_> = told.collect();
    told.join("/").chars().take(PATH_CHARACTERS).collect()
}

fn is_plain(segment: &str) -> bool {
    let mut words = ROUTES.iter().flat_map(|it| it.path.split('/'));
    // In any case, so that `/users` is told as what went wrong; any other word may be a name.
    words.any(|it| it.eq_ignore_ascii_case(segment))
        // Ids of users and groups look alike.
        || GroupId::parse(segment).is_some()
        || segment.starts_with("urn:ietf:params:scim:")
}
