//! A server that Okta or Entra cannot work with.

use serde_json::{Value, json};

use super::defects;
use crate::check::proxy::Answer;

fn path(operation: &Value) -> &str {
    operation["path"].as_str().unwrap_or_default()
}

defects! {
    "lists users without their names" ["okta.users" "okta.user" "okta.create" "okta.update"]
        Told |_, answer| answer.forget("name");
    "does not say whether users are active" ["okta.users" "okta.user" "okta.create"]
        Told |_, answer| answer.forget("active");
    "lists users whose ids find somebody else" ["okta.user"]
        Told |request, answer| if request.is("GET", "/Users/") { answer.json["id"] = json!("1"); };
    "writes names in small letters" ["okta.create"]
        Told |_, answer| answer.resources(|it| if let Some(name) = it["userName"].as_str() {
            it["userName"] = json!(name.to_lowercase());
        });
    "forgets that a look-up is a list" ["okta.case" "okta.groups" "entra.connection" "entra.absent"]
        Told |_, answer| { answer.json.as_object_mut().map(|it| it.remove("totalResults")); };
    "keeps active as the string it was sent as" ["entra.string-active"]
        Told |_, answer| answer.resources(|it| if let Some(active) = it["active"].as_bool() {
            it["active"] = json!(active.to_string());
        });
    "takes no string for active" ["entra.disable" "entra.restore" "entra.string-active"]
        Asked |request| {
            let string = |it: &Value| path(it) == "active" && it["value"].is_string();
            let string = request.json["active"].is_string() || request.has_operation(string);
            string.then(|| Answer::refusal(400, "invalidValue"))
        };
    "takes every string for true" ["entra.disable" "entra.restore"]
        Asked |request| request.operations(|it| {
            if path(it) == "active" && it["value"].is_string() { it["value"] = json!(true); }
            true
        });
    "does not change a userName" ["entra.user-name"]
        Asked |request| request.operations(|it| path(it) != "userName");
    "adds through a value path to what is there alone" ["entra.bare-add"]
        Asked |request| {
            let add = |it: &Value| it["op"] == "Add" && path(it).contains('[');
            request.has_operation(add).then(|| Answer::refusal(400, "noTarget"))
        };
    "makes a value without its type" ["entra.bare-add"]
        Told |_, answer| answer.resources(|it| {
            let emails = it["emails"].as_array_mut().into_iter().flatten();
            emails.for_each(|it| it["type"] = Value::Null);
        });
    "passes dotted keys over" ["entra.dotted"]
        Asked |request| request.operations(|it| {
            if let Some(value) = it["value"].as_object_mut() {
                value.retain(|key, _| !key.contains('.'));
            }
            true
        });
    "takes no string for a manager" ["entra.manager" "entra.manager-empty"]
        Asked |request| {
            let string = |it: &Value| path(it).ends_with(":manager") && it["value"].is_string();
            request.has_operation(string).then(|| Answer::refusal(400, "invalidValue"))
        };
    "keeps a manager of an empty value" ["entra.manager-empty"]
        Asked |request| request.operations(|it| {
            !path(it).ends_with(":manager") || it["op"] != "Replace"
        });
    "refuses empty strings and null" ["entra.null-update" "entra.manager-empty"]
        Asked |request| {
            let empty = |it: &Value| {
                let replace = it["op"] == "replace" || it["op"] == "Replace";
                replace && (it["value"].is_null() || it["value"] == "")
            };
            request.has_operation(empty).then(|| Answer::refusal(400, "invalidValue"))
        };
    "takes a PUT without a userName" ["entra.put-required"]
        Told |request, answer| if request.method == "PUT" && answer.status == 400 {
            answer.status = 200;
        };
    "keeps the title from a look-up" ["entra.create"]
        Told |request, answer| if request.path == "/Users" { answer.forget("title"); };
}
