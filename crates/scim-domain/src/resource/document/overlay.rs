//! What somebody says of a resource, laid over what is known of it.

use super::Document;
use crate::resource::{Object, Value};

impl Document {
    /// This document with every attribute that `said` has in it. What it does not have stays, down
    /// to the parts of an attribute with parts and the attributes of an extension; a list is
    /// replaced as a whole.
    ///
    /// `name.formatted` goes where a part of the name changes and nobody says how it is written
    /// now: it was made of the parts as they were.
    #[must_use]
    pub fn with(&self, said: &Self) -> Self {
        let mut attributes = self.attributes.clone();
        lay(&mut attributes, &said.attributes);
        forget_formatted(&self.attributes, &said.attributes, &mut attributes);
        Self::from_object(attributes)
    }
}

fn lay(below: &mut Object, above: &Object) {
    for (name, value) in above.iter() {
        match (below.get_mut(name), value) {
            (Some(Value::Complex(parts)), Value::Complex(said)) => lay(parts, said),
            (Some(_) | None, _) => below.set(name.clone(), value.clone()),
        }
    }
}

fn forget_formatted(before: &Object, said: &Object, after: &mut Object) {
    let parts = |it: &Object| it.get("name").and_then(Value::as_object).cloned();
    let unsaid = parts(said).is_some_and(|it| it.get("formatted").is_none());
    if unsaid
        && parts(before) != parts(after)
        && let Some(name) = after.get_mut("name").and_then(Value::as_object_mut)
    {
        name.remove("formatted");
    }
}

#[cfg(test)]
mod tests;
