//! A server that refuses what it must not, or wrongly.

use serde_json::{Value, json};

use super::defects;
use crate::check::proxy::Answer;

defects! {
    "gives the status of errors as a number" [
        "errors.unknown-id" "errors.malformed-id" "errors.unknown-write" "errors.challenge"
        "errors.syntax" "errors.required" "errors.wrong-type" "errors.endpoint" "users.delete"
        "users.duplicate" "patch.atomic" "groups.required" "filters.syntax" "bulk.too-many"]
        Told |_, answer| if answer.status >= 400 { answer.json["status"] = json!(answer.status); };
    "gives errors without their schema" [
        "errors.unknown-id" "errors.challenge" "errors.endpoint" "okta.unknown-id"
        "okta.unauthorized" "groups.delete"]
        Told |_, answer| if answer.status >= 400 { answer.forget("schemas"); };
    "gives errors without detail" ["errors.unknown-id" "okta.unknown-id" "okta.unauthorized"]
        Told |_, answer| if answer.status >= 400 { answer.forget("detail"); };
    "gives errors without scimType" [
        "errors.syntax-type" "users.duplicate" "patch.read-only" "patch.no-target" "filters.syntax"]
        Told |_, answer| if answer.status >= 400 { answer.forget("scimType"); };
    "refuses ids of another shape than its own" ["errors.malformed-id" "okta.unknown-id"]
        Told |request, answer| if answer.status == 404 && !request.path.contains("4f5e") {
            *answer = Answer::refusal(400, "invalidValue");
        };
    "answers 410 to what is not there" [
        "errors.unknown-id" "errors.unknown-write" "users.delete" "groups.delete"
        "entra.delete-twice" "entra.group-delete-twice" "entra.delete-nobody" "okta.delete-group"]
        Told |_, answer| if answer.status == 404 { answer.status = 410; };
    "deletes with 204 what is not there" [
        "errors.unknown-write" "users.delete" "entra.delete-twice" "entra.delete-nobody"
        "entra.group-delete-twice"]
        Told |request, answer| if request.is("DELETE", "/") && answer.status == 404 {
            *answer = Answer::new(204, Value::Null);
        };
    "lets anybody in" [
        "errors.bad-token" "errors.no-token" "errors.challenge" "okta.unauthorized"]
        Asked |request| {
            request.forget_header("authorization");
            request.headers.push(("authorization".to_owned(), request.key.clone()));
            None
        };
    "answers 403 to a wrong token" ["errors.bad-token" "errors.no-token" "okta.unauthorized"]
        Told |_, answer| if answer.status == 401 { answer.status = 403; };
    "does not say how to authenticate" ["errors.challenge"]
        Told |_, answer| answer.forget_header("www-authenticate");
    "breaks on what is no JSON" ["errors.syntax" "errors.syntax-type"]
        Told |_, answer| if answer.json["scimType"] == "invalidSyntax" { answer.status = 500; };
    "makes users of anything" ["errors.required" "errors.wrong-type" "errors.syntax"]
        Told |request, answer| if request.is("POST", "/Users") && answer.status == 400 {
            answer.status = 201;
        };
    "answers an unknown endpoint without a word" ["errors.endpoint"]
        Told |request, answer| if request.path.contains("NoSuch") { answer.json = Value::Null; };
    "answers in application/json" ["errors.media-type"]
        Told |_, answer| {
            answer.forget_header("content-type");
            answer.headers.push(("content-type".to_owned(), "application/json".to_owned()));
        };
}
