//! Errors as problem details (RFC 9457).

use actix_web::{
    HttpResponse,
    http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE},
};
use scim_app::Error;
use serde::Serialize;
use utoipa::ToSchema;

mod advice;
mod from_error;
mod kind;

pub(super) use kind::Kind;

pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was not carried out. Nothing of it was applied.
#[derive(Debug)]
pub(super) struct Problem {
    kind: Kind,
    detail: String,
    retry_after: Option<u64>,
    allow: Option<String>,
    /// How a credential is asked for.
    challenge: Option<&'static str>,
    /// Whether what is left of the body is not wanted.
    close: bool,
    /// What the client is not told.
    cause: Option<Error>,
}

/// The body of an error.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemBody {
    /// Where this kind of problem is described.
    #[serde(rename = "type")]
    #[schema(format = Uri)]
    problem_type: String,
    /// What kind of problem it is, for people.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What kind of problem it is, for programs. A kind is never renamed.
    code: &'static str,
    /// What is wrong with this request, and what to do.
    detail: String,
    /// The request, by its id: quote it to the operator.
    #[schema(format = Uri)]
    instance: String,
}

impl Problem {
    /// A problem of a kind, in a sentence that says what to do.
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            kind,
            detail,
            retry_after: None,
            allow: None,
            challenge: None,
            close: false,
            cause: None,
        }
    }

    /// The request makes no sense as it is.
    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, detail)
    }

    /// A defect of ours.
    pub(super) fn defect(what: impl Into<String>) -> Self {
        Error::Defect(what.into()).into()
    }

    pub(super) fn unknown_path() -> Self {
        Self::new(
            Kind::NotFound,
            "Nothing is at this path. /api/v1/openapi.json describes what there is.",
        )
    }

    pub(super) fn not_allowed(allow: &str) -> Self {
        let detail = format!("This path does not take this method. It takes {allow}.");
        Self { allow: Some(allow.to_owned()), ..Self::new(Kind::MethodNotAllowed, detail) }
    }

    pub(super) fn media_type(detail: &str) -> Self {
        Self::new(Kind::UnsupportedMediaType, format!("The body must be JSON in UTF-8. {detail}"))
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let detail = format!("The body is larger than {limit} bytes. Split the request.");
        Self { close: true, ..Self::new(Kind::TooLarge, detail) }
    }

    pub(super) fn slow_body() -> Self {
        let detail = "The request did not arrive in time.";
        Self { close: true, ..Self::new(Kind::RequestTimeout, detail) }
    }

    pub(super) fn timed_out() -> Self {
        Self::later(5, "The request took too long. Try again in a moment.")
    }

    /// 503: the same request may work in so many seconds.
    pub(super) fn later(seconds: u64, detail: impl Into<String>) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(Kind::Unavailable, detail) }
    }

    /// What is wrong, for whoever can only pass a text on.
    pub(super) fn defect_text(&self) -> String {
        self.cause.as_ref().map_or_else(|| self.detail.clone(), |it| format!("{it:?}"))
    }

    /// 429: the same request may work in so many seconds.
    pub(super) fn too_many(seconds: u64, detail: impl Into<String>) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(Kind::TooManyRequests, detail) }
    }

    /// What is told.
    #[cfg(test)]
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    /// What is not told, but logged.
    pub(super) const fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    /// The answer. `base` is the address of the API.
    pub(super) fn respond(&self, base: &str, request_id: &str) -> HttpResponse {
        let status = self.kind.status();
        let mut response = HttpResponse::build(status);
        response.content_type(PROBLEM_JSON);
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if let Some(allow) = &self.allow {
            response.insert_header((ALLOW, allow.as_str()));
        }
        if let Some(challenge) = self.challenge {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        if self.close {
            response.force_close();
        }
        let body = ProblemBody {
            problem_type: format!("{base}/docs#problem-{}", self.kind.code()),
            title: self.kind.title(),
            status: status.as_u16(),
            code: self.kind.code(),
            detail: self.detail.clone(),
            instance: format!("urn:uuid:{request_id}"),
        };
        // A struct of texts always serialises.
        response.body(serde_json::to_string(&body).unwrap_or_default())
    }
}
