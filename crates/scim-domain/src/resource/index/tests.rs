use std::sync::Arc;

use super::*;
use crate::{
    Json,
    resource::document::Strictness,
    schema::{Catalog, Extension, Schema},
};

fn document(resource_type: &ResourceType, json: &str) -> Document {
    let body = Json::parse(json.as_bytes()).unwrap();
    Document::from_request(resource_type, &body, Strictness::Tolerant).unwrap().document
}

fn term(path: &str, element: u32, text: &str) -> IndexTerm {
    IndexTerm { path: path.to_owned(), element, text: text.to_owned() }
}

#[test]
fn e_mails_are_indexed_folded_with_their_place() {
    let user = &Catalog::standard().user;
    let it = document(
        user,
        r#"{"userName":"Anna","emails":[{"value":"Anna@Example.com","type":"work"},{"type":"home"},
            {"value":"\uFF21@b.c"}]}"#,
    );
    assert_eq!(
        terms(user, &it),
        [term("emails.value", 0, "anna@example.com"), term("emails.value", 2, "a@b.c")]
    );
}

#[test]
fn without_indexed_values_there_are_no_terms() {
    let user = &Catalog::standard().user;
    assert_eq!(terms(user, &document(user, r#"{"userName":"anna","title":"x"}"#)), []);
    let group = &Catalog::standard().group;
    assert_eq!(terms(group, &document(group, r#"{"displayName":"x"}"#)), []);
}

#[test]
fn an_indexed_attribute_of_an_extension_stands_under_its_urn() {
    let mut user = Catalog::standard().user.clone();
    let mut badge = user.schema.attributes[0].clone();
    badge.name = "badge".into();
    badge.indexed = true;
    badge.case_exact = true;
    let attributes = vec![badge];
    let schema = Schema { id: "urn:acme:Badge".into(), attributes, ..(*user.schema).clone() };
    user.extensions.push(Extension { schema: Arc::new(schema), required: false, declared: false });
    let it = document(&user, r#"{"urn:acme:Badge":{"badge":"Ab7"}}"#);
    assert_eq!(terms(&user, &it), [term("urn:acme:Badge:badge", 0, "Ab7")]);
}
