//! Users as rows.

use std::collections::BTreeSet;

use anyhow::ensure;
use csv::StringRecord;
use serde_json::Value;

use super::cells;

/// The columns that people look for first, in this order; the others follow by name.
const FIRST: [&str; 8] = [
    "userName",
    "externalId",
    "active",
    "displayName",
    "name.givenName",
    "name.familyName",
    "emails.value",
    "title",
];

/// The columns that users need, by name.
pub type Columns = BTreeSet<String>;

/// Adds the columns that a user needs.
pub fn gather(columns: &mut Columns, user: &Value) {
    each(user, &mut |path, _| {
        if !columns.contains(path) {
            columns.insert(path.to_owned());
        }
    });
}

/// The header: all columns, those first that people look for first.
pub fn header(columns: Columns) -> Vec<String> {
    let mut columns = columns;
    let mut header = Vec::with_capacity(columns.len() + FIRST.len());
    for name in FIRST {
        columns.remove(name);
        header.push(name.to_owned());
    }
    header.extend(columns);
    header
}

/// A user as a row below a header. No cell is a formula.
///
/// # Errors
/// A user that needs a column which is not there.
pub fn csv_row(header: &[String], user: &Value) -> anyhow::Result<StringRecord> {
    let mut cells = vec![String::new(); header.len()];
    let mut lacking = None;
    each(user, &mut |path, value| match header.iter().position(|it| it == path) {
        Some(at) => cells[at] = cells::guarded(&text(value)).into_owned(),
        None => lacking = Some(path.to_owned()),
    });
    ensure!(
        lacking.is_none(),
        "a user got the attribute {} while the export ran: give the command again",
        lacking.unwrap_or_default()
    );
    Ok(StringRecord::from(cells))
}

/// Visits every value that is no object and no list, with its path.
fn each(user: &Value, visit: &mut impl FnMut(&str, &Value)) {
    let Some(members) = user.as_object() else { return };
    for (name, value) in members.iter().filter(|(name, _)| *name != "schemas") {
        match value.as_object().filter(|_| name.contains(':')) {
            Some(extension) => {
                for (attribute, value) in extension {
                    leaves(&format!("{name}:{attribute}"), value, visit);
                }
            }
            None => leaves(name, value, visit),
        }
    }
}

fn leaves(path: &str, value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(parts) => {
            parts.iter().for_each(|(name, it)| leaves(&format!("{path}.{name}"), it, visit));
        }
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                match at {
                    0 => leaves(path, element, visit),
                    _ => leaves(&format!("{path}.{}", at + 1), element, visit),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => visit(path, value),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests;
