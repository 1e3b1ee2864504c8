//! `remove` (RFC 7644 §3.5.2.2), and whatever else takes values away.

use std::{fmt, sync::Arc};

use super::{
    Op,
    elements::{hits, take_list},
    given,
    path::Place,
    same,
    write::{self, Significant},
};
use crate::{
    Invalid, Json, Reason,
    resource::{
        Object, Value,
        document::{Reading, read_value},
    },
    schema::{AttributeRef, Mutability},
};

/// Removes what a place names. `holder` holds the attribute. What is not there is removed already.
pub(super) fn remove(
    holder: &mut Object,
    place: &Place<'_>,
    value: Option<&Json>,
    reading: &mut Reading,
) -> Result<(), Invalid> {
    if place.chooses() {
        return elements(Op::Remove, holder, place);
    }
    // A list of values says which. An empty one says none; no value at all, or null, says all.
    let listed = value.filter(|it| matches!(it, Json::Array(_)) || !given::is_nothing(it));
    let listed = listed.filter(|_| place.found.target().multi_valued);
    let mut take = |holder: &mut Object| match listed {
        Some(listed) => those_listed(holder, place.found, listed, reading),
        None => clear(Op::Remove, holder, place.found),
    };
    if place.found.sub_attribute.is_none() {
        return take(holder);
    }
    write::in_complex(Op::Remove, holder, place.attribute(), take)
}

/// Takes an attribute or sub-attribute out of the object that holds it, unless it must stay.
pub(super) fn clear(op: Op, holder: &mut Object, at: AttributeRef<'_>) -> Result<(), Invalid> {
    let target = at.target();
    if target.required {
        return Err(required(op, at.path()));
    }
    if holder.remove(&target.name).is_some() && target.mutability == Mutability::Immutable {
        return Err(fixed(at));
    }
    Ok(())
}

/// Takes the chosen elements out of a list, or their sub-attribute out of each.
///
/// An element goes as a whole when its `value` or a required sub-attribute is taken from it, and
/// when no more is left than what says which one it is: clients empty an e-mail or an address by
/// emptying its parts, and the shell would be read back as a value.
pub(super) fn elements(op: Op, holder: &mut Object, place: &Place<'_>) -> Result<(), Invalid> {
    let at = place.attribute();
    let mut list = take_list(holder, at);
    let hits = hits(&list, place);
    let mut gone = Vec::new();
    for hit in hits {
        let Some(element) = list.get_mut(hit) else {
            continue;
        };
        let stays = match (place.found.sub_attribute, &mut *element) {
            (Some(sub), Value::Complex(object)) if !sub.required => {
                let before = Significant::of(object);
                clear(op, object, place.found)?;
                before.settle(object) && !is_shell(element)
            }
            (Some(_) | None, _) => false,
        };
        gone.extend((!stays).then_some(hit));
    }
    drop_at(&mut list, &gone);
    put_list(op, holder, at, list)
}

/// Whether an element holds nothing.
pub(super) fn is_empty(element: &Value) -> bool {
    element.as_object().is_some_and(Object::is_empty)
}

/// Whether an element holds no more than what says which one it is.
pub(super) fn is_shell(element: &Value) -> bool {
    let is_label = |name: &str| ["type", "primary"].iter().any(|it| name.eq_ignore_ascii_case(it));
    element.as_object().is_some_and(|it| it.iter().all(|(name, _)| is_label(name)))
}

/// Drops the elements at these places.
pub(super) fn drop_at(list: &mut Vec<Value>, gone: &[usize]) {
    let mut places = 0..;
    list.retain(|_| places.next().is_none_or(|at| !gone.contains(&at)));
}

/// Puts a list back; an empty one is no value.
pub(super) fn put_list(
    op: Op,
    holder: &mut Object,
    at: AttributeRef<'_>,
    list: Vec<Value>,
) -> Result<(), Invalid> {
    let name = &at.target().name;
    if !list.is_empty() {
        holder.set(Arc::clone(name), Value::List(list));
        return Ok(());
    }
    if holder.get(name).is_some() { clear(op, holder, at) } else { Ok(()) }
}

/// Removes the values that a client lists, as Entra removes members and roles.
fn those_listed(
    holder: &mut Object,
    at: AttributeRef<'_>,
    listed: &Json,
    reading: &mut Reading,
) -> Result<(), Invalid> {
    let Some(Value::List(listed)) = read_value(at, listed, reading)? else {
        return Ok(());
    };
    let mut list = take_list(holder, at);
    list.retain(|element| !listed.iter().any(|it| same::meant(at.target(), element, it)));
    put_list(Op::Remove, holder, at, list)
}

/// The refusal to take away what a resource must have.
pub(super) fn required(op: Op, path: impl fmt::Display) -> Invalid {
    match op {
        Op::Remove => {
            Invalid::new(Reason::Mutability, format!("{path} is required and cannot be removed."))
        }
        Op::Add | Op::Replace => {
            Invalid::value(format!("{path} is required and cannot be emptied."))
        }
    }
}

/// The refusal to change what is fixed once it is set.
pub(super) fn fixed(at: AttributeRef<'_>) -> Invalid {
    Invalid::new(Reason::Mutability, format!("{} is fixed once it is set.", at.path()))
}
