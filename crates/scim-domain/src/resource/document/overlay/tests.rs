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
