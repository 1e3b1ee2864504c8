//! When two elements of a list are the same.

use crate::{resource::Value, schema::Attribute};

/// What tells elements with a `value` apart (RFC 7643 §2.4).
const IDENTITY: [&str; 2] = ["value", "type"];

/// Whether two elements are the same thing: by `value` and `type` where there is a `value`, else in
/// everything.
pub(super) fn thing(attribute: &Attribute, one: &Value, other: &Value) -> bool {
    let (Some(left), Some(right)) = (one.as_object(), other.as_object()) else {
        return text(attribute, one, other);
    };
    if left.get("value").is_none() || right.get("value").is_none() {
        return left == right;
    }
    IDENTITY.iter().all(|name| match (left.get(name), right.get(name)) {
        (Some(left), Some(right)) => part(attribute, name, left, right),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    })
}

/// Whether an element is meant by one that a client lists: by its `value`, and its `type` if that
/// is given; without a `value`, by everything that is given.
pub(super) fn meant(attribute: &Attribute, element: &Value, listed: &Value) -> bool {
    let (Some(element), Some(listed)) = (element.as_object(), listed.as_object()) else {
        return text(attribute, element, listed);
    };
    let by_value = listed.get("value").is_some();
    !listed.is_empty()
        && listed.iter().all(|(name, wanted)| {
            by_value && !IDENTITY.iter().any(|it| name.eq_ignore_ascii_case(it))
                || element.get(name).is_some_and(|it| part(attribute, name, it, wanted))
        })
}

fn part(attribute: &Attribute, name: &str, one: &Value, other: &Value) -> bool {
    attribute.sub(name).map_or_else(|| one == other, |sub| text(sub, one, other))
}

/// Texts compare without regard to ASCII case, unless the schema says that case counts. Not folded
/// as names are: lists meet lists here, and a client that lists a value spells it as it sent it.
fn text(attribute: &Attribute, one: &Value, other: &Value) -> bool {
    match (one.as_text(), other.as_text()) {
        (Some(one), Some(other)) if !attribute.case_exact => one.eq_ignore_ascii_case(other),
        (Some(_) | None, _) => one == other,
    }
}
