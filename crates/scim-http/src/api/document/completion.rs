//! What holds for every operation of its kind, so that none has to say it.

use serde_json::{Map, Value, json};

use crate::api::{once, problem::PROBLEM_JSON};

/// What is asked of a client whose key or access token was good and is over.
const INVALID_TOKEN: &str = "Bearer error=\"invalid_token\"";

/// Adds what every operation of its kind may answer.
pub(super) fn complete(path: &str, operation: &mut Value) {
    let secured = operation["security"].as_array().is_some_and(|it| !it.is_empty());
    if !secured {
        // An endpoint without requirements says so, or readers take it for forgotten.
        operation["security"] = json!([]);
    }
    // `get_mut`, for an index would add what is not there.
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    parameters.into_iter().flatten().filter_map(|it| it.get_mut("schema")).for_each(never_null);
    let parameters = operation["parameters"].as_array();
    let takes = |name: &str, value: &str| {
        parameters.is_some_and(|it| it.iter().any(|it| it[name] == value))
    };
    let (repeated, reads_query) = (takes("name", once::KEY), takes("in", "query"));
    let reads_body = operation.get("requestBody").is_some();
    let may = [
        ("400", reads_body || reads_query || repeated, "The request is not valid"),
        ("401", secured, "No valid API key"),
        ("403", secured, "The API key may not do this"),
        ("404", path.contains('{'), "There is no such thing, or the key does not reach it"),
        ("408", reads_body, "The request did not arrive in time"),
        ("413", reads_body, "The body is too large"),
        ("415", reads_body, "The body is no JSON"),
        ("422", repeated, "The Idempotency-Key was used for another request"),
        ("500", true, "An internal error"),
        ("503", secured, "The service cannot answer now; Retry-After says when to try again"),
    ];
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, _, description) in may.into_iter().filter(|(_, possible, _)| *possible) {
        responses.entry(status).or_insert_with(|| problem(description));
    }
    // A problem that an endpoint names itself is described in the same form.
    for (status, response) in responses.iter_mut() {
        let failed = status.starts_with('4') || status.starts_with('5');
        if failed && response.get("content").is_none() {
            *response = problem(response["description"].as_str().unwrap_or_default());
        }
        for (name, header) in headers(status, repeated) {
            if response["headers"].get(name).is_none() {
                response["headers"][name] = header;
            }
        }
    }
    let sorted: Map<_, _> = std::mem::take(responses).into_iter().collect();
    *responses = sorted;
}

/// A parameter is absent and never null, whatever its type is in Rust.
fn never_null(schema: &mut Value) {
    let types = schema.get_mut("type").and_then(Value::as_array_mut);
    let Some(types) = types else { return };
    types.retain(|it| it != "null");
    if let [only] = types.as_slice() {
        schema["type"] = only.clone();
    }
}

/// The headers that an answer of a status always, or sometimes, has.
fn headers(status: &str, repeated: bool) -> Vec<(&'static str, Value)> {
    let header =
        |description: &str, schema: Value| json!({ "description": description, "schema": schema });
    let seconds = json!({ "type": "integer", "minimum": 0, "example": 5 });
    match status {
        "201" => {
            let address = json!({ "type": "string", "format": "uri" });
            let mut all = vec![("Location", header("The address of what was made", address))];
            if repeated {
                let flag = json!({ "type": "string", "enum": ["true"] });
                let told = "`true` if the request was carried out before, under this key";
                all.push(("Idempotency-Replayed", header(told, flag)));
            }
            all
        }
        "401" => {
            let scheme = json!({ "type": "string", "enum": ["Bearer", INVALID_TOKEN] });
            vec![("WWW-Authenticate", header("How to authenticate", scheme))]
        }
        "429" | "503" => {
            vec![("Retry-After", header("Seconds until it is worth another try", seconds))]
        }
        _ => Vec::new(),
    }
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}
