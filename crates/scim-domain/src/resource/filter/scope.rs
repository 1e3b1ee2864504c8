//! What the names of a filter refer to: the attributes of resource types, or the parts of one
//! element.

use std::sync::Arc;

use super::Literal;
use crate::{
    Invalid, Reason,
    resource::path::AttributePath,
    schema::{Attribute, AttributeRef, Found, Kind, Mutability, ResourceType, Returned},
};

/// Where names are looked up.
#[derive(Clone)]
pub(super) enum Scope<'s> {
    /// The attributes of a resource type; what only `others` know is absent in it.
    Resource { resource_type: &'s ResourceType, others: &'s [&'s ResourceType] },
    /// The parts of an element of `attribute`.
    Element { extension: Option<Arc<str>>, attribute: &'s Attribute },
}

/// An attribute that a filter names.
pub(super) struct Subject<'s> {
    pub(super) path: AttributePath,
    pub(super) attribute: &'s Attribute,
    /// The attribute whose characteristics count.
    pub(super) target: &'s Attribute,
    /// Whether only another searched resource type knows it.
    pub(super) elsewhere: bool,
}

impl<'s> Scope<'s> {
    /// The inside of the brackets behind a path that is known to name an attribute.
    pub(super) fn of_element(
        resource_type: &'s ResourceType,
        path: &AttributePath,
    ) -> Result<Self, Invalid> {
        let found = resource_type.resolve(path).filter(|it| it.sub_attribute.is_none());
        let Some(found) = found else {
            let detail = format!("{path} is no attribute that can have a filter in brackets.");
            return Err(Invalid::new(Reason::InvalidFilter, detail));
        };
        Ok(Self::Element { extension: path.extension.clone(), attribute: found.attribute })
    }

    /// What a name refers to; otherwise what is wrong with it, as the end of a sentence.
    pub(super) fn find(&self, name: &str) -> Result<Subject<'s>, String> {
        let subject = match self {
            Self::Resource { resource_type, others } => find_in(resource_type, others, name)?,
            Self::Element { extension, attribute } => {
                find_part(extension.as_ref(), attribute, name)?
            }
        };
        if [subject.attribute, subject.target].into_iter().any(is_unreadable) {
            return Err("this attribute can never be read, so it cannot be filtered on".to_owned());
        }
        Ok(subject)
    }
}

fn is_unreadable(attribute: &Attribute) -> bool {
    attribute.mutability == Mutability::WriteOnly || attribute.returned == Returned::Never
}

fn find_in<'s>(
    resource_type: &'s ResourceType,
    others: &[&'s ResourceType],
    name: &str,
) -> Result<Subject<'s>, String> {
    let unknown = match resource_type.find(name) {
        Found::Attribute(found) => return Ok(Subject::of(&found, false)),
        Found::Core | Found::Extension(_) => {
            return Err("an attribute was expected behind the URN of the schema".to_owned());
        }
        Found::Foreign => {
            format!("no schema of {} has this attribute", resource_type.kind.name())
        }
        Found::Unknown { nearest } => {
            let kind = resource_type.kind.name();
            let hint = nearest.map(|it| format!("; the nearest is {it}")).unwrap_or_default();
            format!("{kind} has no attribute of this name{hint}")
        }
    };
    for other in others {
        if let Found::Attribute(found) = other.find(name) {
            return Ok(Subject::of(&found, true));
        }
    }
    // Entra checks a manager by `id eq "…" and manager eq "…"`.
    if let Some(found) = resource_type.in_extension(name) {
        return Ok(Subject::of(&found, false));
    }
    let found = others.iter().find_map(|it| it.in_extension(name));
    found.map(|found| Subject::of(&found, true)).ok_or(unknown)
}

fn find_part<'s>(
    extension: Option<&Arc<str>>,
    attribute: &'s Attribute,
    name: &str,
) -> Result<Subject<'s>, String> {
    let sub = attribute.sub(name);
    // RFC 7644 names the values of a list of simple values `value` (§3.5.2, `members[value …]`).
    let itself = attribute.sub_attributes.is_empty() && name.eq_ignore_ascii_case("value");
    if sub.is_none() && !itself {
        return Err(format!("{} has no sub-attribute of this name", attribute.name));
    }
    let path = AttributePath {
        extension: extension.cloned(),
        attribute: attribute.name.clone(),
        sub_attribute: sub.map(|it| it.name.clone()),
    };
    Ok(Subject { path, attribute, target: sub.unwrap_or(attribute), elsewhere: false })
}

/// What a comparison with an attribute looks at.
pub(super) enum Comparable<'s> {
    /// Its value; of a complex attribute, its `value`.
    Value(Subject<'s>),
    /// Whether the complex attribute is there at all: the comparison is with `null`.
    Whole(AttributePath),
}

impl<'s> Subject<'s> {
    /// Finds what a comparison looks at; otherwise what is wrong, as the end of a sentence.
    pub(super) fn comparable(mut self, literal: &Literal) -> Result<Comparable<'s>, String> {
        if self.target.kind != Kind::Complex {
            return Ok(Comparable::Value(self));
        }
        if *literal == Literal::Null {
            return Ok(Comparable::Whole(self.path));
        }
        // RFC 7644 §3.4.2.2 itself writes `emails co "example.com"`.
        let Some(value) = self.target.sub("value").filter(|it| !is_unreadable(it)) else {
            return Err(format!(
                "{} is complex: one of its sub-attributes was expected",
                self.target.name
            ));
        };
        self.path.sub_attribute = Some(value.name.clone());
        self.target = value;
        Ok(Comparable::Value(self))
    }

    fn of(found: &AttributeRef<'s>, elsewhere: bool) -> Self {
        Self {
            path: found.path(),
            attribute: found.attribute,
            target: found.sub_attribute.unwrap_or(found.attribute),
            elsewhere,
        }
    }
}
