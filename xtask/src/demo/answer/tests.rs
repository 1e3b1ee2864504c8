use std::time::Instant;

use serde_json::{Value, json};
use ureq::http::Response;

use super::Answer;

fn answer(status: u16, media_type: &str, body: &str) -> anyhow::Result<Answer> {
    let response = Response::builder()
        .status(status)
        .header("Content-Type", media_type)
        .header("Location", "http://x/Users/1")
        .body(ureq::Body::builder().data(body.to_owned()))?;
    Answer::read("GET /Users", response, Instant::now())
}

fn scim(status: u16, body: &Value) -> Answer {
    answer(status, "application/scim+json", &body.to_string()).unwrap()
}

fn page(per_page: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 7, "startIndex": 1, "itemsPerPage": per_page, "Resources": [{ "id": "1" }],
    })
}

fn user(location: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "1",
        "meta": { "resourceType": "User", "location": location },
    })
}

#[test]
fn an_answer_that_is_not_json_fails() {
    assert!(answer(200, "application/scim+json", "Unauthorized").is_err());
    assert!(answer(200, "text/html", "{}").is_err());
}

#[test]
fn an_answer_with_the_password_fails() {
    assert!(answer(200, "application/scim+json", r#"{"password":"1mz050nq"}"#).is_err());
}

#[test]
fn a_list_whose_items_per_page_is_not_what_is_there_fails() {
    assert!(scim(200, &page(&json!(1))).list().is_ok());
    assert!(scim(200, &page(&json!(100))).list().is_err());
    assert!(scim(200, &page(&json!("1"))).list().is_err());
}

#[test]
fn an_error_needs_its_status_as_text_and_a_detail() {
    let error = |status: Value, detail: &str| {
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
        json!({ "schemas": schemas, "status": status, "detail": detail, "scimType": "uniqueness" })
    };
    let good = scim(409, &error(json!("409"), "The user name is taken."));
    assert_eq!(good.refused(409, Some("uniqueness")).unwrap(), "The user name is taken.");
    assert!(good.refused(409, Some("mutability")).is_err());
    assert!(scim(409, &error(json!(409), "x")).refused(409, None).is_err());
    assert!(scim(409, &error(json!("409"), "")).refused(409, None).is_err());
    assert!(scim(403, &error(json!("403"), "x")).refused(409, None).is_err());
}

#[test]
fn a_create_needs_a_resource_and_its_location() {
    assert!(scim(201, &user("http://x/Users/1")).created().is_ok());
    assert!(scim(201, &user("http://x/Users/2")).created().is_err());
    assert!(scim(200, &user("http://x/Users/1")).created().is_err());
    assert!(answer(201, "application/scim+json", "").unwrap().created().is_err());
}
