//! Operations as they are shown, in the order of the document's tags.

use serde_json::Value;

use super::{
    curl,
    fields::{Field, Schemas},
    prose::Prose,
};
use crate::api::document::OPERATOR_KEY;

/// Operations that belong together.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) anchor: String,
    pub(super) description: Prose,
    pub(super) operations: Vec<Operation>,
}

/// One operation.
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: String,
    pub(super) description: Prose,
    pub(super) needs: Needs,
    pub(super) parameters: Vec<Field>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    /// Statuses and what they say, of problems.
    pub(super) problems: Vec<(String, String)>,
    pub(super) curl: String,
}

/// Who may.
pub(super) enum Needs {
    /// Everybody.
    Nothing,
    /// Whoever has a key that is not for SCIM.
    Key,
    /// A key with this permission.
    Permission(String),
    /// An operator key with this permission.
    Operator(String),
}

/// What is sent.
pub(super) struct Body {
    pub(super) fields: Vec<Field>,
    pub(super) example: String,
}

/// What comes back.
pub(super) struct Answer {
    pub(super) status: String,
    pub(super) description: Prose,
    pub(super) headers: Vec<(String, Prose)>,
    pub(super) body: Option<Body>,
}

/// All operations of a document.
pub(super) fn by_tag(document: &Value) -> Vec<Tag> {
    let tag = |it: &Value| {
        let name = it["name"].as_str().unwrap_or_default();
        Tag {
            name: name.to_owned(),
            anchor: format!("tag-{}", name.to_lowercase().replace(' ', "-")),
            description: Prose::of(it["description"].as_str().unwrap_or_default()),
            operations: tagged(document, name),
        }
    };
    document["tags"].as_array().into_iter().flatten().map(tag).collect()
}

fn tagged(document: &Value, tag: &str) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if operation["tags"][0] == tag {
                found.push(shown(document, path, method, operation));
            }
        }
    }
    // As one meets them: the list before the one, reading before writing.
    let rank = |it: &Operation| {
        ["GET", "POST", "PUT", "PATCH", "DELETE"].iter().position(|method| *method == it.method)
    };
    found.sort_by(|a, b| (&a.path, rank(a)).cmp(&(&b.path, rank(b))));
    found
}

fn shown(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let schemas = Schemas(document);
    let text = |name: &str| operation[name].as_str().unwrap_or_default();
    let method = method.to_ascii_uppercase();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let body = content(schemas, &operation["requestBody"]);
    let url = format!("{}{path}", document["servers"][0]["url"].as_str().unwrap_or_default());
    let curl = curl::call(&url, &method, operation, body.as_ref().map(|it| it.example.as_str()));
    let (mut answers, mut problems) = (Vec::new(), Vec::new());
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        if status.starts_with('4') || status.starts_with('5') {
            let told = response["description"].as_str().unwrap_or_default();
            problems.push((status.clone(), told.to_owned()));
        } else {
            answers.push(answer(schemas, status, response));
        }
    }
    Operation {
        id: text("operationId").to_owned(),
        method,
        path: path.to_owned(),
        summary: text("summary").to_owned(),
        description: Prose::of(text("description")),
        needs: needs(operation),
        parameters: parameters.map(|it| schemas.parameter(schemas.resolve(it))).collect(),
        body,
        answers,
        problems,
        curl,
    }
}

fn needs(operation: &Value) -> Needs {
    let requirement = operation["security"].get(0).and_then(Value::as_object);
    let Some((scheme, scopes)) = requirement.and_then(|it| it.iter().next()) else {
        return Needs::Nothing;
    };
    match scopes.get(0).and_then(Value::as_str) {
        None => Needs::Key,
        Some(name) if scheme == OPERATOR_KEY => Needs::Operator(name.to_owned()),
        Some(name) => Needs::Permission(name.to_owned()),
    }
}

fn answer(schemas: Schemas<'_>, status: &str, response: &Value) -> Answer {
    let headers = response["headers"].as_object().into_iter().flatten();
    let described = |it: &Value| Prose::of(it["description"].as_str().unwrap_or_default());
    Answer {
        status: status.to_owned(),
        description: described(response),
        headers: headers.map(|(name, it)| (name.clone(), described(it))).collect(),
        body: content(schemas, response),
    }
}

/// The JSON that a body or an answer has.
fn content(schemas: Schemas<'_>, described: &Value) -> Option<Body> {
    let content = described["content"].as_object()?;
    let (_, content) = content.iter().find(|(media_type, _)| media_type.ends_with("json"))?;
    let example = content.get("example").or_else(|| {
        let named = content["examples"].as_object()?;
        named.values().next()?.get("value")
    });
    let example = example.filter(|it| !it.is_null());
    Some(Body {
        fields: schemas.fields(&content["schema"]),
        example: example.map(|it| format!("{it:#}")).unwrap_or_default(),
    })
}
