//! `add` and `replace` of attributes and sub-attributes (RFC 7644 §3.5.2.1, §3.5.2.3).

use std::sync::Arc;

use super::{Op, given, primary, remove, same};
use crate::{
    Invalid, Json, Reason,
    resource::{
        Object, Value,
        document::{Reading, read_element, read_value},
        limits,
    },
    schema::{AttributeRef, Kind, Mutability},
};

/// Writes to an attribute, or to a sub-attribute of a single-valued one. `holder` holds the
/// attribute.
pub(super) fn write(
    op: Op,
    holder: &mut Object,
    at: AttributeRef<'_>,
    json: &Json,
    reading: &mut Reading,
) -> Result<(), Invalid> {
    if at.sub_attribute.is_none() {
        return part(op, holder, at, json, reading);
    }
    let whole = AttributeRef { sub_attribute: None, ..at };
    in_complex(op, holder, whole, |object| part(op, object, at, json, reading))
}

/// Writes what the path ends in. `holder` holds just that: the attribute, or the sub-attribute.
pub(super) fn part(
    op: Op,
    holder: &mut Object,
    at: AttributeRef<'_>,
    json: &Json,
    reading: &mut Reading,
) -> Result<(), Invalid> {
    unless_fixed(holder, at, |holder| {
        let target = at.target();
        if target.multi_valued {
            return list(op, holder, at, json, reading);
        }
        if target.kind == Kind::Complex {
            return in_complex(op, holder, at, |object| fill(op, object, at, json, reading));
        }
        match read_value(at, json, reading)? {
            Some(value) => holder.set(Arc::clone(&target.name), value),
            None => remove::clear(op, holder, at)?,
        }
        Ok(())
    })
}

/// Refuses a change of what is immutable and has a value (RFC 7644 §3.5.2).
pub(super) fn unless_fixed(
    holder: &mut Object,
    at: AttributeRef<'_>,
    work: impl FnOnce(&mut Object) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    let target = at.target();
    let fixed = target.mutability == Mutability::Immutable;
    let before = if fixed { holder.get(&target.name).cloned() } else { None };
    work(holder)?;
    if before.is_some() && before.as_ref() != holder.get(&target.name) {
        return Err(remove::fixed(at));
    }
    Ok(())
}

/// Works on the object of a complex attribute, which comes with its first sub-attribute and goes
/// with its last, or when its `value` is taken from it.
pub(super) fn in_complex(
    op: Op,
    holder: &mut Object,
    at: AttributeRef<'_>,
    work: impl FnOnce(&mut Object) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    let target = at.target();
    let mut object = match holder.get_mut(&target.name) {
        Some(Value::Complex(object)) => std::mem::take(object),
        Some(_) | None => Object::new(),
    };
    let before = Significant::of(&object);
    work(&mut object)?;
    if before.settle(&mut object) && !object.is_empty() {
        holder.set(Arc::clone(&target.name), Value::Complex(object));
        return Ok(());
    }
    remove::clear(op, holder, at)
}

/// Writes the sub-attributes that a value names into an object and leaves the others; "no value"
/// leaves none.
pub(super) fn fill(
    op: Op,
    object: &mut Object,
    whole: AttributeRef<'_>,
    json: &Json,
    reading: &mut Reading,
) -> Result<(), Invalid> {
    if given::is_nothing(json) {
        *object = Object::new();
        return Ok(());
    }
    let Json::Object(named) = given::only(json) else {
        // A bare text stands for the `value`; the reader knows whether that is so here.
        if let Some(Value::Complex(read)) = read_element(whole, json, reading)? {
            read.iter().for_each(|(name, value)| object.set(Arc::clone(name), value.clone()));
        }
        return Ok(());
    };
    for (key, json) in named {
        let Some(sub) = whole.target().sub(key) else {
            reading.unknown(format_args!("{}.{key}", whole.path()))?;
            continue;
        };
        match sub.mutability {
            Mutability::ReadOnly | Mutability::WriteOnly => {}
            Mutability::ReadWrite | Mutability::Immutable => {
                let at = AttributeRef { sub_attribute: Some(sub), ..whole };
                part(op, object, at, json, reading)?;
            }
        }
    }
    Ok(())
}

/// Writes a multi-valued attribute as a whole.
fn list(
    op: Op,
    holder: &mut Object,
    at: AttributeRef<'_>,
    json: &Json,
    reading: &mut Reading,
) -> Result<(), Invalid> {
    let target = at.target();
    let Some(Value::List(sent)) = read_value(at, json, reading)? else {
        // To add a list of nothing adds nothing; null and "" say that there shall be no value.
        let nothing_to_add = op == Op::Add && matches!(json, Json::Array(_) | Json::Object(_));
        return if nothing_to_add { Ok(()) } else { remove::clear(op, holder, at) };
    };
    let mut list = match holder.get_mut(&target.name) {
        Some(Value::List(list)) if op == Op::Add => std::mem::take(list),
        Some(_) | None => Vec::new(),
    };
    let mut last_primary = None;
    for value in sent {
        let sets_primary = primary::is_set(&value);
        let place = if op == Op::Add { add(&mut list, at, value) } else { push(&mut list, value) };
        last_primary = if sets_primary { Some(place) } else { last_primary };
    }
    check_count(&list, at)?;
    primary::settle(&mut list, last_primary);
    holder.set(Arc::clone(&target.name), Value::List(list));
    Ok(())
}

/// Adds a value unless it is there: the same `value` and `type` are the same thing, which then
/// takes over the other sub-attributes sent (RFC 7643 §2.4 wants each combination once).
fn add(list: &mut Vec<Value>, at: AttributeRef<'_>, value: Value) -> usize {
    let Some(place) = list.iter().position(|it| same::thing(at.target(), it, &value)) else {
        return push(list, value);
    };
    if let (Some(Value::Complex(there)), Value::Complex(sent)) = (list.get_mut(place), value) {
        sent.iter().for_each(|(name, value)| there.set(Arc::clone(name), value.clone()));
    }
    place
}

fn push(list: &mut Vec<Value>, value: Value) -> usize {
    list.push(value);
    list.len() - 1
}

/// Refuses more values than an attribute may have.
pub(super) fn check_count(list: &[Value], at: AttributeRef<'_>) -> Result<(), Invalid> {
    if list.len() <= limits::VALUES {
        return Ok(());
    }
    let detail = format!("{} would have more than {} values.", at.path(), limits::VALUES);
    Err(Invalid::new(Reason::TooMany, detail))
}

/// What a complex value stood for before it was changed.
pub(super) struct Significant {
    value: Option<Value>,
    reference: Option<Value>,
}

impl Significant {
    /// Before the change.
    pub fn of(object: &Object) -> Self {
        Self { value: object.get("value").cloned(), reference: object.get("$ref").cloned() }
    }

    /// Brings the rest in line with a changed `value`: a `$ref` that still points to the former one
    /// goes. Says whether the complex value stays; without the `value` it had, it means nothing.
    pub fn settle(self, object: &mut Object) -> bool {
        let Some(before) = self.value else {
            return true;
        };
        let now = object.get("value");
        let (stays, changed) = (now.is_some(), now != Some(&before));
        if changed && self.reference.as_ref() == object.get("$ref") {
            object.remove("$ref");
        }
        stays
    }
}
