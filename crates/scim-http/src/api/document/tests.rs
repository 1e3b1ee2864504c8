use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::{endpoints, parts};

fn document() -> Value {
    endpoints::assemble(parts(), "https://scim.example.com/api/v1").unwrap().0
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, it)| {
            it.as_object().unwrap().iter().map(move |(method, it)| (format!("{method} {path}"), it))
        })
        .collect()
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    fn walk(whole: &Value, part: &Value) {
        match part {
            Value::Object(members) => {
                if let Some(Value::String(to)) = members.get("$ref") {
                    let pointer = to.strip_prefix('#').unwrap();
                    assert!(whole.pointer(pointer).is_some(), "{to}");
                }
                members.values().for_each(|it| walk(whole, it));
            }
            Value::Array(all) => all.iter().for_each(|it| walk(whole, it)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = document();
    walk(&document, &document);
}

#[test]
fn the_document_is_openapi_3_1_and_says_where_the_api_is() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["servers"][0]["url"], "https://scim.example.com/api/v1");
}

#[test]
fn every_operation_says_what_it_is_for_and_what_a_key_needs() {
    let document = document();
    for (name, operation) in operations(&document) {
        for member in ["summary", "description", "operationId"] {
            assert!(operation[member].as_str().is_some_and(|it| !it.is_empty()), "{name} {member}");
        }
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name}");
        assert!(operation["security"].is_array(), "{name}");
    }
}

#[test]
fn every_property_and_parameter_is_described() {
    // What is described where it is defined need not be described where it is referred to.
    fn refers(it: &Value) -> bool {
        let one_of = it["oneOf"].as_array();
        it["$ref"].is_string() || one_of.is_some_and(|all| all.iter().any(refers))
    }
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let Some(properties) = schema["properties"].as_object() else { continue };
        for (property, it) in properties {
            let described = it["description"].as_str().is_some_and(|it| !it.is_empty());
            assert!(described || refers(it), "{name}.{property}");
        }
    }
    for (name, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let described = parameter["description"].as_str().is_some_and(|it| !it.is_empty());
            assert!(described, "{name} {}", parameter["name"]);
        }
    }
}

#[test]
fn every_operation_names_its_organization_alike() {
    let document = document();
    for (name, _) in operations(&document) {
        for segment in name.split('/').filter(|it| it.starts_with("{org")) {
            assert_eq!(segment, "{organization}", "{name}");
        }
    }
}

#[test]
fn every_part_of_a_path_in_braces_is_a_parameter_of_its_operation_and_the_other_way_round() {
    let document = document();
    for (name, operation) in operations(&document) {
        let in_braces = |it: &str| Some(it.strip_prefix('{')?.strip_suffix('}')?.to_owned());
        let in_path: BTreeSet<_> = name.split('/').filter_map(in_braces).collect();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let of_path = parameters.filter(|it| it["in"] == "path");
        let named: BTreeSet<_> =
            of_path.filter_map(|it| it["name"].as_str().map(str::to_owned)).collect();
        assert_eq!(named, in_path, "{name}");
    }
}

#[test]
fn every_operation_has_a_tag_that_says_what_it_is_about() {
    let document = document();
    let tags: Vec<_> = document["tags"].as_array().unwrap().iter().collect();
    assert!(tags.iter().all(|it| !it["description"].as_str().unwrap().is_empty()));
    for (name, operation) in operations(&document) {
        let tag = &operation["tags"][0];
        assert!(tags.iter().any(|it| it["name"] == *tag), "{name}: {tag} is not in TAGS");
    }
}

#[test]
fn whatever_creates_takes_an_idempotency_key_and_says_where_it_is() {
    let document = document();
    for (name, operation) in operations(&document) {
        let made = &operation["responses"]["201"];
        if name.starts_with("post ") && made.is_object() {
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            assert!(parameters.any(|it| it["name"] == "Idempotency-Key"), "{name}");
            assert!(operation["responses"]["422"].is_object(), "{name}");
            assert!(made["headers"]["Location"].is_object(), "{name}");
        }
    }
}

#[test]
fn answers_that_ask_for_patience_say_for_how_long() {
    let document = document();
    for (name, operation) in operations(&document) {
        for status in ["429", "503"] {
            let response = &operation["responses"][status];
            let told = response["headers"]["Retry-After"].is_object();
            assert!(response.is_null() || told, "{name} {status}");
        }
    }
}

#[test]
fn nothing_of_an_operation_is_null() {
    let document = document();
    for (name, operation) in operations(&document) {
        for (member, it) in operation.as_object().unwrap() {
            assert!(!it.is_null(), "{name} {member}");
        }
    }
}
