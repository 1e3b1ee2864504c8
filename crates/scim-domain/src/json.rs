//! JSON as it came in, read strictly (RFC 8259, RFC 7643 §2.1): nothing is guessed or merged.

use crate::Invalid;

mod names;
mod reader;
#[cfg(test)]
mod tests;

/// A JSON value with the members of objects in the order sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string without NUL.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object; no two names are equal without regard to ASCII case.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one JSON text.
    ///
    /// Refuses with `invalidSyntax`: malformed JSON, trailing data, a byte order mark, nesting
    /// beyond [`crate::resource::limits::JSON_DEPTH`], a name that occurs twice in an object in any
    /// case, and NUL in a string or name. The detail names line and column, never content.
    pub fn parse(bytes: &[u8]) -> Result<Self, Invalid> {
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            return Err(Invalid::syntax("The JSON starts with a byte order mark; leave it out."));
        }
        reader::read(bytes)
            .map_err(|error| Invalid::syntax(format!("The JSON is not acceptable: {error}.")))
    }

    /// The member of an object; names compare without regard to ASCII case.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }
}
