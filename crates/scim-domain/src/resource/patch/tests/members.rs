//! Members are rows: PATCH only says how they change.

use serde_json::{Value as Plain, json};

use super::{PatchOptions, Resource, STRICT, bare_user, group, read};
use crate::{
    Reason,
    resource::patch::{RowChange, read_rows},
};

fn staff() -> Resource {
    group(json!({"displayName": "Staff"}))
}

fn ids(all: &[&str]) -> Vec<String> {
    all.iter().map(|&it| it.to_owned()).collect()
}

// Field failure 10.
#[test]
fn members_come_as_texts_objects_and_lists_of_them() {
    for value in [
        json!("u1"),
        json!(["u1"]),
        json!({"value": "u1"}),
        json!([{"value": "u1"}]),
        json!([{"VALUE": "u1", "display": null, "$ref": null, "type": "User", "displayName": "Jane"}]),
        json!([null, {"value": "u1"}, "u1", ""]),
    ] {
        let added = RowChange::Add(ids(&["u1"]));
        assert_eq!(
            staff().rows(json!({"op": "add", "path": "members", "value": value})),
            std::slice::from_ref(&added)
        );
        assert_eq!(
            staff().rows(json!({"op": "add", "path": "Members.Value", "value": value})),
            std::slice::from_ref(&added)
        );
        assert_eq!(staff().rows(json!({"op": "add", "value": {"members": value}})), [added]);
        let replaced = RowChange::Replace(ids(&["u1"]));
        assert_eq!(
            staff().rows(json!({"op": "replace", "path": "members", "value": value})),
            std::slice::from_ref(&replaced)
        );
        // Field failure 6.
        assert_eq!(staff().rows(json!({"op": "replace", "value": {"members": value}})), [replaced]);
        // Field failure 7.
        let removed = RowChange::Remove(ids(&["u1"]));
        assert_eq!(
            staff().rows(json!({"op": "remove", "path": "members", "value": value})),
            [removed]
        );
    }
}

#[test]
fn a_member_needs_an_id() {
    for value in [
        json!(1),
        json!(true),
        json!({}),
        json!([{"value": null}]),
        json!([{"value": ""}]),
        json!([{"value": 7}]),
        json!([["u1"]]),
        json!([{"display": "Jane"}]),
    ] {
        for op in ["add", "replace", "remove"] {
            let operation = json!({"op": op, "path": "members", "value": value});
            staff().refuses(operation, Reason::InvalidValue);
        }
    }
}

// Field failure 8.
#[test]
fn a_filter_on_the_value_removes_that_member() {
    let remove = |path: &str| staff().rows(json!({"op": "remove", "path": path}));
    assert_eq!(remove("members[value eq \"u1\"]"), [RowChange::Remove(ids(&["u1"]))]);
    assert_eq!(remove("members[value eq\"u1\"]"), [RowChange::Remove(ids(&["u1"]))]);
    assert_eq!(remove("MEMBERS[VALUE EQ \"u1\"]"), [RowChange::Remove(ids(&["u1"]))]);
    assert_eq!(
        remove("urn:ietf:params:scim:schemas:core:2.0:Group:members[value eq \"u1\"]"),
        [RowChange::Remove(ids(&["u1"]))]
    );
    assert_eq!(
        remove("members[value eq \"u1\" or (value eq \"u2\" or value eq \"u3\")]"),
        [RowChange::Remove(ids(&["u1", "u2", "u3"]))],
    );
    for path in [
        "members[value ne \"u1\"]",
        "members[type eq \"User\" and value eq \"u1\"]",
        "members[value sw \"u\"]",
        "members[type eq \"User\"]",
    ] {
        assert!(matches!(remove(path)[..], [RowChange::RemoveMatching(_)]), "{path}");
    }
}

// Field failure 9.
#[test]
fn replacing_members_with_nothing_clears_them() {
    for value in [json!([]), json!(null), json!("")] {
        assert_eq!(
            staff().rows(json!({"op": "replace", "path": "members", "value": value})),
            [RowChange::Clear]
        );
        assert_eq!(
            staff().rows(json!({"op": "replace", "value": {"members": value}})),
            [RowChange::Clear]
        );
    }
    assert_eq!(staff().rows(json!({"op": "remove", "path": "members"})), [RowChange::Clear]);
    assert_eq!(
        staff().rows(json!({"op": "remove", "path": "members", "value": null})),
        [RowChange::Clear]
    );
}

#[test]
fn an_add_never_takes_a_member_away_and_an_empty_list_removes_none() {
    for value in [json!([]), json!(null), json!("")] {
        assert_eq!(staff().rows(json!({"op": "add", "path": "members", "value": value})), []);
    }
    assert_eq!(staff().rows(json!({"op": "remove", "path": "members", "value": []})), []);
}

// Field failure 11: whether they are members already is not asked here.
#[test]
fn changes_keep_the_order_of_the_request() {
    let patched = staff().patch(&json!([
        {"op": "remove", "path": "members[value eq \"u1\"]"},
        {"op": "remove", "path": "members[value eq \"u2\"]"},
        {"op": "add", "path": "members", "value": [{"value": "u3"}]},
        {"op": "add", "path": "members", "value": [{"value": "u4"}]},
        {"op": "replace", "value": {"displayName": "Crew"}},
        {"op": "remove", "path": "members", "value": [{"value": "u3"}]},
        {"op": "replace", "path": "members", "value": ["u5"]},
    ]));
    assert_eq!(
        patched.rows,
        [
            RowChange::Remove(ids(&["u1", "u2"])),
            RowChange::Add(ids(&["u3", "u4"])),
            RowChange::Remove(ids(&["u3"])),
            RowChange::Replace(ids(&["u5"])),
        ],
    );
    assert_eq!(patched.document, group(json!({"displayName": "Crew"})).document);
}

#[test]
fn what_is_known_about_a_member_cannot_be_changed() {
    for (op, path) in [
        ("replace", "members[value eq \"u1\"].type"),
        ("remove", "members[value eq \"u1\"].value"),
        ("add", "members.type"),
        ("replace", "members[value eq \"u1\"]"),
        ("add", "members[type eq \"User\"]"),
    ] {
        staff().refuses(json!({"op": op, "path": path, "value": "x"}), Reason::Mutability);
    }
}

#[test]
fn a_member_that_a_filter_describes_is_made_unless_the_key_is_strict() {
    let operation =
        json!({"op": "add", "path": "members[value eq \"u1\"]", "value": {"value": "u1"}});
    assert_eq!(staff().rows(operation.clone()), [RowChange::Add(ids(&["u1"]))]);
    assert_eq!(staff().refusal(STRICT, &json!([operation])).reason, Reason::Mutability);
}

#[test]
fn a_user_has_no_members() {
    bare_user()
        .refuses(json!({"op": "add", "path": "members", "value": "u1"}), Reason::InvalidPath);
}

// I4
#[test]
fn a_request_names_a_hundred_and_fifty_thousand_members_at_most() {
    let some = |count: usize| {
        Plain::Array((0..count).map(|it| json!({"value": it.to_string()})).collect())
    };
    let add = |count| json!({"op": "add", "path": "members", "value": some(count)});
    let most = staff().patch(&json!([add(100_000), add(50_000)]));
    assert!(matches!(&most.rows[..], [RowChange::Add(all)] if all.len() == 150_000));
    let over =
        json!([add(100_000), add(50_000), {"op": "remove", "path": "members[value eq \"x\"]"}]);
    assert_eq!(staff().refusal(PatchOptions::TOLERANT, &over).reason, Reason::TooMany);
    assert_eq!(read_rows("members", &read(&some(150_001))).unwrap_err().reason, Reason::TooMany);
}

// Field failure 12.
#[test]
fn members_of_a_whole_resource_are_read_alike() {
    let value = json!([{"value": "u1"}, {"value": "u2", "display": null}, {"value": "u1"}, null]);
    assert_eq!(read_rows("members", &read(&value)).unwrap(), ["u1", "u2"]);
    assert_eq!(read_rows("members", &read(&json!(null))).unwrap(), [""; 0]);
    assert_eq!(read_rows("members", &read(&json!([{}]))).unwrap_err().reason, Reason::InvalidValue);
}

// V4
#[test]
fn a_thousand_removals_become_one_change() {
    let list: Vec<_> = (0..1_000)
        .map(|it| json!({"op": "remove", "path": format!("members[value eq \"{it}\"]")}))
        .collect();
    let patched = staff().patch(&json!(list));
    assert!(matches!(&patched.rows[..], [RowChange::Remove(all)] if all.len() == 1_000));
}
