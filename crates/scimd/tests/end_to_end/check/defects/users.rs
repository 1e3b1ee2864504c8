//! A server that is wrong about users.

use serde_json::{Value, json};

use super::defects;
use crate::check::proxy::Answer;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

defects! {
    "creates with 200" ["users.create" "groups.create" "entra.group-create" "okta.create"]
        Told |_, answer| if answer.status == 201 { answer.status = 200; };
    "creates without giving the id" ["users.create" "users.location" "users.server-id"]
        Told |_, answer| if answer.status == 201 { answer.forget("id"); };
    "gives no Location" ["users.location"]
        Told |_, answer| answer.forget_header("location");
    "gives a Location that is not meta.location" ["users.location"]
        Told |_, answer| if answer.status == 201 {
            answer.json["meta"]["location"] = json!("http://127.0.0.1/elsewhere");
        };
    "does not say of what type a resource is" ["users.meta" "groups.create"]
        Told |_, answer| answer.resources(|it| if it["meta"].is_object() {
            it["meta"]["resourceType"] = Value::Null;
        });
    "does not say where a resource is" ["users.meta" "users.location"]
        Told |_, answer| answer.resources(|it| if it["meta"].is_object() {
            it["meta"]["location"] = Value::Null;
        });
    "gives dates without times" ["users.times"]
        Told |_, answer| answer.resources(|it| if it["meta"].is_object() {
            it["meta"]["created"] = json!("2020-02-29");
        });
    "does not say when a user was changed" ["users.times"]
        Told |_, answer| answer.resources(|it| if it["meta"].is_object() {
            it["meta"]["lastModified"] = Value::Null;
        });
    "keeps externalId to itself" [
        "users.read" "entra.create" "entra.group-create" "entra.group-external-id"]
        Told |_, answer| answer.forget("externalId");
    "keeps one e-mail" ["users.read" "patch.add" "patch.value-path"]
        Told |_, answer| answer.resources(|it| if let Some(all) = it["emails"].as_array_mut() {
            all.truncate(1);
        });
    "takes a name twice" [
        "users.duplicate" "users.duplicate-case" "users.put-taken" "okta.duplicate"
        "entra.duplicate" "entra.group-duplicate"]
        Told |request, answer| if answer.status == 409 {
            *answer = Answer::new(if request.method == "POST" { 201 } else { 200 }, json!({}));
        };
    "minds the case of names" ["users.duplicate-case"]
        Told |request, answer| if answer.status == 409 {
            let name = request.json["userName"].as_str().unwrap_or_default();
            if name == name.to_uppercase() { answer.status = 201; }
        };
    "answers 400 to a name that is taken" [
        "users.duplicate" "users.put-taken" "okta.duplicate" "entra.duplicate"]
        Told |_, answer| if answer.status == 409 { answer.status = 400; };
    "takes the id that the client chooses" ["users.server-id"]
        Told |request, answer| if answer.status == 201 && request.json["id"].is_string() {
            answer.json["id"] = request.json["id"].clone();
        };
    "gives the password back" ["users.password"]
        Told |request, answer| if answer.status == 201 && request.json["password"].is_string() {
            answer.json["password"] = request.json["password"].clone();
        };
    "gives a mask for the password" ["users.password"]
        Told |request, answer| if request.is("GET", "/Users/") {
            answer.json["password"] = json!("********");
        };
    "answers a PUT and does nothing" [
        "users.put" "users.active" "groups.put" "okta.update" "okta.put-deactivate"
        "okta.put-group" "versions.changes" "versions.mismatch"]
        Asked |request| {
            (request.method == "PUT").then(|| Answer::new(200, request.json.clone()))
        };
    "loses the title in a PUT" ["users.put-back"]
        Asked |request| {
            if let (Some(it), true) = (request.json.as_object_mut(), request.method == "PUT") {
                it.remove("title");
            }
            None
        };
    "does half of a PUT that it refuses" ["users.put-taken"]
        Told |request, answer| if request.method == "PUT" && answer.status == 409 {
            let mut half = request.ask("GET", &request.path, Value::Null).json;
            half["externalId"] = request.json["externalId"].clone();
            request.ask("PUT", &request.path, half);
        };
    "hides users who are not active" [
        "users.active" "okta.put-deactivate" "okta.deactivate" "entra.disable" "entra.restore"]
        Told |request, answer| if request.method == "GET" && answer.json["active"] == false {
            *answer = Answer::refusal(404, "");
        };
    "loses the enterprise extension" ["users.enterprise"]
        Asked |request| {
            if let Some(it) = request.json.as_object_mut() { it.remove(ENTERPRISE); }
            None
        };
    "refuses attributes it does not know" ["users.unknown"]
        Asked |request| {
            let strange = !request.json["favouriteEngine"].is_null();
            strange.then(|| Answer::refusal(400, "invalidSyntax"))
        };
    "answers a DELETE and deletes nothing" [
        "users.delete" "users.gone" "users.name-free" "groups.delete" "groups.deleted-user"
        "bulk.several" "okta.delete-group" "entra.absent" "entra.delete-twice"
        "entra.group-delete-twice"]
        Asked |request| {
            if let Some(all) = request.json["Operations"].as_array_mut() {
                all.retain(|it| it["method"] != "DELETE");
            }
            (request.method == "DELETE").then(|| Answer::new(204, Value::Null))
        };
    "deactivates where it must delete" [
        "users.delete" "users.gone" "users.name-free" "entra.absent"]
        Asked |request| {
            if !request.is("DELETE", "/Users/") { return None; }
            let operations = json!([{ "op": "replace", "path": "active", "value": false }]);
            let urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
            let body = json!({ "schemas": [urn], "Operations": operations });
            request.ask("PATCH", &request.path, body);
            Some(Answer::new(204, Value::Null))
        };
}
