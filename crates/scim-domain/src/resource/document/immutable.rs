//! What a PUT leaves as it is: attributes that are set once (RFC 7644 §3.5.1).

use std::sync::Arc;

use super::Document;
use crate::{
    Invalid, Reason,
    resource::{Object, Value},
    schema::{Attribute, AttributeRef, Mutability, ResourceType, Schema},
};

impl Document {
    /// This document, sent to replace `before`: an immutable attribute that is left out keeps its
    /// value, and one that is sent with another value is refused (`mutability`).
    ///
    /// Of a complex value that is sent, immutable parts count likewise. The elements of a list
    /// cannot be told apart, so their parts may change with them.
    pub fn in_place_of(self, before: &Self, resource_type: &ResourceType) -> Result<Self, Invalid> {
        let mut attributes = self.attributes;
        settle(None, &resource_type.schema.attributes, &before.attributes, &mut attributes)?;
        for extension in &resource_type.extensions {
            let schema = &extension.schema;
            let Some(old) = before.get(&schema.id).and_then(Value::as_object) else { continue };
            let sent = attributes.get_mut(&schema.id).and_then(Value::as_object_mut);
            let mut sent = sent.map_or_else(Object::new, std::mem::take);
            settle(Some(schema), &schema.attributes, old, &mut sent)?;
            if !sent.is_empty() {
                attributes.set(Arc::clone(&schema.id), Value::Complex(sent));
            }
        }
        Ok(Self { attributes })
    }
}

fn settle(
    extension: Option<&Schema>,
    schema: &[Attribute],
    before: &Object,
    sent: &mut Object,
) -> Result<(), Invalid> {
    for attribute in schema {
        let at = AttributeRef { extension, attribute, sub_attribute: None };
        if attribute.mutability == Mutability::Immutable {
            keep(at, before, sent)?;
        } else if !attribute.multi_valued
            && let Some(Value::Complex(sent)) = sent.get_mut(&attribute.name)
            && let Some(Value::Complex(before)) = before.get(&attribute.name)
        {
            for part in &attribute.sub_attributes {
                if part.mutability == Mutability::Immutable {
                    keep(AttributeRef { sub_attribute: Some(part), ..at }, before, sent)?;
                }
            }
        }
    }
    Ok(())
}

fn keep(at: AttributeRef<'_>, before: &Object, sent: &mut Object) -> Result<(), Invalid> {
    let name = &at.target().name;
    match (before.get(name), sent.get(name)) {
        (None, _) => Ok(()),
        (Some(old), None) => {
            sent.set(Arc::clone(name), old.clone());
            Ok(())
        }
        (Some(old), Some(new)) if old == new => Ok(()),
        (Some(_), Some(_)) => {
            let detail = format!("{} was set once and cannot be changed.", at.path());
            Err(Invalid::new(Reason::Mutability, detail))
        }
    }
}
