//! Requests as identity providers send them.

use serde_json::{Value as Plain, json};

use super::{Patched, Resource, group, read, user};
use crate::{
    resource::patch::{PatchOptions, RowChange, apply, read_operations},
    schema::ENTERPRISE_USER,
};

fn send(to: &Resource, body: &Plain) -> Patched {
    let operations = read_operations(&read(body)).unwrap();
    apply(to.resource_type(), &to.document, &operations, PatchOptions::TOLERANT).unwrap()
}

fn message(operations: Plain) -> Plain {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

// Field failure 3.
#[test]
fn okta_deactivates_and_reactivates_a_user() {
    let jane = json!({"userName": "jane@example.com", "active": true});
    let off =
        send(&user(jane.clone()), &message(json!([{"op": "replace", "value": {"active": false}}])));
    let mut inactive = jane.clone();
    inactive["active"] = json!(false);
    assert_eq!(off.document, user(inactive.clone()).document);
    let on = send(&user(inactive), &message(json!([{"op": "replace", "value": {"active": true}}])));
    assert_eq!(on.document, user(jane).document);
}

// Field failure 4.
#[test]
fn okta_renames_a_group_and_repeats_its_name() {
    let value = json!({"id": "abf4dd94-a4c0-4f67-89c9-76b03340cb9b", "displayName": "Test SCIMv2"});
    let rename = message(json!([{"op": "replace", "value": value}]));
    let renamed = send(&group(json!({"displayName": "Admin"})), &rename);
    let after = group(json!({"displayName": "Test SCIMv2"}));
    assert_eq!((&renamed.document, renamed.rows), (&after.document, Vec::new()));
    assert_eq!(send(&after, &rename).document, after.document);
}

#[test]
fn okta_pushes_memberships() {
    let staff = group(json!({"displayName": "Staff"}));
    let patched = send(
        &staff,
        &message(json!([
            {"op": "remove", "path": "members[value eq \"89bb1940-b905-4575-9e7f-6f887cfb368e\"]"},
            {"op": "add", "path": "members", "value": [{"value": "23a35c27-23d3-4c03-b4c5-6443c09e7173", "display": "test.user@okta.local"}]},
        ])),
    );
    assert_eq!(
        patched.rows,
        [
            RowChange::Remove(vec!["89bb1940-b905-4575-9e7f-6f887cfb368e".to_owned()]),
            RowChange::Add(vec!["23a35c27-23d3-4c03-b4c5-6443c09e7173".to_owned()]),
        ]
    );
    assert_eq!(patched.document, staff.document);
}

// Field failures 1 and 2.
#[test]
fn entra_disables_a_user() {
    let jane = user(json!({"userName": "jane", "active": true}));
    for op in ["replace", "add"] {
        let patched = send(&jane, &message(json!([{"op": op, "path": "active", "value": false}])));
        assert_eq!(patched.document, user(json!({"userName": "jane", "active": false})).document);
    }
}

#[test]
fn entra_updates_a_user_one_attribute_at_a_time() {
    let jane =
        user(json!({"userName": "jane", "emails": [{"type": "work", "value": "old@example.com"}]}));
    let patched = send(
        &jane,
        &message(json!([
            {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com"},
            {"op": "add", "path": "name.givenName", "value": "Jane"},
            {"op": "add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+41"},
            {"op": "replace", "path": format!("{ENTERPRISE_USER}:department"), "value": "Sales"},
            {"op": "add", "path": format!("{ENTERPRISE_USER}:manager"), "value": [{"$ref": "http://localhost/scim/Users/m1", "value": "m1"}]},
            {"op": "add", "path": "roles", "value": [{"id": "r", "value": "Admin", "displayName": "Admin"}]},
        ])),
    );
    let after = user(json!({
        "userName": "jane",
        "emails": [{"type": "work", "value": "new@example.com"}],
        "name": {"givenName": "Jane"},
        "phoneNumbers": [{"type": "mobile", "value": "+41"}],
        "roles": [{"value": "Admin"}],
        ENTERPRISE_USER: {"department": "Sales", "manager": {"$ref": "http://localhost/scim/Users/m1", "value": "m1"}},
    }));
    assert_eq!(patched.document, after.document);
    assert_eq!(patched.ignored, ["roles.displayName", "roles.id"]);
}

#[test]
fn entra_updates_a_user_at_once() {
    let jane = user(json!({"userName": "jane"}));
    let patched = send(
        &jane,
        &message(json!([{"op": "replace", "value": {
            "displayName": "x",
            "name.givenName": "k",
            format!("{ENTERPRISE_USER}:employeeNumber"): "A",
        }}])),
    );
    let after = json!({"userName": "jane", "displayName": "x", "name": {"givenName": "k"}, ENTERPRISE_USER: {"employeeNumber": "A"}});
    assert_eq!(patched.document, user(after).document);
}

#[test]
fn entra_clears_attributes_with_an_empty_text_and_then_with_null() {
    let full = json!({
        "userName": "jane",
        "title": "Chief",
        "name": {"givenName": "Jane"},
        "emails": [{"type": "work", "value": "w@example.com", "primary": true}],
        "addresses": [{"type": "work", "locality": "Bern"}],
        ENTERPRISE_USER: {"department": "Sales", "manager": {"value": "m1"}},
    });
    let clear = |value: Plain| {
        let paths = [
            "title",
            "name.givenName",
            "emails[type eq \"work\"].value",
            "addresses[type eq \"work\"].locality",
            &format!("{ENTERPRISE_USER}:department"),
            &format!("{ENTERPRISE_USER}:manager"),
        ];
        let all: Vec<_> =
            paths.iter().map(|it| json!({"op": "replace", "path": it, "value": value})).collect();
        message(json!(all))
    };
    let plain = user(json!({"userName": "jane"}));
    assert_eq!(send(&user(full), &clear(json!(""))).document, plain.document);
    assert_eq!(send(&plain, &clear(json!(null))).document, plain.document);
}

// Field failure 7.
#[test]
fn entra_adds_and_removes_members() {
    let staff = group(json!({"displayName": "Staff"}));
    let patched = send(
        &staff,
        &message(json!([
            {"op": "add", "path": "members", "value": [{"$ref": null, "value": "u1"}]},
            {"op": "remove", "path": "members", "value": [{"$ref": null, "value": "u2"}]},
        ])),
    );
    assert_eq!(
        patched.rows,
        [RowChange::Add(vec!["u1".to_owned()]), RowChange::Remove(vec!["u2".to_owned()])]
    );
}

#[test]
fn entra_renames_a_group_and_links_it() {
    let staff = group(json!({"displayName": "Staff"}));
    let patched = send(
        &staff,
        &message(json!([
            {"op": "replace", "path": "displayName", "value": "Crew"},
            {"op": "add", "path": "externalId", "value": "e1"},
        ])),
    );
    assert_eq!(
        patched.document,
        group(json!({"displayName": "Crew", "externalId": "e1"})).document
    );
    assert_eq!(patched.rows, []);
}

#[test]
fn the_validator_mixes_operations_on_one_attribute() {
    let jane = user(json!({"userName": "jane", "displayName": "Old", "title": "Chief"}));
    let patched = send(
        &jane,
        &message(json!([
            {"op": "remove", "path": "displayName"},
            {"op": "add", "path": "displayName", "value": "New"},
            {"op": "replace", "path": "displayName", "value": "Newest"},
        ])),
    );
    let after = json!({"userName": "jane", "displayName": "Newest", "title": "Chief"});
    assert_eq!(patched.document, user(after).document);
}
