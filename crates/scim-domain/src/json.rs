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

    /// Takes the member of an object out of it; names compare without regard to ASCII case.
    pub fn take(&mut self, name: &str) -> Option<Json> {
        let Self::Object(members) = self else { return None };
        let at = members.iter().position(|(it, _)| it.eq_ignore_ascii_case(name))?;
        Some(members.remove(at).1)
    }

    /// Bytes of the shortest JSON text for this value, to hold a part of a body to the limit that
    /// it would have as a body of its own.
    pub fn text_bytes(&self) -> usize {
        // What stands around the elements: two brackets, and a comma between two of them.
        let around = |elements: usize| 2 + elements.saturating_sub(1);
        match self {
            Self::Null | Self::Bool(true) => 4,
            Self::Bool(false) => 5,
            Self::Number(it) => it.to_string().len(),
            Self::String(it) => quoted(it),
            Self::Array(all) => around(all.len()) + all.iter().map(Self::text_bytes).sum::<usize>(),
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| quoted(name) + 1 + value.text_bytes();
                around(members.len()) + members.iter().map(member).sum::<usize>()
            }
        }
    }
}

/// Bytes of a string in quotes, with its escapes.
fn quoted(text: &str) -> usize {
    let escapes = text.bytes().map(|it| match it {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0..=0x1f => 5,
        _ => 0,
    });
    2 + text.len() + escapes.sum::<usize>()
}
