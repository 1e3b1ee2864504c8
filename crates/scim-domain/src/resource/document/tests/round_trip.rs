//! What is stored is what was checked, and what is shown can be sent back.

use proptest::prelude::*;

use super::*;
use crate::{
    schema::ResourceType,
    testing::{
        resources,
        schemas::{self, Drawn},
    },
};

/// A resource type, standard or not, and a document of it.
fn any_document() -> impl Strategy<Value = (Drawn, Document)> {
    schemas::any().prop_flat_map(|it| (Just(it.clone()), resources::document(&it)))
}

fn from_json(resource_type: &ResourceType, json: &str, strictness: Strictness) -> Parsed {
    let body = Json::parse(json.as_bytes()).unwrap();
    Document::from_request(resource_type, &body, strictness).unwrap()
}

proptest! {
    #![proptest_config(crate::testing::runs::config())]

    #[test]
    fn a_stored_document_is_read_back_as_it_was((of, it) in any_document()) {
        let json = it.to_json(&of);
        let back = Document::read(&of, &json).unwrap();
        prop_assert_eq!(&back, &it);
        prop_assert_eq!(back.to_json(&of), json);
    }

    // N9
    #[test]
    fn what_is_shown_can_be_sent_back_and_changes_nothing((of, it) in any_document()) {
        let sent = from_json(&of, &it.to_json(&of), Strictness::Strict);
        prop_assert!(sent.ignored.is_empty());
        prop_assert_eq!(sent.document, it);
    }

    #[test]
    fn a_clients_habits_change_nothing_of_what_it_says(
        (of, (plain, sent)) in schemas::any().prop_flat_map(|it| (Just(it.clone()), resources::sent(&it))),
    ) {
        let parsed = from_json(&of, &sent.to_string(), Strictness::Tolerant);
        prop_assert_eq!(parsed.document, resources::checked(&of, &plain), "{}", sent);
    }

    #[test]
    fn the_stored_form_is_json_to_everybody((of, it) in any_document()) {
        let value: serde_json::Value = serde_json::from_str(&it.to_json(&of)).unwrap();
        prop_assert_eq!(&value["schemas"][0], &*of.schema.id);
        let odd = value.get(schemas::ODD).is_some();
        let listed = value["schemas"].as_array().unwrap().iter().any(|it| it == schemas::ODD);
        prop_assert_eq!(odd, listed);
    }

    // I6
    #[test]
    fn no_json_makes_reading_panic(text in r#"\{("(name|emails|active|schemas|x)":[\[\]{}"a:1,tru]{0,9},?){0,4}\}"#) {
        let user = &Catalog::standard().user;
        if let Ok(body) = Json::parse(text.as_bytes()) {
            let _ = Document::from_request(user, &body, Strictness::Tolerant);
        }
        let _ = Document::read(user, &text);
    }
}

#[test]
fn the_order_of_attributes_is_no_difference() {
    let one = user(r#"{"title":"T","userName":"a","name":{"givenName":"A","familyName":"B"}}"#);
    let other = user(r#"{"name":{"familyName":"B","givenName":"A"},"userName":"a","title":"T"}"#);
    assert_eq!(one.document, other.document);
    assert!(stored(&one).starts_with(r#"{"userName":"a","name""#));
}

#[test]
fn what_the_schema_does_not_allow_is_corrupt_and_told_without_content() {
    for json in [
        "",
        "[]",
        r#"{"userName":5}"#,
        r#"{"userName":"secret"} x"#,
        r#"{"secret":1}"#,
        r#"{"name":{"secret":1}}"#,
        r#"{"emails":{"value":"secret"}}"#,
        r#"{"name.givenName":"secret"}"#,
        r#"{"active":"secret"}"#,
        r#"{"urn:secret":{}}"#,
    ] {
        let error = Document::read(&Catalog::standard().user, json).unwrap_err();
        assert_eq!(error.resource_type, "User");
        assert!(!error.to_string().contains("secret"), "{json}: {error}");
    }
}
