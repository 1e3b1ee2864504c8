//! The words in which schemas are written down, so that a schema reads as a table.
//!
//! Every attribute starts with the defaults of RFC 7643 §2.2: optional, single, read and write,
//! returned by default, not unique, compared without regard to case. References and Base64 are
//! case-exact by nature (RFC 7643 §2.3.6, §2.3.7).

use super::{Attribute, Kind, Mutability, Returned, Schema, Uniqueness};

/// An attribute with the defaults of its kind.
pub(super) fn attribute(kind: Kind, name: &str, description: &str) -> Attribute {
    Attribute {
        name: name.into(),
        description: description.to_owned(),
        kind,
        multi_valued: false,
        required: false,
        case_exact: matches!(kind, Kind::Reference | Kind::Binary),
        mutability: Mutability::ReadWrite,
        returned: Returned::Default,
        uniqueness: Uniqueness::None,
        canonical_values: Vec::new(),
        reference_types: Vec::new(),
        sub_attributes: Vec::new(),
        indexed: false,
        index_building: false,
        in_rows: false,
    }
}

/// A text.
pub(super) fn text(name: &str, description: &str) -> Attribute {
    attribute(Kind::String, name, description)
}

/// A boolean.
pub(super) fn flag(name: &str, description: &str) -> Attribute {
    attribute(Kind::Boolean, name, description)
}

/// A whole number.
pub(super) fn number(name: &str, description: &str) -> Attribute {
    attribute(Kind::Integer, name, description)
}

/// A date and time.
pub(super) fn moment(name: &str, description: &str) -> Attribute {
    attribute(Kind::DateTime, name, description)
}

/// Base64.
pub(super) fn binary(name: &str, description: &str) -> Attribute {
    attribute(Kind::Binary, name, description)
}

/// A reference to resources of these types, or to something `external`.
pub(super) fn reference(name: &str, types: &[&str], description: &str) -> Attribute {
    Attribute { reference_types: owned(types), ..attribute(Kind::Reference, name, description) }
}

/// A complex value.
pub(super) fn complex(name: &str, description: &str, parts: Vec<Attribute>) -> Attribute {
    Attribute { sub_attributes: parts, ..attribute(Kind::Complex, name, description) }
}

/// A list of complex values with the default parts of RFC 7643 §2.4 around their `value`.
pub(super) fn labelled_list(
    name: &str,
    description: &str,
    value: Attribute,
    types: &[&str],
) -> Attribute {
    let mut parts = vec![value, text("display", "A name for people, shown in place of the value.")];
    parts.extend(labels(types));
    complex(name, description, parts).list()
}

/// `type` and `primary` of a list's elements.
pub(super) fn labels(types: &[&str]) -> [Attribute; 2] {
    [
        text("type", "What the value is used for.").suggests(types),
        flag("primary", "Whether this is the preferred value; true for at most one of them."),
    ]
}

/// A schema.
pub(super) fn schema(id: &str, name: &str, description: &str, list: Vec<Attribute>) -> Schema {
    Schema {
        id: id.into(),
        name: name.to_owned(),
        description: description.to_owned(),
        attributes: list,
    }
}

impl Attribute {
    /// A list of such values.
    pub(super) fn list(self) -> Self {
        Self { multi_valued: true, ..self }
    }

    /// A resource must have it.
    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Unique in the organization.
    pub(super) fn unique(self) -> Self {
        Self { uniqueness: Uniqueness::Server, ..self }
    }

    /// Compared with regard to case.
    pub(super) fn exact(self) -> Self {
        Self { case_exact: true, ..self }
    }

    /// Only the service sets it, and its parts.
    pub(super) fn read_only(self) -> Self {
        self.mutability(Mutability::ReadOnly)
    }

    /// Set once, then fixed.
    pub(super) fn immutable(self) -> Self {
        self.mutability(Mutability::Immutable)
    }

    /// May be sent, is never shown.
    pub(super) fn secret(self) -> Self {
        Self { returned: Returned::Never, ..self.mutability(Mutability::WriteOnly) }
    }

    /// In every answer.
    pub(super) fn always(self) -> Self {
        Self { returned: Returned::Always, ..self }
    }

    /// With these canonical values.
    pub(super) fn suggests(self, values: &[&str]) -> Self {
        Self { canonical_values: owned(values), ..self }
    }

    /// With index rows for its value.
    pub(super) fn indexed(self) -> Self {
        Self { indexed: true, ..self }
    }

    /// With rows of its own instead of a place in the document.
    pub(super) fn in_rows(self) -> Self {
        Self { in_rows: true, ..self }
    }

    fn mutability(self, mutability: Mutability) -> Self {
        let parts = self.sub_attributes.into_iter().map(|it| it.mutability(mutability));
        Self { mutability, sub_attributes: parts.collect(), ..self }
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&it| it.to_owned()).collect()
}
