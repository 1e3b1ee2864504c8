//! Elements chosen by a filter.

use serde_json::{Value as Plain, json};

use super::{PatchOptions, STRICT, bare_user, user};
use crate::Reason;

fn jane(emails: Plain) -> Plain {
    json!({"userName": "jane", "emails": emails})
}

fn two() -> super::Resource {
    user(jane(json!([
        {"value": "w@x.example", "type": "work", "display": "Work"},
        {"value": "h@x.example", "type": "home"},
    ])))
}

#[test]
fn a_part_of_the_matching_elements_is_written() {
    for op in ["add", "replace"] {
        let path = "Emails[Type EQ \"WORK\"].Value";
        two().becomes(
            json!({"op": op, "path": path, "value": "new@x.example"}),
            jane(json!([
                {"value": "new@x.example", "type": "work", "display": "Work"},
                {"value": "h@x.example", "type": "home"},
            ])),
        );
    }
}

#[test]
fn a_filter_may_be_any_filter() {
    let path = "emails[value co \"@x\" and not (type eq \"home\")].display";
    two().becomes(
        json!({"op": "replace", "path": path, "value": "a ] \" b"}),
        jane(json!([
            {"value": "w@x.example", "type": "work", "display": "a ] \" b"},
            {"value": "h@x.example", "type": "home"},
        ])),
    );
    let quoted = "emails[display eq \"a ] \\\" b\"].display";
    user(jane(json!([{"value": "w@x.example", "display": "a ] \" b"}])))
        .becomes(json!({"op": "remove", "path": quoted}), jane(json!([{"value": "w@x.example"}])));
}

#[test]
fn an_element_is_merged_by_add_and_replaced_by_replace() {
    let path = "emails[type eq \"work\"]";
    let home = json!({"value": "h@x.example", "type": "home"});
    two().becomes(
        json!({"op": "add", "path": path, "value": {"value": "new@x.example"}}),
        jane(json!([{"value": "new@x.example", "type": "work", "display": "Work"}, home])),
    );
    for value in [
        json!({"value": "new@x.example"}),
        json!([{"value": "new@x.example"}]),
        json!("new@x.example"),
    ] {
        two().becomes(
            json!({"op": "replace", "path": path, "value": value}),
            jane(json!([{"value": "new@x.example", "type": "work"}, home])),
        );
    }
    two().becomes(
        json!({"op": "replace", "path": path, "value": {"value": "w@x.example", "type": "other"}}),
        jane(json!([{"value": "w@x.example", "type": "other"}, home])),
    );
}

// Field failure 17.
#[test]
fn a_missing_element_is_made_of_the_filter() {
    for op in ["add", "replace"] {
        bare_user().becomes(
            json!({"op": op, "path": "emails[type eq \"work\"].value", "value": "w@x.example"}),
            jane(json!([{"type": "work", "value": "w@x.example"}])),
        );
        bare_user().becomes(
            json!({"op": op, "path": "emails[type eq \"work\"]", "value": {"value": "w@x.example"}}),
            jane(json!([{"type": "work", "value": "w@x.example"}])),
        );
    }
    bare_user().becomes(
        json!({"op": "add", "path": "roles[primary eq \"True\" and type eq \"app\"].value", "value": "Admin"}),
        json!({"userName": "jane", "roles": [{"primary": true, "type": "app", "value": "Admin"}]}),
    );
}

#[test]
fn later_operations_work_on_the_element_made() {
    let path = |sub: &str| format!("emails[type eq \"home\"].{sub}");
    for order in [["display", "primary", "value"], ["primary", "value", "display"]] {
        let value = |sub: &str| match sub {
            "primary" => json!(true),
            other => json!(format!("my {other}")),
        };
        let list: Vec<_> = order
            .iter()
            .map(|it| json!({"op": "add", "path": path(it), "value": value(it)}))
            .collect();
        bare_user().becomes_after(
            json!(list),
            jane(json!([{"type": "home", "display": "my display", "primary": true, "value": "my value"}])),
        );
    }
}

#[test]
fn an_element_is_made_only_of_a_conjunction_of_eq() {
    for filter in [
        "type ne \"work\"",
        "type eq \"work\" or type eq \"home\"",
        "type pr",
        "not (type eq \"work\")",
        "type eq \"work\" and value sw \"a\"",
        "type eq \"work\" and type eq \"home\"",
    ] {
        let path = format!("emails[{filter}].value");
        let operation = json!({"op": "add", "path": path, "value": "w@x.example"});
        bare_user().refuses(operation, Reason::NoTarget);
    }
}

#[test]
fn a_strict_key_makes_no_element() {
    for path in ["emails[type eq \"work\"].value", "emails[type eq \"work\"]"] {
        let operation = json!({"op": "replace", "path": path, "value": "w@x.example"});
        assert_eq!(bare_user().refusal(STRICT, &json!([operation])).reason, Reason::NoTarget);
    }
}

#[test]
fn matching_elements_are_removed_and_none_is_no_error() {
    two().becomes(
        json!({"op": "remove", "path": "emails[type eq \"work\" and value ew \"x.example\"]"}),
        jane(json!([{"value": "h@x.example", "type": "home"}])),
    );
    two().becomes(json!({"op": "remove", "path": "emails[type pr]"}), json!({"userName": "jane"}));
    two().stays(json!({"op": "remove", "path": "emails[type eq \"other\"]"}));
    bare_user().stays(json!({"op": "remove", "path": "emails[type eq \"other\"].value"}));
}

#[test]
fn an_element_without_its_value_goes() {
    let home = jane(json!([{"value": "h@x.example", "type": "home"}]));
    let path = "emails[type eq \"work\"].value";
    two().becomes(json!({"op": "remove", "path": path}), home.clone());
    for value in [json!(""), json!(null)] {
        two().becomes(json!({"op": "replace", "path": path, "value": value}), home.clone());
        bare_user().stays(json!({"op": "replace", "path": path, "value": value}));
        let whole = json!({"op": "replace", "path": "emails[type eq \"work\"]", "value": value});
        two().becomes(whole, home.clone());
    }
    let parts =
        json!({"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": ""}});
    two().becomes(parts, home);
}

#[test]
fn an_element_with_nothing_but_its_labels_left_goes() {
    let address = json!({"type": "work", "primary": true, "locality": "Bern", "country": "CH"});
    let before = user(json!({"userName": "jane", "addresses": [address]}));
    let clear = |sub| json!({"op": "replace", "path": format!("addresses[type eq \"work\"].{sub}"), "value": ""});
    before.becomes(
        clear("locality"),
        json!({"userName": "jane", "addresses": [{"type": "work", "primary": true, "country": "CH"}]}),
    );
    before.becomes_after(json!([clear("locality"), clear("country")]), json!({"userName": "jane"}));
}

#[test]
fn an_operation_touches_only_the_elements_it_names() {
    let shell = json!({"type": "other"});
    let before = user(jane(json!([shell, {"value": "h@x.example", "type": "home"}])));
    before
        .becomes(json!({"op": "remove", "path": "emails[type eq \"home\"]"}), jane(json!([shell])));
}

#[test]
fn without_a_filter_a_part_of_a_list_is_that_of_every_element() {
    let one = |display: &str| json!([{"value": "w@x.example", "display": display}, {"value": "h@x.example", "display": display}]);
    let before = user(jane(one("a")));
    before
        .becomes(json!({"op": "replace", "path": "emails.display", "value": "b"}), jane(one("b")));
    before.becomes(
        json!({"op": "remove", "path": "emails.display"}),
        jane(json!([{"value": "w@x.example"}, {"value": "h@x.example"}])),
    );
    bare_user().becomes(
        json!({"op": "add", "path": "emails.value", "value": "w@x.example"}),
        jane(json!([{"value": "w@x.example"}])),
    );
}

// I3
#[test]
fn filters_may_not_look_at_more_than_a_request_is_worth() {
    let emails = |length: usize| -> Vec<Plain> {
        (0..100).map(|it| json!({"value": format!("{it}{}", "x".repeat(length))})).collect()
    };
    let list = |terms: usize| -> Plain {
        let filter = vec!["value eq \"y\""; terms].join(" or ");
        json!(vec![json!({"op": "remove", "path": format!("emails[{filter}]")}); 1_000])
    };
    let usual = user(jane(json!(emails(40))));
    assert_eq!(usual.patch(&list(1)).document, usual.document);
    let refusal = user(jane(json!(emails(4_000)))).refusal(PatchOptions::TOLERANT, &list(40));
    assert_eq!(refusal.reason, Reason::TooMany);
}
