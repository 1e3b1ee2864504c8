//! Holds every answer of the management API to what its document says: a status that is described,
//! its media type, its headers, and a body that fits its schema.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Answer;

/// Fails unless the document describes this answer to a request.
pub fn check(document: &Value, method: &str, target: &str, answer: &Answer) {
    let path = target.split('?').next().unwrap();
    let Some(path) = path.strip_prefix("/api/v1") else { return };
    if method == "HEAD" {
        // It is answered as GET, and what a body would be held to is not there.
        assert!(answer.body.is_empty(), "a body for HEAD: {path}");
        return;
    }
    let request = format!("{method} {path} → {}", answer.status);
    let Some(operation) = operation(document, method, path) else {
        assert!([401, 404, 405].contains(&answer.status), "nothing is described: {request}");
        return;
    };
    let status = answer.status.to_string();
    let response = &operation["responses"][&status];
    assert!(response.is_object(), "a status that is not described: {request} {}", answer.text());
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let required = header["required"] == true || name == "Location";
        assert!(!required || answer.header(name).is_some(), "no {name}: {request}");
    }
    let Some(content) = response["content"].as_object() else {
        assert!(answer.body.is_empty(), "a body that is not described: {request}");
        return;
    };
    let sent = answer.header("content-type").unwrap_or_default();
    let essence = sent.split(';').next().unwrap();
    let described = content.get(essence);
    let described = described.unwrap_or_else(|| panic!("{sent:?} is not described: {request}"));
    if essence.ends_with("json") {
        let validator = validator(document, &described["schema"]);
        let body = answer.json();
        let wrong: Vec<_> = validator
            .iter_errors(&body)
            .map(|it| format!("{}: {it}", it.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{request}: {wrong:#?}\n{body:#}");
    }
}

/// A validator of a schema that stands in a document.
pub fn validator(document: &Value, schema: &Value) -> Validator {
    let mut whole = schema.clone();
    if let Some(target) = schema["$ref"].as_str() {
        whole = json!({ "$ref": target });
    }
    whole["components"] = document["components"].clone();
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}

/// The operation of a request; a path without names in braces comes before one with them.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let method = method.to_ascii_lowercase();
    let paths = document["paths"].as_object().unwrap();
    let mut found: Vec<_> = paths
        .iter()
        .filter(|(pattern, _)| matches(pattern, path))
        .filter_map(|(pattern, it)| Some((pattern.matches('{').count(), it.get(&method)?)))
        .collect();
    found.sort_by_key(|(names, _)| *names);
    found.first().map(|(_, it)| *it)
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(path).all(|(a, b)| a.starts_with('{') && !b.is_empty() || *a == b)
}
