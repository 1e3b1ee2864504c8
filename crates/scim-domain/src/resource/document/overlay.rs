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
mod tests {
    use crate::{
        Json,
        resource::{Document, document::Strictness},
        schema::Catalog,
    };

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn document(text: &str) -> Document {
        let text = text.replace("ENTERPRISE", ENTERPRISE);
        let json = Json::parse(text.as_bytes()).unwrap();
        let read = Document::from_request(&Catalog::standard().user, &json, Strictness::Strict);
        read.unwrap().document
    }

    #[test]
    fn what_is_not_said_stays_down_to_the_parts() {
        let known = document(
            r#"{"userName":"ann","title":"a","emails":["a@x.example","b@x.example"],
                "name":{"givenName":"Ann","middleName":"M"},
                "ENTERPRISE":{"department":"d","costCenter":"c"}}"#,
        );
        let said = document(
            r#"{"userName":"Ann","emails":["c@x.example"],"name":{"givenName":"Anna"},
                "ENTERPRISE":{"department":"e"}}"#,
        );
        let expected = document(
            r#"{"userName":"Ann","title":"a","emails":["c@x.example"],
                "name":{"givenName":"Anna","middleName":"M"},
                "ENTERPRISE":{"department":"e","costCenter":"c"}}"#,
        );
        assert_eq!(known.with(&said), expected);
        assert_eq!(expected.with(&said), expected);
    }

    #[test]
    fn a_formatted_name_goes_with_the_parts_it_was_made_of() {
        let known = document(r#"{"userName":"a","name":{"formatted":"Ann M","givenName":"Ann"}}"#);
        let same = document(r#"{"userName":"a","name":{"givenName":"Ann"}}"#);
        let other = document(r#"{"userName":"a","name":{"givenName":"Eve"}}"#);
        assert_eq!(known.with(&same), known);
        assert_eq!(known.with(&other), other);
    }
}
