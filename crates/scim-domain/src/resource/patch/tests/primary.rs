//! At most one element is the primary one: the last one set.

use serde_json::{Value as Plain, json};

use super::user;

fn jane(emails: &[(&str, Option<bool>)]) -> Plain {
    let emails = emails.iter().map(|(kind, primary)| match primary {
        Some(primary) => {
            json!({"value": format!("{kind}@x.example"), "type": kind, "primary": primary})
        }
        None => json!({"value": format!("{kind}@x.example"), "type": kind}),
    });
    json!({"userName": "jane", "emails": emails.collect::<Vec<_>>()})
}

#[test]
fn a_new_primary_element_takes_it_from_the_old_one() {
    let before = user(jane(&[("work", Some(true)), ("home", None)]));
    let after = jane(&[("work", Some(false)), ("home", Some(true))]);
    for operation in [
        json!({"op": "add", "path": "emails[type eq \"home\"].primary", "value": true}),
        json!({"op": "replace", "path": "emails[type eq \"home\"]", "value": {"value": "home@x.example", "primary": true}}),
        json!({"op": "add", "path": "emails", "value": {"value": "home@x.example", "type": "home", "primary": true}}),
    ] {
        before.becomes(operation, after.clone());
    }
}

#[test]
fn a_primary_element_may_stand_before_the_old_one() {
    let before = user(jane(&[("work", None), ("home", Some(true))]));
    before.becomes(
        json!({"op": "add", "path": "emails[type eq \"work\"].primary", "value": true}),
        jane(&[("work", Some(true)), ("home", Some(false))]),
    );
}

#[test]
fn of_several_the_last_one_stays_primary() {
    let before = user(json!({"userName": "jane"}));
    let both = jane(&[("work", Some(true)), ("home", Some(true))])["emails"].clone();
    let after = jane(&[("work", Some(false)), ("home", Some(true))]);
    before.becomes(json!({"op": "replace", "path": "emails", "value": both}), after.clone());
    before.becomes(json!({"op": "add", "path": "emails", "value": both}), after.clone());
    user(jane(&[("work", None), ("home", None)]))
        .becomes(json!({"op": "replace", "path": "emails.primary", "value": true}), after);
}

#[test]
fn other_lists_and_operations_leave_it_alone() {
    let before = user(jane(&[("work", Some(true)), ("home", None)]));
    let operation =
        json!({"op": "add", "path": "phoneNumbers", "value": [{"value": "1", "primary": true}]});
    let mut after = jane(&[("work", Some(true)), ("home", None)]);
    after["phoneNumbers"] = json!([{"value": "1", "primary": true}]);
    before.becomes(operation, after);
}
