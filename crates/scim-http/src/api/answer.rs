//! Answers.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_TYPE, LOCATION},
};
use scim_domain::Timestamp;
use serde::Serialize;

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
