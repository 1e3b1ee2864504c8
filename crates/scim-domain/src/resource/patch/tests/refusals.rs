//! What cannot be changed, what must stay, and that nothing is half done.

use serde_json::json;

use super::{PatchOptions, bare_user, group, user};
use crate::Reason;

#[test]
fn a_path_to_something_read_only_is_refused() {
    let jane = bare_user();
    for path in
        ["id", "ID", "meta", "meta.created", "groups", "groups[value eq \"g\"]", "groups.display"]
    {
        for operation in [
            json!({"op": "add", "path": path, "value": "x"}),
            json!({"op": "replace", "path": path, "value": [{"value": "x"}]}),
            json!({"op": "remove", "path": path}),
        ] {
            jane.refuses(operation, Reason::Mutability);
        }
    }
    jane.refuses(json!({"op": "remove", "path": "schemas"}), Reason::Mutability);
}

#[test]
fn schemas_may_be_extended_before_their_attributes_come() {
    bare_user()
        .stays(json!({"op": "add", "path": "schemas", "value": [crate::schema::ENTERPRISE_USER]}));
}

#[test]
fn what_a_resource_must_have_cannot_be_taken_away() {
    for (resource, name) in
        [(bare_user(), "userName"), (group(json!({"displayName": "Staff"})), "displayName")]
    {
        resource.refuses(json!({"op": "remove", "path": name}), Reason::Mutability);
        resource.refuses(
            json!({"op": "remove", "path": name.to_uppercase(), "value": "x"}),
            Reason::Mutability,
        );
        for value in [json!(null), json!(""), json!([])] {
            resource.refuses(
                json!({"op": "replace", "path": name, "value": value}),
                Reason::InvalidValue,
            );
            resource.refuses(json!({"op": "add", "value": {name: value}}), Reason::InvalidValue);
        }
    }
}

#[test]
fn a_write_needs_a_value() {
    for operation in [
        json!({"op": "add", "path": "title"}),
        json!({"op": "replace", "path": "emails[type eq \"work\"]"}),
        json!({"op": "replace"}),
    ] {
        bare_user().refuses(operation, Reason::InvalidValue);
    }
}

// A3
#[test]
fn a_password_is_accepted_and_dropped_in_every_form() {
    for operation in [
        json!({"op": "add", "path": "password", "value": "s3cret"}),
        json!({"op": "replace", "path": "PASSWORD", "value": {"any": ["shape"]}}),
        json!({"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": null}),
        json!({"op": "remove", "path": "password"}),
        json!({"op": "replace", "value": {"Password": "s3cret"}}),
        json!({"op": "add", "value": {"urn:ietf:params:scim:schemas:core:2.0:User": {"password": "s3cret"}}}),
    ] {
        let pathless = operation["path"].is_null();
        let strict = (!pathless).then_some(super::STRICT);
        for options in [Some(PatchOptions::TOLERANT), strict].into_iter().flatten() {
            let patched = bare_user().patch_as(options, &json!([operation])).unwrap();
            assert_eq!(patched.document, bare_user().document);
            assert_eq!(patched.ignored, [""; 0]);
        }
    }
}

// N6
#[test]
fn a_refused_operation_leaves_nothing_of_those_before_it() {
    let jane = user(json!({"userName": "jane", "title": "Engineer"}));
    let list = json!([
        {"op": "replace", "path": "title", "value": "Chief"},
        {"op": "add", "path": "emails", "value": "w@x.example"},
        {"op": "remove", "path": "userName"},
    ]);
    assert_eq!(jane.refusal(PatchOptions::TOLERANT, &list).reason, Reason::Mutability);
    assert_eq!(jane.document, user(json!({"userName": "jane", "title": "Engineer"})).document);
}

#[test]
fn at_most_fifty_ignored_names_are_told() {
    let unknown: serde_json::Map<_, _> = (0..80).map(|it| (format!("x{it}"), json!(1))).collect();
    let patched = bare_user().patch(&json!([
        {"op": "add", "path": "urn:example:a", "value": 1},
        {"op": "add", "value": unknown},
    ]));
    assert_eq!(patched.ignored.len(), 50);
}
