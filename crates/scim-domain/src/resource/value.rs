//! The values of a checked document (RFC 7643 §2.3).

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::time::Timestamp;

#[cfg(test)]
mod tests;

/// A date and time, kept as it was sent beside the moment it means.
#[derive(Clone, Debug, PartialEq)]
pub struct DateTime {
    /// As sent: values are stored without normalisation.
    pub text: String,
    /// What it means, for comparisons.
    pub moment: Timestamp,
}

/// A value whose type the schema has confirmed.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    String(String),
    /// A boolean.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction; never NaN or infinite. Fifteen digits are kept exactly; of more,
    /// the last may differ, as RFC 8259 §6 leads clients to expect.
    Decimal(f64),
    /// A date and time.
    DateTime(DateTime),
    /// A URI or the name of a resource.
    Reference(String),
    /// Base64 text, as sent.
    Binary(String),
    /// An object of sub-attributes.
    Complex(Object),
    /// The values of a multi-valued attribute; never nested.
    List(Vec<Value>),
}

impl Value {
    /// The text of a string-like value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Reference(text) | Self::Binary(text) => Some(text),
            Self::DateTime(it) => Some(&it.text),
            Self::Boolean(_)
            | Self::Integer(_)
            | Self::Decimal(_)
            | Self::Complex(_)
            | Self::List(_) => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Boolean(it) = self { Some(*it) } else { None }
    }

    /// The object, if it is one, to change it in place.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        if let Self::Complex(it) = self { Some(it) } else { None }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Complex(it) = self { Some(it) } else { None }
    }

    /// The elements: those of a list, or the single value itself.
    pub fn elements(&self) -> &[Self] {
        if let Self::List(all) = self { all } else { std::slice::from_ref(self) }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::String(it) | Self::Reference(it) | Self::Binary(it) => it.serialize(serializer),
            Self::Boolean(it) => it.serialize(serializer),
            Self::Integer(it) => it.serialize(serializer),
            Self::Decimal(it) => it.serialize(serializer),
            Self::DateTime(it) => it.text.serialize(serializer),
            Self::Complex(it) => it.serialize(serializer),
            Self::List(it) => it.serialize(serializer),
        }
    }
}

/// Attributes by name, in order. Names are spelled as the schema spells them; an extension stands
/// under its URN.
///
/// Equality does not regard the order of attributes: a client that sends them in another order
/// changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Object {
    entries: Vec<(Arc<str>, Value)>,
}

impl Object {
    /// An object without attributes.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Whether there is no attribute.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of an attribute; names compare without regard to ASCII case (RFC 7643 §2.1).
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The value of an attribute, to change it in place.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let entry = self.entries.iter_mut().find(|(it, _)| it.eq_ignore_ascii_case(name));
        entry.map(|(_, value)| value)
    }

    /// Sets an attribute: in its place if it is there, else at the end.
    pub fn set(&mut self, name: Arc<str>, value: Value) {
        if let Some(slot) = self.get_mut(&name) {
            *slot = value;
        } else {
            self.entries.push((name, value));
        }
    }

    /// Takes an attribute out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.entries.iter().position(|(it, _)| it.eq_ignore_ascii_case(name))?;
        Some(self.entries.remove(at).1)
    }

    /// Attributes in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    /// Attributes in order, to change values in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Arc<str>, &mut Value)> {
        self.entries.iter_mut().map(|(name, value)| (&*name, value))
    }

    /// Keeps the attributes for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value) -> bool) {
        self.entries.retain_mut(|(name, value)| keep(name, value));
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self.entries.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl FromIterator<(Arc<str>, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Value)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

impl IntoIterator for Object {
    type Item = (Arc<str>, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.entries.len()))?;
        for (name, value) in &self.entries {
            map.serialize_entry(&**name, value)?;
        }
        map.end()
    }
}
