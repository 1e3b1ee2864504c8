//! What a schema that is declared must keep to, beyond its shape.

use std::collections::HashSet;

use super::{Rule, Undeclarable, refusal::told};
use crate::{
    resource::limits::{
        ATTRIBUTE_NAME, CANONICAL_VALUES, INDEXED_ATTRIBUTES, SCHEMA_ATTRIBUTES, STRING_BYTES,
        SUB_ATTRIBUTES, URN_BYTES,
    },
    schema::{Attribute, Kind, Mutability, ResourceKind, Returned, Schema, Uniqueness},
};

type Result = std::result::Result<(), Undeclarable>;

/// Beginnings of URNs that mean something already. Extensions under
/// `urn:ietf:params:scim:schemas:extension:` are not among them: Entra's guide names them so.
const RESERVED: [&str; 4] = [
    "urn:ietf:params:scim:schemas:core:",
    "urn:ietf:params:scim:schemas:extension:enterprise:",
    "urn:ietf:params:scim:api:",
    "urn:okta:scim:",
];

const REFERENCES: [&str; 4] = ["User", "Group", "external", "uri"];

pub(super) fn check(extends: ResourceKind, schema: &Schema) -> Result {
    urn(&schema.id)?;
    text("", "the name", &schema.name, 200)?;
    if schema.name.is_empty() {
        return Err(Undeclarable::schema(Rule::Text { key: "the name", most: 200 }));
    }
    text("", "the description", &schema.description, STRING_BYTES)?;
    names("", "attributes", &schema.attributes, SCHEMA_ATTRIBUTES)?;
    for attribute in &schema.attributes {
        check_attribute(extends, attribute)?;
    }
    let indexed = schema.attributes.iter().filter(|it| it.indexed).count();
    at_most("", "indexed attributes", indexed, INDEXED_ATTRIBUTES)
}

/// See [`Schema::beside`].
pub(super) fn beside(one: &str, other: &str) -> Result {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with(':'))
    };
    if one == other {
        Err(Undeclarable::schema(Rule::Taken))
    } else if within(&one, &other) || within(&other, &one) {
        Err(Undeclarable::schema(Rule::Overlap(other)))
    } else {
        Ok(())
    }
}

/// `urn:` NID `:` NSS (RFC 8141 §2), without what would need escapes in a path or a filter.
fn urn(urn: &str) -> Result {
    let letter = |it: u8| it.is_ascii_alphanumeric() || b".-_~".contains(&it);
    let parts: Vec<&str> = urn.split(':').collect();
    let sound = parts.iter().all(|it| !it.is_empty() && it.bytes().all(letter));
    let is_urn = parts.first().is_some_and(|it| it.eq_ignore_ascii_case("urn"));
    if !sound || !is_urn || parts.len() < 3 || urn.len() > URN_BYTES {
        return Err(Undeclarable::schema(Rule::Urn));
    }
    let lower = format!("{}:", urn.to_ascii_lowercase());
    match RESERVED.into_iter().find(|it| lower.starts_with(it)) {
        Some(reserved) => Err(Undeclarable::schema(Rule::Reserved(reserved))),
        None => Ok(()),
    }
}

/// The names of attributes that stand beside each other.
fn names(at: &str, what: &'static str, all: &[Attribute], most: usize) -> Result {
    at_most(at, what, all.len(), most)?;
    let mut seen = HashSet::new();
    for attribute in all {
        let path = joined(at, attribute);
        let name = &*attribute.name;
        // RFC 7643 §2.1, and `$ref`, which only stands inside of complex attributes (§2.4).
        let well_formed = name.bytes().next().is_some_and(|it| it.is_ascii_alphabetic())
            || (name == "$ref" && !at.is_empty());
        let letter = |it: u8| it.is_ascii_alphanumeric() || b"$-_".contains(&it);
        if !well_formed || !name.bytes().all(letter) || name.len() > ATTRIBUTE_NAME {
            return Err(Undeclarable::at(&path, Rule::Name));
        }
        if !seen.insert(name.to_ascii_lowercase()) {
            return Err(Undeclarable::at(&path, Rule::NameTaken));
        }
    }
    Ok(())
}

fn joined(at: &str, attribute: &Attribute) -> String {
    let name = told(&attribute.name);
    if at.is_empty() { name } else { format!("{at}.{name}") }
}

fn check_attribute(extends: ResourceKind, attribute: &Attribute) -> Result {
    let at = &*attribute.name;
    characteristics(at, attribute)?;
    let complex = attribute.kind == Kind::Complex;
    match attribute.sub_attributes.as_slice() {
        [] if complex => return Err(Undeclarable::at(at, Rule::NoParts)),
        [_, ..] if !complex => return Err(Undeclarable::at(at, Rule::PartsOfSimple)),
        [] | [_, ..] => {}
    }
    names(at, "subAttributes", &attribute.sub_attributes, SUB_ATTRIBUTES)?;
    for part in &attribute.sub_attributes {
        let path = joined(at, part);
        characteristics(&path, part)?;
        if part.kind == Kind::Complex || !part.sub_attributes.is_empty() {
            return Err(Undeclarable::at(&path, Rule::Nested));
        }
        if part.indexed {
            return Err(Undeclarable::at(&path, Rule::IndexOfPart));
        }
    }
    match extends {
        ResourceKind::Group if attribute.indexed => Err(Undeclarable::at(at, Rule::IndexOfGroup)),
        ResourceKind::User if attribute.indexed && !has_terms(attribute) => {
            Err(Undeclarable::at(at, Rule::IndexKind))
        }
        ResourceKind::User | ResourceKind::Group => Ok(()),
    }
}

/// Whether its values, or their `value`, are texts that anybody may look for.
fn has_terms(attribute: &Attribute) -> bool {
    let target = match attribute.kind {
        Kind::Complex => attribute.sub("value").filter(|it| !it.multi_valued),
        Kind::String
        | Kind::Boolean
        | Kind::Decimal
        | Kind::Integer
        | Kind::DateTime
        | Kind::Binary
        | Kind::Reference => Some(attribute),
    };
    let readable = |it: &Attribute| it.returned != Returned::Never;
    let is_text = |it: &Attribute| matches!(it.kind, Kind::String | Kind::Reference);
    readable(attribute) && target.is_some_and(|it| is_text(it) && readable(it))
}

/// What holds for attributes and for their parts.
fn characteristics(at: &str, it: &Attribute) -> Result {
    let refuse = |rule| Err(Undeclarable::at(at, rule));
    text(at, "the description", &it.description, STRING_BYTES)?;
    if it.required {
        return refuse(Rule::Required);
    }
    if it.uniqueness != Uniqueness::None {
        return refuse(Rule::Unique);
    }
    if it.mutability == Mutability::ReadOnly {
        return refuse(Rule::ReadOnly);
    }
    if (it.mutability == Mutability::WriteOnly) != (it.returned == Returned::Never) {
        return refuse(Rule::Hidden);
    }
    let is_text = matches!(it.kind, Kind::String | Kind::Reference);
    if !it.canonical_values.is_empty() && !is_text {
        return refuse(Rule::Canonical);
    }
    at_most(at, "canonicalValues", it.canonical_values.len(), CANONICAL_VALUES)?;
    for value in &it.canonical_values {
        text(at, "a canonical value", value, STRING_BYTES)?;
    }
    if !it.reference_types.is_empty() && it.kind != Kind::Reference {
        return refuse(Rule::References);
    }
    match it.reference_types.iter().find(|name| !REFERENCES.contains(&name.as_str())) {
        Some(unknown) => refuse(Rule::ReferenceType(told(unknown))),
        None => Ok(()),
    }
}

fn at_most(at: &str, what: &'static str, number: usize, most: usize) -> Result {
    if number > most {
        return Err(Undeclarable::at(at, Rule::TooMany { what, most }));
    }
    Ok(())
}

fn text(at: &str, key: &'static str, text: &str, most: usize) -> Result {
    if text.len() > most || text.chars().any(char::is_control) {
        return Err(Undeclarable::at(at, Rule::Text { key, most }));
    }
    Ok(())
}
