//! Where an operation works: the `path` of RFC 7644 §3.5.2, resolved against a resource type.

use crate::{
    Invalid, Reason,
    resource::{filter::Filter, limits},
    schema::{Attribute, AttributeRef, Found, Mutability, ResourceType, Schema},
};

/// An attribute of the resource, in whole, in part, or some of its elements.
#[derive(Debug)]
pub(super) struct Place<'a> {
    /// The attribute, and the sub-attribute if the path ends in one.
    pub found: AttributeRef<'a>,
    /// Which elements; all of them without.
    pub filter: Option<Filter>,
}

/// What a path, or a key of a path-less value, turns out to name.
#[derive(Debug)]
pub(super) enum Target<'a> {
    /// An attribute.
    Attribute(Place<'a>),
    /// The resource itself, by the URN of its core schema.
    Resource,
    /// All of an extension.
    Extension(&'a Schema),
    /// Something of a schema that this resource type does not have.
    Foreign,
    /// No attribute.
    Unknown,
}

/// A path, cut where its filter begins and ends.
struct Cut<'t> {
    attribute: &'t str,
    filter: Option<&'t str>,
    sub_attribute: Option<&'t str>,
}

impl<'a> Place<'a> {
    /// The attribute itself, without the sub-attribute.
    pub fn attribute(&self) -> AttributeRef<'a> {
        AttributeRef { sub_attribute: None, ..self.found }
    }

    /// Whether elements of a list are meant, and not the list.
    pub fn chooses(&self) -> bool {
        self.filter.is_some()
            || self.found.sub_attribute.is_some() && self.found.attribute.multi_valued
    }

    /// Whether only the service sets what is named here.
    pub fn is_read_only(&self) -> bool {
        self.any(|it| it.mutability == Mutability::ReadOnly)
    }

    /// Whether what is named here is accepted and never kept (`password`).
    pub fn is_write_only(&self) -> bool {
        self.any(|it| it.mutability == Mutability::WriteOnly)
    }

    fn any(&self, is: impl Fn(&Attribute) -> bool) -> bool {
        is(self.found.attribute) || self.found.sub_attribute.is_some_and(is)
    }
}

/// Resolves a path. Refuses, with `invalidPath`, what no path can be; leaves it to the caller
/// whether unknown names matter.
pub(super) fn resolve<'a>(
    resource_type: &'a ResourceType,
    text: &str,
) -> Result<Target<'a>, Invalid> {
    if text.len() > limits::FILTER_BYTES {
        return Err(invalid(format!("A path is at most {} bytes long.", limits::FILTER_BYTES)));
    }
    let cut = cut(text)?;
    let found = match resource_type.locate(cut.attribute) {
        Found::Attribute(found) => found,
        Found::Core => return whole(&cut, Target::Resource),
        Found::Extension(schema) => return whole(&cut, Target::Extension(schema)),
        Found::Foreign => return Ok(Target::Foreign),
        Found::Unknown { nearest: _ } => return Ok(Target::Unknown),
    };
    let Some(filter) = cut.filter else {
        return Ok(Target::Attribute(Place { found, filter: None }));
    };
    let path = found.path();
    if !found.target().multi_valued || found.sub_attribute.is_some() {
        return Err(invalid(format!("{path} is no list, so no filter in \"[…]\" may follow it.")));
    }
    let filter = Filter::parse_element(filter, resource_type, &path)
        .map_err(|it| Invalid::new(Reason::InvalidPath, it.detail))?;
    let sub_attribute = match cut.sub_attribute {
        None => None,
        Some(name) => match found.attribute.sub(name) {
            Some(sub) => Some(sub),
            None => return Ok(Target::Unknown),
        },
    };
    let found = AttributeRef { sub_attribute, ..found };
    Ok(Target::Attribute(Place { found, filter: Some(filter) }))
}

fn whole<'a>(cut: &Cut<'_>, target: Target<'a>) -> Result<Target<'a>, Invalid> {
    if cut.filter.is_none() {
        return Ok(target);
    }
    Err(invalid("A filter in \"[…]\" must follow an attribute, not a schema.".to_owned()))
}

/// Cuts `attribute[filter].sub`. The filter ends at the first bracket outside of quotes: filters of
/// elements do not nest.
fn cut(text: &str) -> Result<Cut<'_>, Invalid> {
    let text = text.trim();
    let Some((attribute, rest)) = text.split_once('[') else {
        return Ok(Cut { attribute: text, filter: None, sub_attribute: None });
    };
    let Some((filter, tail)) = closing_bracket(rest).and_then(|at| rest.split_at_checked(at))
    else {
        return Err(invalid("The \"[\" of the path has no matching \"]\".".to_owned()));
    };
    let sub_attribute = match tail.strip_prefix(']').unwrap_or(tail) {
        "" => None,
        tail => match tail.strip_prefix('.') {
            Some(sub) if !sub.is_empty() && !sub.contains(['[', ']', '.', ':']) => Some(sub),
            Some(_) | None => {
                let detail = "After \"]\" a path may only have a dot and one sub-attribute.";
                return Err(invalid(detail.to_owned()));
            }
        },
    };
    Ok(Cut { attribute: attribute.trim_end(), filter: Some(filter), sub_attribute })
}

fn closing_bracket(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// The refusal of a path that names no attribute.
pub(super) fn unknown(resource_type: &ResourceType, path: &str) -> Invalid {
    // What stands in brackets may be personal and is left out.
    let name = cut(path).map_or_else(
        |_| path.to_owned(),
        |it| match it.sub_attribute {
            Some(sub) => format!("{}.{sub}", it.attribute),
            None => it.attribute.to_owned(),
        },
    );
    // Finding the nearest name takes time for every letter.
    let name: String = name.chars().take(100).collect();
    let Found::Unknown { nearest: Some(nearest) } = resource_type.find(&name) else {
        return invalid(format!("The path \"{name}\" names no known attribute."));
    };
    invalid(format!("The path \"{name}\" names no known attribute; did you mean \"{nearest}\"?"))
}

/// The refusal of a path under a schema that is not there.
pub(super) fn foreign(path: &str) -> Invalid {
    // The URN alone: what follows it may be personal.
    let name: String = path.split('[').next().unwrap_or_default().chars().take(100).collect();
    invalid(format!("The path \"{name}\" is of a schema that this resource does not have."))
}

fn invalid(detail: String) -> Invalid {
    Invalid::new(Reason::InvalidPath, detail)
}
