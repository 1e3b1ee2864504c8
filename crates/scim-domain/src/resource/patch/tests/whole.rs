//! Operations without a path.

use serde_json::json;

use super::{STRICT, bare_user, group, user};
use crate::{Reason, schema::ENTERPRISE_USER};

// Field failure 18.
#[test]
fn keys_count_in_any_case_with_dots_and_urns() {
    let value = json!({
        "DISPLAYNAME": "Jane",
        "name.givenName": "J.",
        "Name": {"familyName": "Doe"},
        "urn:ietf:params:scim:schemas:core:2.0:User:title": "Chief",
        format!("{ENTERPRISE_USER}:employeeNumber"): "7",
        format!("{ENTERPRISE_USER}:manager.value"): "m1",
    });
    for op in ["add", "replace"] {
        bare_user().becomes(
            json!({"op": op, "value": value}),
            json!({
                "userName": "jane",
                "displayName": "Jane",
                "name": {"givenName": "J.", "familyName": "Doe"},
                "title": "Chief",
                ENTERPRISE_USER: {"employeeNumber": "7", "manager": {"value": "m1"}},
            }),
        );
    }
}

#[test]
fn keys_may_be_paths_with_filters() {
    bare_user().becomes(
        json!({"op": "replace", "value": {
            "emails[type eq \"work\"].value": "w@x.example",
            "emails[type eq \"work\"].primary": true,
            "addresses[type eq \"home\"].country": "CH",
        }}),
        json!({
            "userName": "jane",
            "emails": [{"type": "work", "value": "w@x.example", "primary": true}],
            "addresses": [{"type": "home", "country": "CH"}],
        }),
    );
    let operation = json!({"op": "replace", "value": {"emails[type eq": "x"}});
    bare_user().refuses(operation, Reason::InvalidPath);
}

// Field failure 4.
#[test]
fn what_the_service_sets_is_ignored() {
    let value = json!({
        "id": "other",
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "meta": {"resourceType": "User", "created": "not a date"},
        "groups": [{"value": "g1"}],
        "meta.version": "x",
        "title": "Chief",
    });
    bare_user().becomes(
        json!({"op": "replace", "value": value}),
        json!({"userName": "jane", "title": "Chief"}),
    );
}

#[test]
fn unknown_names_are_ignored_and_named_unless_the_key_is_strict() {
    for unknown in [
        "shoeSize",
        "name.shoeSize",
        "urn:example:custom:2.0:User:shoeSize",
        "shoes[type eq \"x\"].size",
    ] {
        let list = json!([{"op": "replace", "value": {unknown: "44", "title": "Chief"}}]);
        let patched = bare_user().patch(&list);
        assert_eq!(patched.document, user(json!({"userName": "jane", "title": "Chief"})).document);
        assert_eq!(patched.ignored, [unknown]);
        assert_eq!(bare_user().refusal(STRICT, &list).reason, Reason::InvalidSyntax);
    }
    let long = "x".repeat(10_000);
    let patched = bare_user().patch(&json!([{"op": "add", "value": {long: 1}}]));
    assert_eq!(patched.ignored.len(), 1);
}

#[test]
fn a_strict_key_names_what_it_changes_by_a_path() {
    for operation in [
        json!({"op": "replace", "value": {"active": false}}),
        json!({"op": "add", "value": {"title": "Chief"}}),
    ] {
        let refusal = bare_user().refusal(STRICT, &json!([operation]));
        assert_eq!(refusal.reason, Reason::InvalidSyntax);
        assert!(refusal.detail.contains("\"path\""), "{refusal}");
    }
}

#[test]
fn anything_but_an_object_is_refused() {
    for value in [
        json!("x"),
        json!(""),
        json!(null),
        json!(1),
        json!(true),
        json!([]),
        json!(["a"]),
        json!("[]"),
        json!("{\"active\": false}"),
        json!([{"active": false}]),
        json!([{}, {}]),
    ] {
        bare_user().refuses(json!({"op": "replace", "value": value}), Reason::InvalidSyntax);
    }
}

#[test]
fn an_empty_object_changes_nothing() {
    bare_user().stays(json!({"op": "replace", "value": {}}));
}

// Field failure 5.
#[test]
fn only_what_is_named_is_touched() {
    let staff = group(json!({"displayName": "Staff", "externalId": "e1"}));
    let patched =
        staff.patch(&json!([{"op": "replace", "value": {"id": "g", "displayName": "Crew"}}]));
    assert_eq!(
        patched.document,
        group(json!({"displayName": "Crew", "externalId": "e1"})).document
    );
    assert_eq!(patched.rows, []);
}
