//! Attribute paths (RFC 7644 §3.10) as text: `userName`, `name.familyName`,
//! `urn:…:enterprise:2.0:User:manager.displayName`. Resolved against a resource type in
//! [`crate::schema::ResourceType::find`].

use std::{fmt, sync::Arc};

use crate::resource::{Object, Value};

#[cfg(test)]
mod tests;

/// A path that names an attribute of a resource type, in the schema's spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributePath {
    /// The extension the attribute belongs to; `None` for core and common attributes.
    pub extension: Option<Arc<str>>,
    /// The attribute.
    pub attribute: Arc<str>,
    /// The sub-attribute, if one is named.
    pub sub_attribute: Option<Arc<str>>,
}

impl AttributePath {
    /// The attribute of a resource that the path leads through, whole: all elements of a list, and
    /// the sub-attribute not yet looked at.
    pub fn attribute_in<'v>(&self, resource: &'v Object) -> Option<&'v Value> {
        match &self.extension {
            Some(urn) => resource.get(urn)?.as_object()?.get(&self.attribute),
            None => resource.get(&self.attribute),
        }
    }

    /// What the path names inside one element of the attribute: the sub-attribute, or the element
    /// itself if no sub-attribute is named.
    pub fn value_in_element<'v>(&self, element: &'v Value) -> Option<&'v Value> {
        match &self.sub_attribute {
            Some(sub) => element.as_object()?.get(sub),
            None => Some(element),
        }
    }

    /// The values of a resource that the path names and that are not empty, one by one: through
    /// every element of a multi-valued attribute.
    pub fn values<'v>(&'v self, resource: &'v Object) -> impl Iterator<Item = &'v Value> {
        let elements = self.attribute_in(resource).map(Value::elements).unwrap_or_default();
        elements
            .iter()
            .filter_map(|element| self.value_in_element(element))
            .flat_map(Value::elements)
            .filter(|value| is_present(value))
    }
}

/// Whether a value counts as one: not an empty text, list or object (RFC 7643 §2.5).
pub(crate) fn is_present(value: &Value) -> bool {
    match value {
        Value::String(text) | Value::Reference(text) | Value::Binary(text) => !text.is_empty(),
        Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::DateTime(_) => true,
        Value::Complex(object) => object.iter().any(|(_, value)| is_present(value)),
        Value::List(all) => all.iter().any(is_present),
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.extension {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.attribute)?;
        if let Some(sub) = &self.sub_attribute {
            write!(f, ".{sub}")?;
        }
        Ok(())
    }
}
