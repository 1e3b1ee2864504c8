//! Every way not to succeed, and what is told of it: the one place where failures become HTTP.

use actix_web::{
    HttpResponse,
    body::MessageBody,
    http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE},
};
use scim_app::Error;
use scim_domain::{Invalid, resource::document::Corrupt};
use serde::Serialize;
use serde_json::Value;

use super::answer::SCIM_JSON;

mod told;

pub(super) use told::Told;
pub(crate) use told::{challenge, told_of};

/// Why a request was not carried out.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The use case refused or failed.
    App(Error),
    /// The adapter did.
    Http(Refusal),
}

/// What the adapter refuses by itself.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// 404: nothing is at this path.
    UnknownPath,
    /// 404: discovery knows no schema or resource type of this name.
    Undiscovered(&'static str),
    /// 405.
    NotAllowed {
        /// The methods that are, for the header `Allow`.
        allow: String,
    },
    /// 501: a part of SCIM that this service is without. The sentence says which.
    NotOffered(&'static str),
    /// 403: RFC 7644 §4 forbids to filter discovery.
    FilteredDiscovery,
    /// 408: the body did not arrive in time.
    SlowBody,
    /// 400: the body broke off.
    BrokenBody,
    /// 413.
    TooLarge {
        /// The largest body, in bytes.
        limit: usize,
    },
    /// 413: a Bulk request of more operations than it may have.
    TooManyOperations {
        /// How many it may have.
        limit: usize,
    },
    /// 415: the body is no JSON.
    MediaType,
    /// 415: the body is compressed.
    ContentEncoding,
    /// 503: it took too long. What a write did is not known here; a retry converges.
    TimedOut,
    /// 503: more requests wait with the same credential than may.
    Crowded,
    /// 500: the code that handled it panicked.
    Panicked,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::App(error)
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::App(invalid.into())
    }
}

impl From<Corrupt> for Failure {
    fn from(corrupt: Corrupt) -> Self {
        Self::App(corrupt.into())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Http(refusal)
    }
}

/// The body of every error (RFC 7644 §3.12).
#[derive(Serialize)]
struct Body<'a> {
    schemas: [&'static str; 1],
    status: String,
    #[serde(rename = "scimType", skip_serializing_if = "Option::is_none")]
    scim_type: Option<&'static str>,
    detail: &'a str,
}

impl Failure {
    /// The answer. `request_id` is named where the cause is not.
    pub(crate) fn respond(&self, request_id: Option<&str>) -> HttpResponse {
        self.told(request_id).respond()
    }
}

impl Told {
    fn body(&self) -> Body<'_> {
        Body {
            schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
            status: self.status.as_u16().to_string(),
            scim_type: self.scim_type,
            detail: &self.detail,
        }
    }

    /// The error inside of an answer: for an operation of a Bulk request.
    pub(super) fn to_json(&self) -> Value {
        // A struct of texts always serialises.
        serde_json::to_value(self.body()).unwrap_or_default()
    }

    /// The body of the answer.
    pub(super) fn text(&self) -> String {
        // A struct of texts always serialises.
        serde_json::to_string(&self.body()).unwrap_or_default()
    }

    /// The answer in SCIM JSON.
    pub(super) fn respond(&self) -> HttpResponse {
        self.respond_with(self.text())
    }

    /// The answer with its [text](Self::text), which was written before.
    pub(super) fn respond_with(&self, text: impl MessageBody + 'static) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((CONTENT_TYPE, HeaderValue::from_static(SCIM_JSON)));
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, HeaderValue::from(seconds)));
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
        response.body(text)
    }
}
