//! What the token endpoint answers (RFC 6749 §5.1 and §5.2).

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use scim_app::oauth::{Granted, Refused};
use serde::Serialize;

use super::form::LARGEST;
use crate::scim::{log_error, told_of};

/// Seconds after which a request that took too long is worth repeating.
const RETRY: u64 = 5;

/// The body of an answer that gives a token.
#[derive(Serialize)]
struct Given<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    scope: &'a str,
}

/// The body of an error.
#[derive(Serialize)]
struct Error<'a> {
    error: &'static str,
    error_description: &'a str,
}

/// The answer that gives a token.
pub(super) fn granted(granted: &Granted) -> HttpResponse {
    let scope = granted.scope();
    let body = Given {
        access_token: granted.token.expose(),
        token_type: "Bearer",
        expires_in: granted.seconds,
        scope: &scope,
    };
    // A struct of texts always serialises.
    let body = serde_json::to_string(&body).unwrap_or_default();
    HttpResponse::Ok().content_type("application/json").body(body)
}

/// Why no token is given.
pub(super) enum Refusal {
    /// The request makes no sense as it is.
    Invalid(&'static str),
    /// Another grant than that of client credentials.
    GrantType,
    /// The client does not say who it is, or in a way that is not offered.
    NoCredential,
    /// The body is no form, or is compressed.
    MediaType,
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    SlowBody,
    /// It took too long.
    TimedOut,
    /// The code that handled it panicked.
    Panicked,
    /// The use case refused.
    Refused(Refused),
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// What a client is told.
pub(super) struct Told {
    /// The status.
    pub(super) status: StatusCode,
    /// The code of RFC 6749 §5.2; for what that has none for, one of §4.1.2.1.
    pub(super) error: &'static str,
    description: String,
    retry_after: Option<u64>,
    close: bool,
}

impl Told {
    fn new(status: StatusCode, error: &'static str, description: impl Into<String>) -> Self {
        Self { status, error, description: description.into(), retry_after: None, close: false }
    }

    fn bad(error: &'static str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, description)
    }

    fn unauthenticated(description: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", description)
    }

    fn later(seconds: u64, description: impl Into<String>) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let told = Self::new(status, "temporarily_unavailable", description);
        Self { retry_after: Some(seconds), ..told }
    }

    /// The answer.
    pub(super) fn respond(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type("application/json");
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"scimd\""));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if self.close {
            response.force_close();
        }
        let description = plain(&self.description);
        let body = Error { error: self.error, error_description: &description };
        // A struct of texts always serialises.
        response.body(serde_json::to_string(&body).unwrap_or_default())
    }
}

/// The characters that RFC 6749 §5.2 has for a description.
fn plain(text: &str) -> String {
    let allowed = |it: char| match it {
        '"' => '\'',
        '\\' => '/',
        ' '..='~' => it,
        _ => '?',
    };
    text.chars().map(allowed).collect()
}

impl Refusal {
    /// What is told of it. `request_id` is named where the cause is not.
    pub(super) fn told(&self, request_id: &str) -> Told {
        match self {
            Self::Invalid(why) => Told::bad("invalid_request", *why),
            Self::GrantType => Told::bad(
                "unsupported_grant_type",
                "The grant_type must be client_credentials: this service gives tokens to clients, \
                 and not on behalf of people.",
            ),
            Self::NoCredential => Told::unauthenticated(
                "Say who the client is: client_id and client_secret (the id and the token of an API \
                 key) as HTTP Basic or in the form, or a client_assertion.",
            ),
            Self::MediaType => Told::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "invalid_request",
                "Send a form: Content-Type application/x-www-form-urlencoded, not compressed.",
            ),
            Self::TooLarge => {
                let description = format!("The body is larger than {LARGEST} bytes.");
                let status = StatusCode::PAYLOAD_TOO_LARGE;
                Told { close: true, ..Told::new(status, "invalid_request", description) }
            }
            Self::SlowBody => {
                let description = "The request did not arrive in time.";
                let status = StatusCode::REQUEST_TIMEOUT;
                Told { close: true, ..Told::new(status, "invalid_request", description) }
            }
            Self::TimedOut => {
                Told::later(RETRY, "The request took too long. Try again in a moment.")
            }
            Self::Panicked => opaque(request_id),
            Self::Refused(refused) => told(refused, request_id),
        }
    }

    /// Tells the log what the client is not told. Who is unknown may come by the thousand.
    pub(super) fn log(&self, told: &Told, took_us: u64) {
        let (status, error) = (told.status.as_u16(), told.error);
        match self {
            Self::Refused(Refused::Failed(cause)) => log_error(cause),
            Self::Panicked => tracing::error!("the request panicked"),
            Self::TimedOut => tracing::warn!("the request took too long"),
            Self::Refused(
                Refused::Over(_) | Refused::Assertion(_) | Refused::Powerless | Refused::Scope(_),
            ) => tracing::info!(status, error, took_us, "gave no access token"),
            Self::Refused(Refused::UnknownClient)
            | Self::Invalid(_)
            | Self::GrantType
            | Self::NoCredential
            | Self::MediaType
            | Self::TooLarge
            | Self::SlowBody => tracing::debug!(status, error, took_us, "gave no access token"),
        }
    }
}

fn opaque(request_id: &str) -> Told {
    Told::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "server_error",
        format!("An internal error occurred. Quote the request id {request_id} to the operator."),
    )
}

fn told(refused: &Refused, request_id: &str) -> Told {
    let description = refused.to_string();
    match refused {
        Refused::UnknownClient | Refused::Over(_) | Refused::Assertion(_) => {
            Told::unauthenticated(description)
        }
        Refused::Powerless => Told::bad("unauthorized_client", description),
        Refused::Scope(_) => Told::bad("invalid_scope", description),
        Refused::Failed(error) => {
            // What failed is told as SCIM tells it: one place decides what is a defect.
            let told = told_of(error, Some(request_id));
            match told.status {
                StatusCode::UNAUTHORIZED => Told::unauthenticated(told.detail),
                StatusCode::SERVICE_UNAVAILABLE => {
                    Told::later(told.retry_after.unwrap_or(RETRY), told.detail)
                }
                StatusCode::INTERNAL_SERVER_ERROR => opaque(request_id),
                _ => Told::bad("unauthorized_client", told.detail),
            }
        }
    }
}
