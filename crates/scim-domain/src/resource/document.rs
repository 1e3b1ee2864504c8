//! The checked document: JSON in, values out, and back.

use crate::{
    Invalid, Json,
    resource::{Object, Value},
    schema::ResourceType,
};

mod complex;
mod element;
mod immutable;
mod overlay;
mod place;
mod request;
mod simple;
mod stored;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use element::{keep_one_primary, read_element, read_value};
pub(crate) use request::Reading;
pub(crate) use write::write_text;

/// The attributes of a resource as its schema allows them, without what the service computes.
///
/// `externalId` and extensions (under their URN) included; `schemas`, `id`, `meta`, `groups`,
/// `members` and every write-only value excluded.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    attributes: Object,
}

/// How a request is read: a property of the API key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Unknown attributes and foreign schema URNs are ignored and named in [`Parsed::ignored`].
    #[default]
    Tolerant,
    /// They are refused.
    Strict,
}

impl Strictness {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Tolerant, Self::Strict];

    /// By the name that CLI, API and database use.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The name in CLI, API and database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tolerant => "tolerant",
            Self::Strict => "strict",
        }
    }
}

/// A document from a request, and what of the request is not in it.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The checked document.
    pub document: Document,
    /// Names of attributes and schemas that nothing here knows, as sent, at most 50.
    pub ignored: Vec<String>,
    /// The raw value of the attribute that lives in rows (`members`), if it was sent.
    pub rows: Option<Json>,
}

impl Document {
    /// Checks a whole resource sent in POST or PUT (RFC 7644 §3.3, §3.5.1).
    ///
    /// Null, "" and empty lists count as absent; "True" and "False" as booleans for boolean
    /// attributes; a scalar or object where a list is wanted as its one element, a one-element
    /// list where one value is wanted as the value; a text where a complex value with a `value`
    /// sub-attribute is wanted as that `value`; dotted and URN-prefixed keys are expanded;
    /// read-only and write-only attributes and `schemas` are left out. At most one `primary`.
    /// Refuses wrong types and limits (`invalidValue`), and what `Strict` refuses. Does not check
    /// required attributes: the typed constructors do, by name.
    pub fn from_request(
        resource_type: &ResourceType,
        body: &Json,
        strictness: Strictness,
    ) -> Result<Parsed, Invalid> {
        request::read(resource_type, body, strictness)
    }

    /// A document of values that a schema has confirmed already.
    ///
    /// An extension is a [`Value::Complex`] under its URN; one without attributes must not be there.
    pub(crate) const fn from_object(attributes: Object) -> Self {
        Self { attributes }
    }

    /// Reads what [`Document::to_json`] wrote.
    pub fn read(resource_type: &ResourceType, json: &str) -> Result<Self, Corrupt> {
        stored::read(resource_type, json).map(Self::from_object)
    }

    /// The stored form: a JSON object that starts with `schemas`, compact, never with `id`, `meta`
    /// or anything computed, so that an answer is made by splicing text around it.
    pub fn to_json(&self, resource_type: &ResourceType) -> String {
        write::document(resource_type, &self.attributes)
    }

    /// The attributes.
    pub fn attributes(&self) -> &Object {
        &self.attributes
    }

    /// The attributes, for whoever changes a document and keeps to the schema.
    pub(crate) fn into_object(self) -> Object {
        self.attributes
    }

    /// The value of a core or common attribute, or of an extension by its URN, whatever the case.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.attributes.get(name)
    }
}

/// A stored document that its schema does not allow.
#[derive(Debug, thiserror::Error)]
#[error("stored document of {resource_type} is corrupt: {reason}")]
pub struct Corrupt {
    /// The resource type it was read as.
    pub resource_type: &'static str,
    /// What is wrong, without content.
    pub reason: String,
}
