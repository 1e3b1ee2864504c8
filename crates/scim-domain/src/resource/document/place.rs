//! Where a value goes: under its extension's URN, inside its complex attribute.

use std::sync::Arc;

use crate::{
    resource::{Object, Value},
    schema::AttributeRef,
};

/// Puts a checked value where its path says and makes what holds it.
///
/// Parts of a complex attribute are merged into it, so that `name.givenName` and `name` may both
/// be sent. A part of a multi-valued attribute without a filter (`emails.primary`) is taken as
/// one of its first element, which is made if there is none.
pub(super) fn place(attributes: &mut Object, at: AttributeRef<'_>, value: Value) {
    let holder = match at.extension {
        None => attributes,
        Some(schema) => match object_in(attributes, &schema.id) {
            Some(object) => object,
            None => return,
        },
    };
    let name = &at.attribute.name;
    let Some(sub) = at.sub_attribute else {
        merge(holder, name, value);
        return;
    };
    if at.attribute.multi_valued && holder.get(name).is_none() {
        holder.set(Arc::clone(name), Value::List(vec![Value::Complex(Object::new())]));
    }
    if let Some(object) = object_in(holder, name) {
        object.set(Arc::clone(&sub.name), value);
    }
}

/// The complex value of this name, made if there is none; of a list, the first element. `None`
/// only where something simple stands, which a checked document does not have there.
fn object_in<'a>(holder: &'a mut Object, name: &Arc<str>) -> Option<&'a mut Object> {
    if holder.get(name).is_none() {
        holder.set(Arc::clone(name), Value::Complex(Object::new()));
    }
    match holder.get_mut(name)? {
        Value::List(all) => all.first_mut().and_then(Value::as_object_mut),
        single => single.as_object_mut(),
    }
}

fn merge(holder: &mut Object, name: &Arc<str>, value: Value) {
    match (holder.get_mut(name), value) {
        (Some(Value::Complex(old)), Value::Complex(new)) => {
            for (part, value) in new {
                old.set(part, value);
            }
        }
        (_, value) => holder.set(Arc::clone(name), value),
    }
}
