//! Names for what differs between two runs by its nature: ids and times.

use std::collections::BTreeMap;

use serde_json::Value;

/// What steps may refer to.
#[derive(Clone)]
pub struct Known(Vec<(String, String)>);

impl Known {
    pub fn new(all: &[(&str, &str)]) -> Self {
        Self(all.iter().map(|(name, id)| ((*name).to_owned(), (*id).to_owned())).collect())
    }

    pub fn add(&mut self, name: &str, id: &str) {
        self.0.push((name.to_owned(), id.to_owned()));
    }

    /// The text with ids in it.
    pub fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    }
}

/// Names of ids, in the order in which they were seen.
#[derive(Default)]
pub struct Names(BTreeMap<String, String>);

/// Texts that nobody makes twice: secrets, hashes, cursors.
const SECRET: [&str; 8] =
    ["token", "nextCursor", "hash", "next", "fingerprint", "head", "previousHash", "etag"];

impl Names {
    /// A text, with a name for each id in it and one word for all times.
    pub fn of(&mut self, text: &str) -> String {
        let mut named = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(id) = rest.get(..36).filter(|it| is_id(it)) {
                let next = format!("<id {}>", self.0.len());
                named += self.0.entry(id.to_owned()).or_insert(next);
                rest = &rest[36..];
            } else if let Some(length) = time(rest) {
                named += "<time>";
                rest = &rest[length..];
            } else {
                named.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        named
    }

    pub fn all(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.of(text)),
            Value::Array(all) => all.iter().map(|it| self.all(it)).collect(),
            Value::Object(fields) => {
                let field = |(name, value): (&String, &Value)| {
                    let secret = SECRET.contains(&name.as_str()) && value.is_string();
                    let value = if secret { "<secret>".into() } else { self.all(value) };
                    (self.of(name), value)
                };
                Value::Object(fields.iter().map(field).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }
}

fn is_id(text: &str) -> bool {
    text.char_indices().all(|(at, it)| match at {
        8 | 13 | 18 | 23 => it == '-',
        _ => it.is_ascii_hexdigit(),
    })
}

/// How long the time is with which a text begins.
fn time(text: &str) -> Option<usize> {
    let end = text.get(..40.min(text.len()))?.find('Z')? + 1;
    let it = &text[..end];
    let shape = it.len() >= 20 && it.as_bytes()[4] == b'-' && it.as_bytes()[10] == b'T';
    shape.then_some(end)
}
