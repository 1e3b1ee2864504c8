//! Answers.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_TYPE, LOCATION},
};
use scim_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{endpoints::Handled, problem::Problem};

const JSON: &str = "application/json";

/// 200 with a body.
pub(super) fn ok<T: Serialize>(body: &T) -> Handled {
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).body(text(body)?))
}

/// 201 with a body, and where it is: a whole address.
pub(super) fn created<T: Serialize>(location: String, body: &T) -> Handled {
    let mut response = HttpResponse::Created();
    response.insert_header((CONTENT_TYPE, JSON)).insert_header((LOCATION, location));
    Ok(response.body(text(body)?))
}

/// The answer to a create, as it can be given again.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Made {
    /// The whole address of what was made.
    location: String,
    /// The body, as it was written.
    body: Box<RawValue>,
}

impl Made {
    /// Of what was made, and its whole address.
    pub(super) fn new<T: Serialize>(location: String, body: &T) -> Result<Self, Problem> {
        let body = serde_json::value::to_raw_value(body);
        Ok(Self { location, body: body.map_err(|it| Problem::defect(it.to_string()))? })
    }

    /// The answer.
    pub(super) fn respond(self) -> Handled {
        created(self.location, &self.body)
    }
}

/// 204.
pub(super) fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

fn text<T: Serialize>(body: &T) -> Result<String, Problem> {
    serde_json::to_string(body).map_err(|it| Problem::defect(it.to_string()))
}

/// A moment on the wire (RFC 3339, UTC).
pub(super) fn moment(at: Timestamp) -> String {
    at.to_string()
}
