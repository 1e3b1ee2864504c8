//! Complex values: an object of sub-attributes (RFC 7643 §2.3.8).

use super::{element, request::Reading};
use crate::{
    Invalid, Json,
    resource::{Object, Value},
    schema::{AttributeRef, Mutability},
};

/// Reads a complex value that is neither null nor "" nor a list. `None` if it has no part that a
/// client may write.
pub(super) fn read(
    at: AttributeRef<'_>,
    json: &Json,
    reading: &mut Reading,
) -> Result<Option<Value>, Invalid> {
    let mut object = Object::new();
    match json {
        Json::Object(members) => {
            for (name, value) in members {
                read_part(at, name, value, &mut object, reading)?;
            }
        }
        // A manager as "id", a role as "name": the text is the significant value (RFC 7643 §2.4).
        Json::String(_) if at.target().sub("value").is_some() => {
            read_part(at, "value", json, &mut object, reading)?;
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            return Err(Invalid::value(format!("{} must be an object.", at.path())));
        }
    }
    Ok((!object.is_empty()).then_some(Value::Complex(object)))
}

/// Reads one part into the object. An unknown one is ignored and named, or refused.
fn read_part(
    at: AttributeRef<'_>,
    name: &str,
    json: &Json,
    object: &mut Object,
    reading: &mut Reading,
) -> Result<(), Invalid> {
    let Some(sub) = at.target().sub(name).filter(|_| at.sub_attribute.is_none()) else {
        return reading.unknown(format_args!("{}.{name}", at.path()));
    };
    if !is_written(sub.mutability) {
        return Ok(());
    }
    let part = AttributeRef { sub_attribute: Some(sub), ..at };
    if let Some(value) = element::read_value(part, json, reading)? {
        object.set(sub.name.clone(), value);
    }
    Ok(())
}

/// Whether what a client sends for it goes into the document.
pub(super) const fn is_written(mutability: Mutability) -> bool {
    match mutability {
        Mutability::ReadWrite | Mutability::Immutable => true,
        Mutability::ReadOnly | Mutability::WriteOnly => false,
    }
}
