//! Single values, simple and complex.

use serde_json::json;

use super::{bare_user, user};
use crate::Reason;

#[test]
fn adding_to_a_single_value_replaces_it() {
    let jane = user(json!({"userName": "jane", "title": "Engineer"}));
    let chief = json!({"userName": "jane", "title": "Chief"});
    jane.becomes(json!({"op": "add", "path": "title", "value": "Chief"}), chief.clone());
    jane.becomes(json!({"op": "replace", "path": "title", "value": ["Chief"]}), chief.clone());
    bare_user().becomes(json!({"op": "replace", "path": "title", "value": "Chief"}), chief);
}

#[test]
fn values_are_kept_as_sent() {
    let odd = "  \u{212B}ngstro\u{308}m ";
    bare_user().becomes(
        json!({"op": "add", "path": "title", "value": odd}),
        json!({"userName": "jane", "title": odd}),
    );
}

#[test]
fn what_a_complex_value_does_not_name_stays() {
    let jane =
        user(json!({"userName": "jane", "name": {"givenName": "Jane", "familyName": "Doe"}}));
    let roe = json!({"userName": "jane", "name": {"givenName": "Jane", "familyName": "Roe"}});
    for op in ["add", "replace"] {
        let value = json!({"FAMILYNAME": "Roe"});
        jane.becomes(json!({"op": op, "path": "name", "value": value}), roe.clone());
        jane.becomes(json!({"op": op, "path": "name", "value": [value]}), roe.clone());
        jane.becomes(json!({"op": op, "path": "name.familyName", "value": "Roe"}), roe.clone());
    }
}

#[test]
fn a_complex_value_comes_with_its_first_part_and_goes_with_its_last() {
    let named = json!({"userName": "jane", "name": {"givenName": "Jane"}});
    let add = json!({"op": "add", "path": "name.givenName", "value": "Jane"});
    bare_user().becomes(add, named.clone());
    let plain = json!({"userName": "jane"});
    for operation in [
        json!({"op": "remove", "path": "name.givenName"}),
        json!({"op": "remove", "path": "name"}),
        json!({"op": "replace", "path": "name.givenName", "value": ""}),
        json!({"op": "replace", "path": "name", "value": {"givenName": null}}),
        json!({"op": "replace", "path": "name", "value": null}),
        json!({"op": "replace", "path": "name", "value": []}),
        json!({"op": "add", "path": "name", "value": ""}),
    ] {
        user(named.clone()).becomes(operation, plain.clone());
    }
}

#[test]
fn null_empty_text_and_empty_list_clear_a_value_that_may_be_absent() {
    let jane = user(json!({"userName": "jane", "title": "Engineer"}));
    for value in [json!(null), json!(""), json!([]), json!([""])] {
        for op in ["add", "replace"] {
            let plain = json!({"userName": "jane"});
            jane.becomes(json!({"op": op, "path": "title", "value": value}), plain.clone());
            jane.becomes(json!({"op": op, "value": {"title": value}}), plain);
            bare_user().stays(json!({"op": op, "path": "title", "value": value}));
        }
    }
}

#[test]
fn a_change_and_its_opposite_leave_an_equal_document() {
    let jane = user(json!({"userName": "jane", "title": "Engineer", "nickName": "J"}));
    let patched = jane.patch(&json!([
        {"op": "remove", "path": "title"},
        {"op": "add", "path": "title", "value": "Engineer"},
    ]));
    assert_eq!(patched.document, jane.document);
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    let jane = bare_user();
    for (path, value) in [
        ("title", json!({"value": "x"})),
        ("title", json!(["a", "b"])),
        ("name", json!("Jane Doe")),
        ("name.givenName", json!(1)),
        ("active", json!("maybe")),
        ("title", json!("x".repeat(5_000))),
    ] {
        let operation = json!({"op": "replace", "path": path, "value": value});
        jane.refuses(operation, Reason::InvalidValue);
    }
}
