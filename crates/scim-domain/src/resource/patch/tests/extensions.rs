//! Attributes under a URN, and the manager in the shapes that clients give it.

use serde_json::{Value as Plain, json};

use super::{STRICT, bare_user, user};
use crate::{Reason, schema::ENTERPRISE_USER};

fn jane(enterprise: Plain) -> Plain {
    json!({"userName": "jane", ENTERPRISE_USER: enterprise})
}

fn path(attribute: &str) -> String {
    format!("{ENTERPRISE_USER}:{attribute}")
}

// Field failure 19.
#[test]
fn a_path_with_the_urn_of_an_extension_is_not_split_at_its_dot() {
    bare_user().becomes(
        json!({"op": "add", "path": path("department"), "value": "Sales"}),
        jane(json!({"department": "Sales"})),
    );
    bare_user().becomes(
        json!({"op": "add", "path": path("manager.value").to_uppercase(), "value": "m1"}),
        jane(json!({"manager": {"value": "m1"}})),
    );
}

#[test]
fn an_extension_goes_with_its_last_attribute() {
    let operation = json!({"op": "remove", "path": path("department")});
    user(jane(json!({"department": "Sales"}))).becomes(operation, json!({"userName": "jane"}));
}

#[test]
fn a_value_for_an_extension_changes_what_it_names() {
    let before = user(jane(json!({"department": "Sales", "division": "North"})));
    let after = jane(json!({"department": "Support", "division": "North"}));
    for op in ["add", "replace"] {
        let value = json!({"Department": "Support"});
        before.becomes(json!({"op": op, "path": ENTERPRISE_USER, "value": value}), after.clone());
        before.becomes(json!({"op": op, "value": {ENTERPRISE_USER: value}}), after.clone());
    }
}

#[test]
fn a_value_for_an_extension_may_reach_into_it() {
    bare_user().becomes(
        json!({"op": "add", "value": {ENTERPRISE_USER: {"manager.value": "m1", "costCenter": "7"}}}),
        jane(json!({"manager": {"value": "m1"}, "costCenter": "7"})),
    );
}

#[test]
fn an_extension_is_removed_as_a_whole() {
    let before = user(jane(json!({"department": "Sales", "manager": {"value": "m1"}})));
    for operation in [
        json!({"op": "remove", "path": ENTERPRISE_USER}),
        json!({"op": "replace", "path": ENTERPRISE_USER, "value": null}),
        json!({"op": "replace", "value": {ENTERPRISE_USER: ""}}),
    ] {
        before.becomes(operation, json!({"userName": "jane"}));
    }
}

#[test]
fn a_value_for_an_extension_must_be_an_object() {
    let operation = json!({"op": "replace", "path": ENTERPRISE_USER, "value": "Sales"});
    bare_user().refuses(operation, Reason::InvalidValue);
}

// Field failure 20.
#[test]
fn a_manager_is_read_from_a_text_an_object_and_a_list() {
    let after = jane(json!({"manager": {"value": "m1"}}));
    for value in [json!("m1"), json!({"value": "m1"}), json!([{"value": "m1"}]), json!(["m1"])] {
        for op in ["add", "replace"] {
            bare_user()
                .becomes(json!({"op": op, "path": path("manager"), "value": value}), after.clone());
        }
    }
    let reference = json!({"$ref": "https://example.com/Users/m1", "value": "m1"});
    bare_user().becomes(
        json!({"op": "add", "path": path("manager"), "value": [reference]}),
        jane(json!({"manager": reference})),
    );
}

// Field failure 20.
#[test]
fn an_empty_manager_is_none() {
    let reference = json!({"$ref": "https://example.com/Users/m1", "value": "m1"});
    let before = user(jane(json!({"manager": reference})));
    for value in [
        json!(""),
        json!(null),
        json!({"value": ""}),
        json!({"value": null}),
        json!([]),
        json!([{"value": ""}]),
    ] {
        let operation = json!({"op": "replace", "path": path("manager"), "value": value});
        before.becomes(operation.clone(), json!({"userName": "jane"}));
        bare_user().stays(operation);
    }
    before.becomes(json!({"op": "remove", "path": path("manager")}), json!({"userName": "jane"}));
    before.becomes(
        json!({"op": "remove", "path": path("manager.value")}),
        json!({"userName": "jane"}),
    );
}

#[test]
fn a_new_manager_does_not_keep_the_reference_to_the_former_one() {
    let former = json!({"$ref": "https://example.com/Users/m1", "value": "m1"});
    let before = user(jane(json!({"manager": former})));
    let after = jane(json!({"manager": {"value": "m2"}}));
    before.becomes(json!({"op": "replace", "path": path("manager"), "value": "m2"}), after.clone());
    before.becomes(json!({"op": "replace", "path": path("manager.value"), "value": "m2"}), after);
    let next = json!({"$ref": "https://example.com/Users/m2", "value": "m2"});
    let operation = json!({"op": "replace", "path": path("manager"), "value": next});
    before.becomes(operation, jane(json!({"manager": next})));
}

#[test]
fn an_attribute_of_an_extension_needs_its_urn() {
    let list = json!([{"op": "add", "path": "manager", "value": [{"value": "m1"}]}]);
    for options in [super::PatchOptions::TOLERANT, STRICT] {
        let refusal = bare_user().refusal(options, &list);
        assert_eq!(refusal.reason, Reason::InvalidPath);
        assert!(refusal.detail.contains(&path("manager")), "{refusal}");
    }
}

#[test]
fn what_is_under_a_foreign_urn_is_ignored_and_named_unless_the_key_is_strict() {
    let misspelt = "urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department";
    let custom = "urn:example:custom:2.0:User";
    let list =
        json!([{"op": "add", "path": misspelt, "value": "x"}, {"op": "remove", "path": custom}]);
    let patched = bare_user().patch(&list);
    assert_eq!(patched.document, bare_user().document);
    assert_eq!(patched.ignored, [misspelt, custom]);
    assert_eq!(bare_user().refusal(STRICT, &list).reason, Reason::InvalidPath);
    let patched = bare_user().patch(&json!([{"op": "add", "value": {custom: {"a": 1}}}]));
    assert_eq!(patched.ignored, [custom]);
}
