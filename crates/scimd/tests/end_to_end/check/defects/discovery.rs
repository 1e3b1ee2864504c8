//! A server that says wrong things about itself.

use serde_json::{Value, json};

use super::defects;
use crate::check::proxy::Answer;

/// The attribute of this name, wherever a schema has it.
fn attributes(json: &mut Value, name: &str, change: fn(&mut Value)) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(|it| attributes(it, name, change)),
        Value::Object(members) => {
            members.values_mut().for_each(|it| attributes(it, name, change));
            if members.get("name").is_some_and(|it| it == name) {
                change(json);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

defects! {
    "does not say whether it sorts" ["discovery.configuration"]
        Told |request, answer| if request.is("GET", "/ServiceProviderConfig") {
            answer.json["sort"] = json!({});
        };
    "says nothing of authentication" ["discovery.configuration"]
        Told |_, answer| answer.forget("authenticationSchemes");
    "names no limit of bulk" ["discovery.limits"]
        Told |request, answer| if request.is("GET", "/ServiceProviderConfig") {
            answer.json["bulk"]["maxOperations"] = Value::Null;
        };
    "gives the limit of lists as a text" ["discovery.limits"]
        Told |request, answer| if request.is("GET", "/ServiceProviderConfig") {
            answer.json["filter"]["maxResults"] = json!("200");
        };
    "lists resource types without endpoint" ["discovery.resource-types"]
        Told |request, answer| if request.path == "/ResourceTypes" { answer.forget("endpoint"); };
    "calls its users Account" ["discovery.resource-types"]
        Told |request, answer| if request.path == "/ResourceTypes" {
            answer.resources(|it| if it["name"] == "User" { it["name"] = json!("Account"); });
        };
    "does not give one resource type or schema" [
        "discovery.resource-type" "discovery.schema" "discovery.user-name" "entra.types"
        "entra.group-schema"]
        Asked |request| {
            let one = |places: [&str; 2]| places.iter().any(|it| request.path.starts_with(it));
            one(["/ResourceTypes/", "/Schemas/"]).then(|| Answer::refusal(404, ""))
        };
    "does not say which attributes have several values" ["discovery.schemas"]
        Told |request, answer| if request.path == "/Schemas" {
            attributes(&mut answer.json, "display", |it| it["multiValued"] = Value::Null);
        };
    "has attributes of a type of its own" ["discovery.schemas"]
        Told |request, answer| if request.path == "/Schemas" {
            attributes(&mut answer.json, "locale", |it| it["type"] = json!("locale"));
        };
    "does not list the schemas of extensions" ["discovery.schemas-complete"]
        Told |request, answer| if let ("/Schemas", Some(all)) =
            (request.path.as_str(), answer.json["Resources"].as_array_mut()) {
            all.retain(|it| !it["id"].as_str().unwrap().contains(":extension:"));
        };
    "gives another schema than the one asked for" ["discovery.schema" "entra.group-schema"]
        Told |request, answer| if request.path.starts_with("/Schemas/") {
            answer.json["id"] = json!("urn:example");
        };
    "does not demand a userName" ["discovery.user-name"]
        Told |request, answer| if request.path.starts_with("/Schemas") {
            attributes(&mut answer.json, "userName", |it| it["required"] = json!(false));
        };
    "lets two users have one name, by its schema" ["discovery.user-name"]
        Told |request, answer| if request.path.starts_with("/Schemas") {
            attributes(&mut answer.json, "userName", |it| it["uniqueness"] = json!("none"));
        };
    "answers writes to discovery with 404" ["discovery.no-writes"]
        Told |_, answer| if answer.status == 405 { answer.status = 404; };
    "ignores a filter of discovery" ["discovery.no-filter"]
        Asked |request| {
            if !request.is("GET", "/Users") && !request.is("GET", "/Groups") {
                request.forget(&["filter"]);
            }
            None
        };
    "publishes no canonical types" ["entra.types"]
        Told |request, answer| if request.path.starts_with("/Schemas") {
            attributes(&mut answer.json, "type", |it| it["canonicalValues"] = json!([]));
        };
    "publishes null where a schema has nothing to say" ["entra.no-nulls"]
        Told |request, answer| if request.path == "/Schemas" {
            attributes(&mut answer.json, "userName", |it| it["canonicalValues"] = Value::Null);
        };
}
