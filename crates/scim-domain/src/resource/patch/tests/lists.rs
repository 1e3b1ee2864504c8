//! Lists as a whole.

use serde_json::{Value as Plain, json};

use super::{bare_user, user};
use crate::Reason;

fn jane(emails: Plain) -> Plain {
    json!({"userName": "jane", "emails": emails})
}

const WORK: &str = "jane@work.example";
const HOME: &str = "jane@home.example";

#[test]
fn adding_to_a_list_keeps_what_is_there() {
    let work = json!({"value": WORK, "type": "work"});
    let home = json!({"value": HOME, "type": "home"});
    for value in [json!([home]), home.clone()] {
        user(jane(json!([work]))).becomes(
            json!({"op": "add", "path": "emails", "value": value}),
            jane(json!([work, home])),
        );
    }
    bare_user().becomes(
        json!({"op": "add", "path": "emails", "value": HOME}),
        jane(json!([{"value": HOME}])),
    );
}

// Field failure 8.
#[test]
fn adding_what_is_there_changes_nothing() {
    let before = user(jane(json!([{"value": WORK, "type": "work", "display": "Work"}])));
    before
        .stays(json!({"op": "add", "path": "emails", "value": [{"type": "work", "value": WORK}]}));
    let twice = json!([{"value": HOME}, {"value": HOME}]);
    bare_user().becomes(
        json!({"op": "add", "path": "emails", "value": twice}),
        jane(json!([{"value": HOME}])),
    );
    let address = json!({"locality": "Bern", "type": "work"});
    user(json!({"userName": "jane", "addresses": [address]}))
        .stays(json!({"op": "add", "path": "addresses", "value": address}));
}

#[test]
fn the_same_value_of_another_type_is_another_value() {
    let (work, home) =
        (json!({"value": WORK, "type": "work"}), json!({"value": WORK, "type": "home"}));
    user(jane(json!([work])))
        .becomes(json!({"op": "add", "path": "emails", "value": home}), jane(json!([work, home])));
}

#[test]
fn adding_what_is_there_takes_over_what_else_is_sent() {
    let before =
        user(jane(json!([{"value": WORK, "type": "work"}, {"value": HOME, "primary": true}])));
    let value = json!({"value": "JANE@work.example", "type": "work", "primary": true});
    before.becomes(
        json!({"op": "add", "path": "emails", "value": value}),
        jane(json!([value, {"value": HOME, "primary": false}])),
    );
}

#[test]
fn replacing_a_list_replaces_all_of_it() {
    let before = user(jane(json!([{"value": WORK, "type": "work"}])));
    let after = jane(json!([{"value": HOME}]));
    for value in [json!([{"value": HOME}]), json!({"value": HOME}), json!(HOME)] {
        before.becomes(json!({"op": "replace", "path": "emails", "value": value}), after.clone());
        before.becomes(json!({"op": "replace", "value": {"emails": value}}), after.clone());
    }
}

#[test]
fn a_list_is_cleared_by_remove_and_by_replacing_it_with_nothing() {
    let before = user(jane(json!([{"value": WORK}])));
    before.becomes(json!({"op": "remove", "path": "emails"}), json!({"userName": "jane"}));
    before.becomes(
        json!({"op": "remove", "path": "emails", "value": null}),
        json!({"userName": "jane"}),
    );
    for value in [json!(null), json!(""), json!([])] {
        let operation = json!({"op": "replace", "path": "emails", "value": value});
        before.becomes(operation.clone(), json!({"userName": "jane"}));
        bare_user().stays(operation);
    }
}

#[test]
fn adding_a_list_of_nothing_adds_nothing() {
    let before = user(jane(json!([{"value": WORK}])));
    before.stays(json!({"op": "add", "path": "emails", "value": []}));
    before.stays(json!({"op": "add", "value": {"emails": []}}));
    before.becomes(
        json!({"op": "add", "path": "emails", "value": null}),
        json!({"userName": "jane"}),
    );
}

// Field failure 7.
#[test]
fn a_remove_with_a_list_removes_those_listed() {
    let (work, home) =
        (json!({"value": WORK, "type": "work"}), json!({"value": HOME, "type": "home"}));
    let before = user(jane(json!([work, home])));
    for value in [
        json!([{"value": WORK}]),
        json!([WORK]),
        json!(WORK),
        work.clone(),
        json!({"type": "Work"}),
    ] {
        let operation = json!({"op": "remove", "path": "emails", "value": value});
        before.becomes(operation, jane(json!([home])));
    }
    before.becomes(
        json!({"op": "remove", "path": "emails", "value": [{"value": WORK}, {"value": HOME}]}),
        json!({"userName": "jane"}),
    );
    for value in [json!([]), json!([{"value": "other"}]), json!([{"value": WORK, "type": "home"}])]
    {
        before.stays(json!({"op": "remove", "path": "emails", "value": value}));
    }
}

// I4
#[test]
fn a_list_has_a_hundred_values_at_most() {
    let some = |from: usize, to: usize| {
        Plain::Array((from..to).map(|it| json!({"value": format!("{it}@x.example")})).collect())
    };
    let before = user(jane(some(0, 60)));
    before.becomes(
        json!({"op": "add", "path": "emails", "value": some(60, 100)}),
        jane(some(0, 100)),
    );
    before.refuses(json!({"op": "add", "path": "emails", "value": some(60, 101)}), Reason::TooMany);
    let full = user(jane(some(0, 100)));
    let path = "emails[type eq \"work\"].value";
    full.refuses(json!({"op": "add", "path": path, "value": WORK}), Reason::TooMany);
}

#[test]
fn an_unknown_part_of_a_value_is_ignored_and_named() {
    let value = json!({"value": "Admin", "displayName": "Admin", "id": "7"});
    let patched = bare_user().patch(&json!([{"op": "add", "path": "roles", "value": [value]}]));
    let jane = user(json!({"userName": "jane", "roles": [{"value": "Admin"}]}));
    assert_eq!(patched.document, jane.document);
    assert_eq!(patched.ignored, ["roles.displayName", "roles.id"]);
}

// Field failure 35.
#[test]
fn roles_are_read_from_texts_and_objects_and_never_doubled() {
    let after = json!({"userName": "jane", "roles": [{"value": "Admin"}]});
    for value in
        [json!("Admin"), json!(["Admin"]), json!({"value": "Admin"}), json!([{"value": "Admin"}])]
    {
        let operation = json!({"op": "add", "path": "roles", "value": value});
        bare_user().becomes(operation.clone(), after.clone());
        user(after.clone()).stays(operation);
    }
    let one =
        json!({"op": "replace", "path": "roles[primary eq \"True\"].value", "value": "Analyst"});
    user(json!({"userName": "jane", "roles": [{"value": "Admin", "primary": true}]})).becomes(
        one,
        json!({"userName": "jane", "roles": [{"value": "Analyst", "primary": true}]}),
    );
}
