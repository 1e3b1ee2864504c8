//! A server that is wrong about several operations in one request.

use serde_json::{Value, json};

use super::defects;
use crate::check::proxy::{Answer, Request};

/// Each operation, of the request or of the answer.
fn each(json: &mut Value, change: impl FnMut(&mut Value)) {
    json["Operations"].as_array_mut().into_iter().flatten().for_each(change);
}

fn is_bulk(request: &Request) -> bool {
    request.is("POST", "/Bulk")
}

defects! {
    "gives the status of an operation as a number" [
        "bulk.create" "bulk.several" "bulk.refused" "bulk.fail-on-errors"]
        Told |request, answer| if is_bulk(request) {
            each(&mut answer.json, |it| it["status"] = json!(200));
        };
    "does not say where an operation made something" ["bulk.create" "bulk.reference"]
        Told |request, answer| if is_bulk(request) {
            each(&mut answer.json, |it| it["location"] = Value::Null);
        };
    "does not say which operation it answers" ["bulk.create"]
        Told |request, answer| if is_bulk(request) {
            each(&mut answer.json, |it| it["bulkId"] = Value::Null);
        };
    "answers bulk without its schema" ["bulk.create" "bulk.several" "bulk.reference" "bulk.refused"]
        Told |request, answer| if is_bulk(request) { answer.forget("schemas"); };
    "changes nothing by PATCH in bulk" ["bulk.several"]
        Asked |request| {
            if is_bulk(request) {
                each(&mut request.json, |it| if it["method"] == "PATCH" {
                    it["data"]["Operations"][0]["value"] = json!("something else");
                });
            }
            None
        };
    "knows no bulkId in what it makes" ["bulk.reference"]
        Asked |request| {
            if is_bulk(request) {
                each(&mut request.json, |it| if it["path"] == "/Groups" {
                    it["data"]["members"] = json!([]);
                });
            }
            None
        };
    "stops at the first error" ["bulk.refused"]
        Asked |request| {
            if is_bulk(request) { request.json["failOnErrors"] = json!(1); }
            None
        };
    "does not say why an operation is refused" ["bulk.refused"]
        Told |request, answer| if is_bulk(request) {
            each(&mut answer.json, |it| it["response"] = Value::Null);
        };
    "never stops" ["bulk.fail-on-errors"]
        Asked |request| {
            if is_bulk(request) { request.json["failOnErrors"] = json!(1000); }
            None
        };
    "knows no limit" ["bulk.too-many"]
        Told |_, answer| if answer.status == 413 { *answer = Answer::new(200, json!({})); };
    "answers too many operations with 400" ["bulk.too-many"]
        Told |_, answer| if answer.status == 413 { *answer = Answer::refusal(400, ""); };
}
