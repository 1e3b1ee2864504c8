use serde_json::json;

use super::super::cast::Cast;
use super::{App, change_members, create_user, member, patch_active, put_group, rename_group};

#[test]
fn the_wizards_app_encodes_blanks_as_percent_20() {
    assert_eq!(
        App::CustomSaml.user_by_name("test.user@okta.local").target,
        "/Users?filter=userName%20eq%20%22test.user%40okta.local%22&startIndex=1&count=100"
    );
}

#[test]
fn the_template_encodes_blanks_as_plus_and_a_plus_as_percent_2b() {
    assert_eq!(
        App::Template.user_by_name("jane+x@example.com").target,
        "/Users?filter=userName+eq+%22jane%2Bx%40example.com%22&startIndex=1&count=100"
    );
}

#[test]
fn the_key_is_sent_with_and_without_a_scheme() {
    assert_eq!(App::CustomSaml.authorization("k"), "Bearer k");
    assert_eq!(App::Template.authorization("k"), "k");
}

#[test]
fn a_create_carries_what_okta_always_sends() {
    let cast = Cast::new(App::CustomSaml, 10);
    let body = create_user(cast.person(0).unwrap()).body.unwrap();
    assert_eq!(body["groups"], json!([]));
    assert_eq!(body["active"], json!(true));
    assert_eq!(body["locale"], json!("en-US"));
    assert!(body["password"].is_string());
    assert_eq!(body["emails"][0]["value"], body["userName"]);
}

#[test]
fn the_template_switches_active_without_a_path() {
    assert_eq!(
        patch_active("u", false).body.unwrap(),
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "value": { "active": false } }],
        })
    );
}

#[test]
fn a_rename_by_patch_repeats_the_id() {
    let body = rename_group("g", "Okta Admins").body.unwrap();
    assert_eq!(
        body["Operations"],
        json!([{ "op": "replace", "value": { "id": "g", "displayName": "Okta Admins" } }])
    );
}

#[test]
fn memberships_change_with_one_remove_each_and_one_add() {
    let removed = ["a".to_owned(), "b".to_owned()];
    let body = change_members("g", &removed, &[member("c", Some("c@x"))]).body.unwrap();
    assert_eq!(
        body["Operations"],
        json!([
            { "op": "remove", "path": "members[value eq \"a\"]" },
            { "op": "remove", "path": "members[value eq \"b\"]" },
            { "op": "add", "path": "members", "value": [{ "value": "c", "display": "c@x" }] },
        ])
    );
}

#[test]
fn a_members_display_may_be_null() {
    let body = put_group("g", "Admins", &[member("u", None)]).body.unwrap();
    assert_eq!(body["members"], json!([{ "value": "u", "display": null }]));
}
