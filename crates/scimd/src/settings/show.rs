//! Settings as `scimd config show` prints them.

use std::collections::BTreeMap;

use config::{Value, ValueKind};
use serde_json::json;

use super::layer::SECRETS;
use super::url::server_of;

/// One setting in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The dotted key.
    pub key: String,
    /// The value, with a password in it masked.
    pub value: serde_json::Value,
    /// The file or the variable that it came from.
    pub origin: String,
}

pub(super) fn shown(
    merged: &BTreeMap<String, Value>,
    origins: &BTreeMap<String, String>,
) -> Vec<Shown> {
    let one = |(key, value): (&String, &Value)| Shown {
        key: key.clone(),
        value: if SECRETS.contains(&key.as_str()) { masked(value) } else { plain(&value.kind) },
        origin: origins.get(key).cloned().unwrap_or_default(),
    };
    merged.iter().map(one).collect()
}

fn plain(kind: &ValueKind) -> serde_json::Value {
    match kind {
        ValueKind::Nil => json!(null),
        ValueKind::Boolean(value) => json!(value),
        ValueKind::I64(value) => json!(value),
        ValueKind::I128(value) => json!(value.to_string()),
        ValueKind::U64(value) => json!(value),
        ValueKind::U128(value) => json!(value.to_string()),
        ValueKind::Float(value) => json!(value),
        ValueKind::String(value) => json!(value),
        ValueKind::Array(values) => values.iter().map(|value| plain(&value.kind)).collect(),
        ValueKind::Table(values) => {
            values.iter().map(|(name, value)| (name.clone(), plain(&value.kind))).collect()
        }
    }
}

/// Only what is known to be no secret is shown: the path of a file, or of the address of a server
/// what is neither user, password nor parameters.
fn masked(value: &Value) -> serde_json::Value {
    const MASK: &str = "********";
    let Ok(text) = value.clone().into_string() else { return json!(MASK) };
    let Some((scheme, rest)) = text.split_once("://") else { return json!(MASK) };
    if scheme == "sqlite" {
        return json!(text);
    }
    match server_of(rest) {
        Some(server) => json!(format!("{scheme}://{MASK}@{server}")),
        None => json!(format!("{scheme}://{MASK}")),
    }
}
