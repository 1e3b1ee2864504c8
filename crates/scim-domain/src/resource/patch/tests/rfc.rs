//! The examples of RFC 7644 §3.5.2.

use serde_json::{Value as Plain, json};

use super::{bare_user, group, user};
use crate::resource::patch::RowChange;

const BABS: &str = "2819c223-7f76-453a-919d-413861904646";
const JAMES: &str = "08e1d05d-121c-4561-8b96-473d93df9210";

fn member(name: &str, id: &str) -> Plain {
    json!({"display": name, "$ref": format!("https://example.com/v2/Users/{id}"), "value": id})
}

#[test]
fn attributes_are_added_without_a_path() {
    bare_user().becomes(
        json!({"op": "add", "value": {
            "emails": [{"value": "babs@jensen.org", "type": "home"}],
            "nickname": "Babs",
        }}),
        json!({
            "userName": "jane",
            "emails": [{"value": "babs@jensen.org", "type": "home"}],
            "nickName": "Babs",
        }),
    );
}

#[test]
fn a_member_is_removed_and_another_added() {
    let patched = group(json!({"displayName": "Staff"})).patch(&json!([
        {"op": "remove", "path": format!("members[value eq\"{BABS}\"]")},
        {"op": "add", "path": "members", "value": [member("James Smith", JAMES)]},
    ]));
    let (babs, james) = (vec![BABS.to_owned()], vec![JAMES.to_owned()]);
    assert_eq!(patched.rows, [RowChange::Remove(babs), RowChange::Add(james)]);
}

#[test]
fn all_members_are_replaced_in_two_ways() {
    let staff = group(json!({"displayName": "Staff"}));
    let both = json!([member("Babs Jensen", BABS), member("James Smith", JAMES)]);
    let ids = vec![BABS.to_owned(), JAMES.to_owned()];
    let in_two = staff.patch(&json!([
        {"op": "remove", "path": "members"},
        {"op": "add", "path": "members", "value": both},
    ]));
    assert_eq!(in_two.rows, [RowChange::Clear, RowChange::Add(ids.clone())]);
    let in_one = staff.rows(json!({"op": "replace", "path": "members", "value": both}));
    assert_eq!(in_one, [RowChange::Replace(ids)]);
}

#[test]
fn an_address_is_replaced_and_becomes_the_primary_one() {
    let home = json!({"type": "home", "country": "CH", "primary": true});
    let work = json!({"type": "work", "streetAddress": "1 Old Road", "country": "US"});
    let value = json!({
        "type": "work",
        "streetAddress": "911 Universal City Plaza",
        "formatted": "911 Universal City Plaza\nHollywood, CA 91608 US",
        "primary": true,
    });
    user(json!({"userName": "jane", "addresses": [home, work]})).becomes(
        json!({"op": "replace", "path": "addresses[type eq \"work\"]", "value": value}),
        json!({
            "userName": "jane",
            "addresses": [{"type": "home", "country": "CH", "primary": false}, value],
        }),
    );
}

#[test]
fn a_street_is_replaced_in_every_matching_address() {
    let address = |street: &str, place: &str| json!({"type": "work", "streetAddress": street, "locality": place});
    let before = json!({"userName": "jane", "addresses": [address("a", "x"), address("b", "y")]});
    let street = "1010 Broadway Ave";
    let after =
        json!({"userName": "jane", "addresses": [address(street, "x"), address(street, "y")]});
    let path = "addresses[type eq \"work\"].streetAddress";
    user(before).becomes(json!({"op": "replace", "path": path, "value": street}), after);
}
