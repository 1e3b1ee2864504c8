//! Leaving out of a resource what an answer does not show.

use super::{Selection, pick::Pick};
use crate::{
    resource::{Object, Value},
    schema::{Attribute, ResourceType, Returned, Schema},
};

/// See [`super::Projection::apply`].
pub(super) fn apply(
    selection: &Selection,
    resource_type: &ResourceType,
    mut resource: Object,
) -> Object {
    resource.retain(|name, value| match resource_type.extension(name) {
        Some(schema) => keep_extension(selection, schema, value),
        None => match attribute_of(resource_type, name) {
            Some(attribute) => keep(selection, None, attribute, value),
            None => false,
        },
    });
    resource
}

fn attribute_of<'a>(resource_type: &'a ResourceType, name: &str) -> Option<&'a Attribute> {
    super::top_level(resource_type).find(|it| it.name.eq_ignore_ascii_case(name))
}

fn keep_extension(selection: &Selection, schema: &Schema, value: &mut Value) -> bool {
    let Value::Complex(parts) = value else { return false };
    parts.retain(|name, value| {
        let mut known = schema.attributes.iter();
        let attribute = known.find(|it| it.name.eq_ignore_ascii_case(name));
        attribute.is_some_and(|it| keep(selection, Some(&schema.id), it, value))
    });
    !parts.is_empty()
}

/// Whether the attribute is shown; leaves of its parts what is.
fn keep(
    selection: &Selection,
    extension: Option<&str>,
    attribute: &Attribute,
    value: &mut Value,
) -> bool {
    let shown = match attribute.returned {
        Returned::Always => return true,
        Returned::Never => return false,
        Returned::Default => is_shown(selection, extension, attribute),
        Returned::Request => is_named(selection, extension, attribute),
    };
    shown
        && (attribute.sub_attributes.is_empty()
            || keep_parts(selection, extension, attribute, value))
}

fn is_shown(selection: &Selection, extension: Option<&str>, attribute: &Attribute) -> bool {
    match selection {
        Selection::Everything => true,
        Selection::Only(picks) => picks.iter().any(|it| it.touches(extension, &attribute.name)),
        Selection::Except(picks) => !picks.iter().any(|it| it.covers(extension, &attribute.name)),
    }
}

fn is_named(selection: &Selection, extension: Option<&str>, attribute: &Attribute) -> bool {
    match selection {
        Selection::Only(picks) => {
            picks.iter().any(|it| it.is_path() && it.touches(extension, &attribute.name))
        }
        Selection::Everything | Selection::Except(_) => false,
    }
}

/// Leaves the shown sub-attributes; whether anything of the attribute is left to show. What was
/// empty before (`members` of an empty group) stays.
fn keep_parts(
    selection: &Selection,
    extension: Option<&str>,
    attribute: &Attribute,
    value: &mut Value,
) -> bool {
    let shown: Vec<&str> = attribute
        .sub_attributes
        .iter()
        .filter(|sub| is_part_shown(selection, extension, attribute, sub))
        .map(|sub| &*sub.name)
        .collect();
    if shown.len() == attribute.sub_attributes.len() {
        return true;
    }
    let is_shown = |name: &str| shown.iter().any(|it| it.eq_ignore_ascii_case(name));
    match value {
        Value::Complex(parts) => {
            parts.retain(|name, _| is_shown(name));
            !parts.is_empty()
        }
        Value::List(all) if all.is_empty() => true,
        Value::List(all) => {
            all.retain_mut(|element| {
                let Value::Complex(parts) = element else { return true };
                parts.retain(|name, _| is_shown(name));
                !parts.is_empty()
            });
            !all.is_empty()
        }
        Value::String(_)
        | Value::Boolean(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::DateTime(_)
        | Value::Reference(_)
        | Value::Binary(_) => true,
    }
}

fn is_part_shown(
    selection: &Selection,
    extension: Option<&str>,
    attribute: &Attribute,
    sub: &Attribute,
) -> bool {
    let touches = |it: &&Pick| it.touches(extension, &attribute.name);
    let names_part =
        |it: &Pick| it.sub_attribute().is_some_and(|name| name.eq_ignore_ascii_case(&sub.name));
    let names_whole = |it: &Pick| it.sub_attribute().is_none();
    match (sub.returned, selection) {
        (Returned::Always, _) | (Returned::Default, Selection::Everything) => true,
        (Returned::Never, _)
        | (Returned::Request, Selection::Everything | Selection::Except(_)) => false,
        (Returned::Request, Selection::Only(picks)) => picks.iter().filter(touches).any(names_part),
        (Returned::Default, Selection::Only(picks)) => {
            picks.iter().filter(touches).any(|it| names_part(it) || names_whole(it))
        }
        (Returned::Default, Selection::Except(picks)) => {
            !picks.iter().filter(touches).any(names_part)
        }
    }
}
