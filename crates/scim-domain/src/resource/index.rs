//! The index rows of a document: what the store keeps beside it to answer filters.

use crate::{
    FoldedText,
    resource::{Document, Object, Value},
    schema::{Attribute, AttributeRef, ResourceType, Schema},
};

#[cfg(test)]
mod tests;

/// One value of an attribute that its schema declares as indexed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexTerm {
    /// The path in the schema's spelling, such as `emails.value`.
    pub path: String,
    /// Which element of the list, from 0.
    pub element: u32,
    /// The text: folded unless case-exact.
    pub text: String,
}

/// The terms of a document, in order. For a complex attribute that is indexed, its `value`. An
/// extension that the organization declared has one more, an empty text under its URN: it tells who
/// carries the extension.
pub fn terms(resource_type: &ResourceType, document: &Document) -> Vec<IndexTerm> {
    let attributes = document.attributes();
    let mut terms = Vec::new();
    collect(None, &resource_type.schema.attributes, attributes, &mut terms);
    for extension in &resource_type.extensions {
        if let Some(object) = attributes.get(&extension.schema.id).and_then(Value::as_object) {
            if extension.declared {
                let (path, text) = (extension.schema.id.to_string(), String::new());
                terms.push(IndexTerm { path, element: 0, text });
            }
            collect(Some(&extension.schema), &extension.schema.attributes, object, &mut terms);
        }
    }
    terms
}

fn collect(
    extension: Option<&Schema>,
    schema: &[Attribute],
    values: &Object,
    terms: &mut Vec<IndexTerm>,
) {
    for attribute in schema.iter().filter(|it| it.indexed) {
        let Some(value) = values.get(&attribute.name) else { continue };
        let at = AttributeRef { extension, attribute, sub_attribute: attribute.sub("value") };
        let path = at.path().to_string();
        for (element, value) in (0..).zip(value.elements()) {
            if let Some(text) = text(at, value) {
                terms.push(IndexTerm { path: path.clone(), element, text });
            }
        }
    }
}

/// What is indexed of one element; only texts are, since only they are looked up by.
fn text(at: AttributeRef<'_>, element: &Value) -> Option<String> {
    let value = match at.sub_attribute {
        Some(sub) => element.as_object()?.get(&sub.name)?,
        None => element,
    };
    let text = value.as_text()?;
    Some(if at.target().case_exact {
        text.to_owned()
    } else {
        FoldedText::of(text).as_str().to_owned()
    })
}
