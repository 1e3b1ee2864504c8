//! A server that is wrong about PATCH.

use serde_json::{Value, json};

use super::defects;
use crate::check::proxy::Answer;

fn path(operation: &Value) -> &str {
    operation["path"].as_str().unwrap_or_default()
}

fn op_is(operation: &Value, op: &str) -> bool {
    operation["op"].as_str().is_some_and(|it| it.eq_ignore_ascii_case(op))
}

/// A path without its value filter.
fn without_filter(path: &str) -> String {
    match (path.find('['), path.rfind(']')) {
        (Some(begin), Some(end)) => format!("{}{}", &path[..begin], &path[end + 1..]),
        _ => path.to_owned(),
    }
}

defects! {
    "answers a PATCH and does nothing" [
        "patch.path" "patch.no-path" "patch.sub-attribute" "patch.value-path" "patch.add"
        "patch.remove" "patch.remove-value" "patch.case" "patch.urn" "patch.order"
        "patch.primary" "patch.enterprise" "groups.add" "groups.rename" "okta.deactivate"
        "entra.user-name" "entra.null-update"]
        Asked |request| (request.method == "PATCH").then(|| Answer::new(204, Value::Null));
    "passes operations without a path over" [
        "patch.no-path" "patch.case" "okta.deactivate" "okta.rename-group" "entra.dotted"]
        Asked |request| request.operations(|it| it["path"].is_string());
    "replaces the whole where a part is meant" ["patch.sub-attribute"]
        Asked |request| request.operations(|it| {
            if path(it) == "name.familyName" {
                let name = json!({ "familyName": it["value"], "givenName": "" });
                *it = json!({ "op": "replace", "path": "name", "value": name });
            }
            true
        });
    "changes every value where a value path chooses one" ["patch.value-path"]
        Asked |request| request.operations(|it| {
            if op_is(it, "replace") { it["path"] = without_filter(path(it)).into(); }
            true
        });
    "replaces where it must add" [
        "patch.add" "groups.add" "okta.membership" "entra.add-and-remove" "entra.add-member"
        "entra.member-string"]
        Asked |request| request.operations(|it| {
            if op_is(it, "add") { it["op"] = json!("replace"); }
            true
        });
    "removes nothing" [
        "patch.remove" "patch.remove-value" "groups.remove" "groups.remove-all" "okta.membership"
        "entra.several" "entra.manager" "entra.remove-member" "entra.remove-member-path"
        "entra.add-and-remove"]
        Asked |request| request.operations(|it| !op_is(it, "remove"));
    "removes everything where a value path chooses one" [
        "patch.remove-value" "groups.remove" "okta.membership" "entra.remove-member-path"
        "entra.add-and-remove"]
        Asked |request| request.operations(|it| {
            if op_is(it, "remove") { it["path"] = without_filter(path(it)).into(); }
            true
        });
    "minds the case of attribute names" ["patch.case"]
        Asked |request| request.operations(|it| path(it).find(char::is_uppercase) != Some(0));
    "knows no URNs in paths" ["patch.urn" "patch.enterprise" "entra.manager" "entra.manager-empty"]
        Asked |request| {
            let urn = request.has_operation(|it| path(it).starts_with("urn:"));
            urn.then(|| Answer::refusal(400, "invalidPath"))
        };
    "does operations the last one first" ["patch.order" "entra.same-attribute"]
        Asked |request| {
            if let Some(all) = request.json["Operations"].as_array_mut() { all.reverse(); }
            None
        };
    "does the first operation alone" [
        "patch.order" "patch.case" "patch.atomic" "entra.several" "entra.replace"
        "entra.same-attribute" "okta.membership" "entra.add-and-remove"]
        Asked |request| {
            let mut first = true;
            request.operations(|_| std::mem::take(&mut first))
        };
    "does the operations before the one that it refuses" ["patch.atomic"]
        Asked |request| {
            if request.method == "PATCH" {
                let mut first = request.json.clone();
                first["Operations"].as_array_mut().unwrap().truncate(1);
                request.ask("PATCH", &request.path, first);
            }
            None
        };
    "passes wrong operations over" [
        "patch.atomic" "patch.read-only" "patch.invalid-path" "patch.no-target" "patch.required"
        "patch.op"]
        Told |request, answer| if request.method == "PATCH" && answer.status == 400 {
            *answer = Answer::new(204, Value::Null);
        };
    "breaks on wrong operations" ["patch.invalid-path" "patch.op" "patch.required"]
        Told |request, answer| if request.method == "PATCH" && answer.status == 400 {
            *answer = Answer::refusal(500, "");
        };
    "takes an unknown operation for replace" ["patch.op"]
        Asked |request| request.operations(|it| {
            if op_is(it, "increment") { it["op"] = json!("replace"); }
            true
        });
    "has two primary values" ["patch.primary"]
        Told |request, answer| if request.is("GET", "/Users/") {
            let emails = answer.json["emails"].as_array_mut().into_iter().flatten();
            emails.for_each(|it| it["primary"] = json!(true));
        };
    "answers a PATCH with 202" ["patch.answer"]
        Told |request, answer| if request.method == "PATCH" { answer.status = 202; };
    "answers a PATCH with 200 and nothing" ["patch.answer"]
        Told |request, answer| if request.method == "PATCH" && answer.status < 300 {
            *answer = Answer::new(200, Value::Null);
        };
    "knows op in small letters alone" [
        "entra.replace" "entra.dotted" "entra.bare-add" "entra.user-name" "entra.disable"
        "entra.restore" "entra.manager" "entra.several" "entra.group-rename"
        "entra.group-external-id" "entra.replace-members" "entra.remove-member-path"]
        Asked |request| {
            let large = |it: &Value| it["op"].as_str().is_some_and(|op| op != op.to_lowercase());
            request.has_operation(large).then(|| Answer::refusal(400, "invalidSyntax"))
        };
}
