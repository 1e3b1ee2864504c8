//! Schemas and resource types as discovery shows them (RFC 7643 §6, §7).

use serde_json::{Map, Value, json};

use super::{Attribute, Kind, Mutability, ResourceType, Returned, Schema, Uniqueness};

#[cfg(test)]
mod tests;

impl Schema {
    /// The JSON of `/Schemas/{urn}` without `meta`. Attributes that are never returned
    /// (`password`) are not shown.
    pub fn to_discovery(&self) -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": &*self.id,
            "name": self.name,
            "description": self.description,
            "attributes": list(&self.attributes, Reader::Client),
        })
    }

    /// The JSON that declares the schema, whole: with what is never returned and what is indexed.
    pub fn to_definition(&self) -> Value {
        json!({
            "id": &*self.id,
            "name": self.name,
            "description": self.description,
            "attributes": list(&self.attributes, Reader::Owner),
        })
    }
}

impl Attribute {
    /// The JSON that declares the attribute, whole.
    pub fn to_definition(&self) -> Value {
        attribute(self, Reader::Owner)
    }
}

impl ResourceType {
    /// The JSON of `/ResourceTypes/{name}` without `meta`.
    pub fn to_discovery(&self) -> Value {
        let mut json = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": self.kind.name(),
            "name": self.kind.name(),
            "endpoint": self.kind.endpoint(),
            "description": self.description,
            "schema": &*self.schema.id,
        });
        let extension =
            |it: &super::Extension| json!({ "schema": &*it.schema.id, "required": it.required });
        let extensions: Vec<Value> = self.extensions.iter().map(extension).collect();
        if let (Value::Object(members), false) = (&mut json, extensions.is_empty()) {
            members.insert("schemaExtensions".to_owned(), Value::Array(extensions));
        }
        json
    }

    /// The core schema and the extensions.
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        std::iter::once(&*self.schema).chain(self.extensions.iter().map(|it| &*it.schema))
    }
}

/// Who reads a schema.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// A client, through discovery.
    Client,
    /// Whoever declared it.
    Owner,
}

fn list(attributes: &[Attribute], reader: Reader) -> Vec<Value> {
    let shown = |it: &&Attribute| reader == Reader::Owner || it.returned != Returned::Never;
    attributes.iter().filter(shown).map(|it| attribute(it, reader)).collect()
}

fn attribute(it: &Attribute, reader: Reader) -> Value {
    let mut json = Map::new();
    json.insert("name".to_owned(), json!(&*it.name));
    json.insert("type".to_owned(), json!(kind(it.kind)));
    json.insert("multiValued".to_owned(), json!(it.multi_valued));
    json.insert("description".to_owned(), json!(it.description));
    json.insert("required".to_owned(), json!(it.required));
    json.insert("caseExact".to_owned(), json!(it.case_exact));
    json.insert("mutability".to_owned(), json!(mutability(it.mutability)));
    json.insert("returned".to_owned(), json!(returned(it.returned)));
    json.insert("uniqueness".to_owned(), json!(uniqueness(it.uniqueness)));
    // Absent rather than empty: readers take an empty list as "no value is canonical".
    if !it.canonical_values.is_empty() {
        json.insert("canonicalValues".to_owned(), json!(it.canonical_values));
    }
    if !it.reference_types.is_empty() {
        json.insert("referenceTypes".to_owned(), json!(it.reference_types));
    }
    if !it.sub_attributes.is_empty() {
        json.insert("subAttributes".to_owned(), Value::Array(list(&it.sub_attributes, reader)));
    }
    if it.indexed && reader == Reader::Owner {
        json.insert("indexed".to_owned(), json!(true));
    }
    Value::Object(json)
}

pub(super) const fn kind(it: Kind) -> &'static str {
    match it {
        Kind::String => "string",
        Kind::Boolean => "boolean",
        Kind::Decimal => "decimal",
        Kind::Integer => "integer",
        Kind::DateTime => "dateTime",
        Kind::Binary => "binary",
        Kind::Reference => "reference",
        Kind::Complex => "complex",
    }
}

pub(super) const fn mutability(it: Mutability) -> &'static str {
    match it {
        Mutability::ReadOnly => "readOnly",
        Mutability::ReadWrite => "readWrite",
        Mutability::Immutable => "immutable",
        Mutability::WriteOnly => "writeOnly",
    }
}

pub(super) const fn returned(it: Returned) -> &'static str {
    match it {
        Returned::Always => "always",
        Returned::Never => "never",
        Returned::Default => "default",
        Returned::Request => "request",
    }
}

pub(super) const fn uniqueness(it: Uniqueness) -> &'static str {
    match it {
        Uniqueness::None => "none",
        Uniqueness::Server => "server",
        Uniqueness::Global => "global",
    }
}
