//! An example for every body, made of its schema: of the examples of its properties where they say
//! one, and of what their types allow where they do not.

use serde_json::{Map, Value, json};

use crate::api::problem::PROBLEM_JSON;

/// Deeper, nothing is shown.
const DEEPEST: usize = 8;

/// Adds an example to every body that has none.
pub(super) fn add(document: &mut Value) {
    let known = document.clone();
    let maker = Maker { document: &known };
    for operations in members(&mut document["paths"]) {
        for operation in members(operations) {
            if let Some(body) = operation.get_mut("requestBody") {
                exemplify(&maker, body, true);
            }
            let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
            for (status, response) in responses.into_iter().flatten() {
                exemplify(&maker, response, false);
                adapt(status, response);
            }
        }
    }
}

fn members(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_object_mut().into_iter().flatten().map(|(_, it)| it)
}

/// `asked`: the body of a request, in which only what is needed stands.
fn exemplify(maker: &Maker<'_>, described: &mut Value, asked: bool) {
    let content = described.get_mut("content").and_then(Value::as_object_mut);
    for (media_type, content) in content.into_iter().flatten() {
        let free = content.get("example").is_none() && content.get("examples").is_none();
        if free && media_type.ends_with("json") {
            content["example"] = maker.value(&content["schema"], "", asked, 0);
        }
    }
}

/// A problem is of the status that it is an example for.
fn adapt(status: &str, response: &mut Value) {
    let title = response["description"].clone();
    let Some(example) =
        response.pointer_mut(&format!("/content/{}/example", PROBLEM_JSON.replace('/', "~1")))
    else {
        return;
    };
    let kind = crate::api::problem::Kind::ALL.iter().find(|it| it.status().as_str() == status);
    let Some(kind) = kind else { return };
    example["status"] = json!(kind.status().as_u16());
    example["title"] = json!(kind.title());
    example["code"] = json!(kind.code());
    example["type"] =
        json!(format!("https://scim.example.com/api/v1/docs#problem-{}", kind.code()));
    example["detail"] = title;
}

struct Maker<'a> {
    document: &'a Value,
}

impl Maker<'_> {
    /// A value that fits a schema; null if nothing else can be thought of.
    fn value(&self, schema: &Value, name: &str, asked: bool, depth: usize) -> Value {
        if depth > DEEPEST {
            return Value::Null;
        }
        if let Some(said) = said(schema) {
            return said.clone();
        }
        // Of what need not be there, an answer shows that: an organization is not paused, deleted
        // and disabled at once.
        if !asked && is_optional(schema) {
            return Value::Null;
        }
        if let Some(target) = schema["$ref"].as_str() {
            let found = target.strip_prefix('#').and_then(|it| self.document.pointer(it));
            return found.map_or(Value::Null, |it| self.value(it, name, asked, depth + 1));
        }
        for several in ["oneOf", "anyOf", "allOf"] {
            if let Some(all) = schema[several].as_array() {
                let whole = |it: &&Value| it["type"] != "null";
                let mut parts = all.iter().filter(whole);
                let mut made =
                    parts.next().map_or(Value::Null, |it| self.value(it, name, asked, depth + 1));
                if several == "allOf" {
                    for part in parts {
                        let more = self.value(part, name, asked, depth + 1);
                        if let (Value::Object(made), Value::Object(more)) = (&mut made, more) {
                            made.extend(more);
                        }
                    }
                }
                return made;
            }
        }
        match kind(schema) {
            "object" => self.object(schema, asked, depth),
            "array" => {
                let item = self.value(&schema["items"], name, asked, depth + 1);
                if item.is_null() { json!([]) } else { json!([item]) }
            }
            "boolean" => json!(false),
            "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
            "string" => json!(text(schema, name)),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, asked: bool, depth: usize) -> Value {
        let required: Vec<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut made = Map::new();
        // A merge patch requires nothing: then everything is shown.
        let all = !asked || required.is_empty();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if all || required.contains(&name.as_str()) || said(property).is_some() {
                made.insert(name.clone(), self.value(property, name, asked, depth + 1));
            }
        }
        Value::Object(made)
    }
}

/// The example that a schema says itself, or the only value it can have.
fn said(schema: &Value) -> Option<&Value> {
    let listed = schema["examples"].get(0).or_else(|| schema["enum"].get(0));
    schema
        .get("example")
        .or(listed)
        .or_else(|| schema.get("default"))
        .or_else(|| schema.get("const"))
}

/// Whether null fits a schema.
fn is_optional(schema: &Value) -> bool {
    let listed = schema["type"].as_array().is_some_and(|it| it.iter().any(|it| it == "null"));
    let several = ["oneOf", "anyOf"].into_iter().filter_map(|it| schema[it].as_array()).flatten();
    listed || several.into_iter().any(|it| it["type"] == "null")
}

/// The type, `null` aside.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(several) => {
            several.iter().filter_map(Value::as_str).find(|it| *it != "null").unwrap_or("null")
        }
        one => {
            one.as_str().unwrap_or(if schema.get("properties").is_some() { "object" } else { "" })
        }
    }
}

/// A text of a format, of a pattern that lists what there is, or of a name.
fn text(schema: &Value, name: &str) -> String {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    let listed = pattern.strip_prefix("^(").and_then(|it| it.strip_suffix(")$"));
    if let Some(first) = listed.and_then(|it| it.split('|').next()) {
        return first.to_owned();
    }
    let known = match (schema["format"].as_str().unwrap_or_default(), name) {
        ("uuid", _) => "01980000-0000-7000-8000-000000000001",
        ("date-time", _) => "2026-01-15T09:30:00Z",
        ("uri", "instance") => "urn:uuid:01980000-0000-7000-8000-000000000001",
        ("uri", _) => "https://scim.example.com/api/v1/docs",
        ("email", _) | (_, "userName" | "email") => "jane.doe@acme.example",
        (_, "givenName") => "Jane",
        (_, "familyName") => "Doe",
        (_, "displayName" | "name") => "Acme",
        // One that every organization has.
        (_, "role" | "roles") => "analyst",
        (_, "key") => "case-reviewer",
        (_, "permissions") => "cases.review",
        _ => "text",
    };
    known.to_owned()
}
