//! `active` decides about access, so it is never guessed.

use serde_json::json;

use super::{bare_user, user};
use crate::Reason;

#[test]
fn active_is_a_boolean() {
    let jane = user(json!({"userName": "jane", "active": true}));
    for value in [json!(false), json!([false])] {
        for op in ["add", "replace"] {
            let off = json!({"userName": "jane", "active": false});
            jane.becomes(json!({"op": op, "path": "active", "value": value}), off.clone());
            jane.becomes(json!({"op": op, "value": {"active": value}}), off);
        }
    }
}

#[test]
fn active_cannot_be_emptied() {
    let jane = user(json!({"userName": "jane", "active": true}));
    for value in
        [json!(null), json!(""), json!([]), json!([null]), json!("False"), json!(0), json!({})]
    {
        jane.refuses(
            json!({"op": "replace", "path": "active", "value": value}),
            Reason::InvalidValue,
        );
        jane.refuses(json!({"op": "add", "path": "ACTIVE", "value": value}), Reason::InvalidValue);
        jane.refuses(json!({"op": "replace", "value": {"active": value}}), Reason::InvalidValue);
    }
}

#[test]
fn a_removed_active_is_absent() {
    let jane = user(json!({"userName": "jane", "active": true}));
    jane.becomes(json!({"op": "remove", "path": "active"}), json!({"userName": "jane"}));
    bare_user().stays(json!({"op": "remove", "path": "active"}));
}
