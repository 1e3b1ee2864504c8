//! What is stored is what was checked, and what is shown can be sent back.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_stored_document_is_read_back_as_it_was(it in generate::document(&generate::every_kind())) {
        let user = generate::every_kind();
        let json = it.to_json(&user);
        let back = Document::read(&user, &json).unwrap();
        prop_assert_eq!(&back, &it);
        prop_assert_eq!(back.to_json(&user), json);
    }

    #[test]
    fn a_stored_group_is_read_back_as_it_was(it in generate::document(&Catalog::standard().group)) {
        let group = &Catalog::standard().group;
        prop_assert_eq!(Document::read(group, &it.to_json(group)).unwrap(), it);
    }

    // N9
    #[test]
    fn what_is_shown_can_be_sent_back_and_changes_nothing(it in generate::document(&generate::every_kind())) {
        let user = generate::every_kind();
        let body = Json::parse(it.to_json(&user).as_bytes()).unwrap();
        let sent = Document::from_request(&user, &body, Strictness::Strict).unwrap();
        prop_assert!(sent.ignored.is_empty());
        prop_assert_eq!(sent.document, it);
    }

    #[test]
    fn the_stored_form_is_json_to_everybody(it in generate::document(&generate::every_kind())) {
        let user = generate::every_kind();
        let value: serde_json::Value = serde_json::from_str(&it.to_json(&user)).unwrap();
        prop_assert_eq!(&value["schemas"][0], crate::schema::USER);
        let odd = value.get(generate::ODD).is_some();
        let listed = value["schemas"].as_array().unwrap().iter().any(|it| it == generate::ODD);
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
