//! A server that is wrong about groups.

use serde_json::{Value, json};

use super::defects;
use crate::check::proxy::Answer;

defects! {
    "makes groups without their members" [
        "groups.create" "groups.of-user" "groups.remove" "entra.group-members" "entra.reference"]
        Asked |request| {
            if request.is("POST", "/Groups") { request.json["members"] = json!([]); }
            None
        };
    "finds no group by its name" [
        "groups.list" "entra.group-filter" "entra.group-members" "entra.group-create"]
        Asked |request| {
            if request.is("GET", "/Groups") {
                request.filter(|it| it.replace("displayName eq \"", "displayName eq \"not "));
            }
            None
        };
    "finds every group by any name" ["groups.list" "entra.group-absent"]
        Asked |request| {
            let mut any = request.is("GET", "/Groups");
            any &= request.parameter("filter").is_some_and(|it| it.starts_with("displayName eq"));
            if any { request.filter(|_| "displayName pr".to_owned()); }
            // Other runs' groups are gone, so one more is made: two are found, or one too many.
            let urn = "urn:ietf:params:scim:schemas:core:2.0:Group";
            let body = json!({ "schemas": [urn], "displayName": "scimcheck-0000000000000000-x" });
            if any { request.ask("POST", "/Groups", body); }
            None
        };
    "lists a member twice that is added again" ["groups.add-again"]
        Told |request, answer| {
            let one = request.is("GET", "/Groups/");
            let members = answer.json["members"].as_array_mut().filter(|it| one && !it.is_empty());
            if let Some(members) = members { members.extend_from_within(..1); }
        };
    "keeps the members where all are removed" ["groups.remove-all"]
        Asked |request| request.operations(|it| {
            it["path"] != "members" || it["op"] != "remove" || !it["value"].is_null()
        });
    "removes all members where a list names one" ["entra.remove-member"]
        Asked |request| request.operations(|it| {
            if it["op"] == "Remove" && it["path"] == "members" {
                it.as_object_mut().unwrap().remove("value");
            }
            true
        });
    "adds members where it must replace them" [
        "groups.replace" "okta.empty-group" "entra.replace-members"]
        Asked |request| request.operations(|it| {
            if it["path"] == "members" && it["op"] != "remove" { it["op"] = json!("add"); }
            true
        });
    "loses the members when a group is renamed" [
        "groups.rename" "okta.rename-group" "entra.group-rename" "entra.group-external-id"]
        Asked |request| {
            let other = request.has_operation(|it| it["path"] != "members");
            if other && request.path.starts_with("/Groups/") {
                let all = request.json["Operations"].as_array_mut().unwrap();
                all.push(json!({ "op": "remove", "path": "members" }));
            }
            None
        };
    "keeps the old members in a PUT" ["groups.put" "okta.put-group"]
        Asked |request| {
            if request.is("PUT", "/Groups/") {
                let mut before = request.ask("GET", &request.path, Value::Null).json;
                let members = request.json["members"].as_array_mut().unwrap();
                members.append(before["members"].as_array_mut().unwrap());
            }
            None
        };
    "does not show a user's groups" ["groups.of-user"]
        Told |request, answer| if request.is("GET", "/Users/") { answer.forget("groups"); };
    "makes groups without a name" ["groups.required"]
        Told |request, answer| if request.is("POST", "/Groups") && answer.status == 400 {
            answer.status = 201;
        };
    "deletes a group's members with it" ["groups.delete" "okta.delete-group"]
        Asked |request| {
            if request.is("DELETE", "/Groups/") {
                let group = request.ask("GET", &request.path, Value::Null).json;
                for member in group["members"].as_array().into_iter().flatten() {
                    let path = format!("/Users/{}", member["value"].as_str().unwrap());
                    request.ask("DELETE", &path, Value::Null);
                }
            }
            None
        };
    "refuses schemas that it does not know" ["entra.group-create"]
        Asked |request| {
            let microsofts = request.json["schemas"].to_string().contains("microsoft");
            microsofts.then(|| Answer::refusal(400, "invalidValue"))
        };
    "does not change a group's externalId" ["entra.group-external-id"]
        Asked |request| request.operations(|it| it["path"] != "externalId");
    "refuses null in a member" ["entra.add-member" "entra.remove-member" "okta.put-group"]
        Asked |request| {
            let null = request.json.to_string().contains(":null");
            null.then(|| Answer::refusal(400, "invalidValue"))
        };
    "refuses a member that is a plain string" ["entra.member-string"]
        Asked |request| {
            let plain = |it: &Value| it["path"] == "members" && it["value"].is_string();
            request.has_operation(plain).then(|| Answer::refusal(400, "invalidValue"))
        };
    "cannot be asked who is a member" ["entra.reference"]
        Asked |request| {
            let asked = request.parameter("filter").is_some_and(|it| it.contains("members"));
            asked.then(|| Answer::refusal(400, "invalidFilter"))
        };
    "lists no groups without parameters" ["okta.groups"]
        Told |request, answer| if request.path == "/Groups" && request.query.is_empty() {
            answer.json["Resources"] = json!([]);
            answer.json["totalResults"] = json!(0);
        };
}
