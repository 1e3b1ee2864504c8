//! What a path may look like.

use serde_json::json;

use super::{bare_user, group, user};
use crate::Reason;

#[test]
fn a_path_counts_in_any_case_with_and_without_the_urn() {
    let after = json!({"userName": "jane", "name": {"familyName": "Doe"}});
    for path in [
        "name.familyName",
        "NAME.FAMILYNAME",
        " name.familyName ",
        "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName",
        "URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER:Name.FamilyName",
    ] {
        bare_user().becomes(json!({"op": "add", "path": path, "value": "Doe"}), after.clone());
    }
    bare_user().becomes(
        json!({
            "op": "add",
            "path": "urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq \"work\"].value",
            "value": "w@x.example",
        }),
        json!({"userName": "jane", "emails": [{"type": "work", "value": "w@x.example"}]}),
    );
}

#[test]
fn the_urn_of_the_core_schema_is_the_resource() {
    let urn = "urn:ietf:params:scim:schemas:core:2.0:User";
    let after = json!({"userName": "jane", "title": "Chief"});
    bare_user()
        .becomes(json!({"op": "add", "path": urn, "value": {"title": "Chief"}}), after.clone());
    bare_user().becomes(json!({"op": "add", "value": {urn: {"title": "Chief"}}}), after);
    bare_user().stays(json!({"op": "add", "value": {urn: null}}));
    bare_user().refuses(json!({"op": "remove", "path": urn}), Reason::NoTarget);
}

#[test]
fn a_malformed_path_is_refused() {
    for path in [
        "emails[type eq \"work\"",
        "emails[type eq \"work\"]value",
        "emails[type eq \"work\"].",
        "emails[type eq \"work\"].value.x",
        "emails[type eq \"work\"][value pr]",
        "emails[]",
        "emails[type eq]",
        "emails[type foo \"work\"]",
        "emails[unknown eq \"work\"]",
        "emails.value[type eq \"work\"]",
        "name[familyName eq \"x\"]",
        "title[value eq \"x\"]",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User[department eq \"x\"]",
        "name..familyName",
        ".",
        "[",
        "]",
        "[type eq \"work\"]",
    ] {
        bare_user().refuses(json!({"op": "add", "path": path, "value": "x"}), Reason::InvalidPath);
        bare_user().refuses(json!({"op": "remove", "path": path}), Reason::InvalidPath);
    }
    let long = format!("emails[type eq \"{}\"]", "x".repeat(5_000));
    bare_user().refuses(json!({"op": "remove", "path": long}), Reason::InvalidPath);
}

// Field failure 39: applied or refused, never waved through.
#[test]
fn a_path_to_no_known_attribute_is_refused_with_the_nearest_name() {
    for (path, nearest) in [
        ("tittle", "title"),
        ("name.givnName", "name.givenName"),
        ("emials[type eq \"work\"].value", "emails.value"),
        ("emails[type eq \"work\"].valu", "emails.value"),
    ] {
        let refusal = bare_user().refusal(
            super::PatchOptions::TOLERANT,
            &json!([{"op": "add", "path": path, "value": "x"}]),
        );
        assert_eq!(refusal.reason, Reason::InvalidPath);
        assert!(refusal.detail.contains(nearest), "{path}: {refusal}");
    }
}

// A3
#[test]
fn a_refusal_repeats_nothing_personal() {
    for path in [
        "emails[value eq \"jane@secret.example\"].valu",
        "emials[value eq \"jane@secret.example\"]",
        "emails[value eq \"jane@secret.example\" x]",
    ] {
        let refusal = bare_user()
            .refusal(super::PatchOptions::TOLERANT, &json!([{"op": "remove", "path": path}]));
        assert!(!refusal.detail.contains("secret"), "{refusal}");
    }
}

#[test]
fn a_refusal_names_the_operation_among_several() {
    let list = json!([{"op": "remove", "path": "title"}, {"op": "remove", "path": "userName"}]);
    let refusal = bare_user().refusal(super::PatchOptions::TOLERANT, &list);
    assert!(refusal.detail.starts_with("Operation 2: "), "{refusal}");
}

// Field failure 21.
#[test]
fn the_external_id_is_an_attribute_like_any_other() {
    let staff = group(json!({"displayName": "Staff"}));
    let linked = json!({"displayName": "Staff", "externalId": "e1"});
    staff.becomes(json!({"op": "add", "path": "externalId", "value": "e1"}), linked.clone());
    staff.becomes(json!({"op": "replace", "value": {"externalid": "e1"}}), linked.clone());
    group(linked)
        .becomes(json!({"op": "remove", "path": "externalId"}), json!({"displayName": "Staff"}));
    user(json!({"userName": "jane", "externalId": "e1"})).becomes(
        json!({"op": "replace", "path": "externalId", "value": "E1"}),
        json!({"userName": "jane", "externalId": "E1"}),
    );
}
