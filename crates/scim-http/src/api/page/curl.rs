//! What to type to try an operation.

use std::fmt::Write as _;

use serde_json::Value;

use crate::api::once;

/// A call of an operation with curl, for a shell. `example` is its body.
pub(super) fn call(url: &str, method: &str, operation: &Value, example: Option<&str>) -> String {
    let mut text = match method {
        "GET" => "curl".to_owned(),
        other => format!("curl -X {other}"),
    };
    let secured = operation["security"].as_array().is_some_and(|it| !it.is_empty());
    if secured {
        text.push_str(" -H \"Authorization: Bearer $KEY\"");
    }
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    if parameters.any(|it| it["name"] == once::KEY) {
        text.push_str(" \\\n  -H \"Idempotency-Key: $(uuidgen)\"");
    }
    if let Some(example) = example {
        // Writing to a String cannot fail.
        let _ =
            write!(text, " \\\n  -H 'Content-Type: application/json' \\\n  -d {}", quoted(example));
    }
    let _ = write!(text, " \\\n  {}", quoted(url));
    text
}

/// For a shell, in which nothing inside of single quotes means anything but their end.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
