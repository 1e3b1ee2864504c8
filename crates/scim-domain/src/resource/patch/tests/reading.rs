//! The body of a request, down to its operations.

use serde_json::{Value as Plain, json};

use super::{operations, read};
use crate::{
    Invalid, Reason,
    resource::patch::{Op, Operation, read_operations},
};

fn body(json: &Plain) -> Result<Vec<Operation>, Invalid> {
    read_operations(&read(json))
}

#[test]
fn names_of_members_count_in_any_case_and_names_of_operations_do_not() {
    let read = body(&json!({
        "SCHEMAS": ["urn:IETF:params:scim:api:messages:2.0:patchop"],
        "operations": [
            {"OP": "add", "Path": "title", "VALUE": "x"},
            {"op": "replace", "value": {}},
            {"op": "remove", "path": "title"},
        ],
    }));
    let read = read.unwrap();
    assert_eq!(read.iter().map(|it| it.op).collect::<Vec<_>>(), [Op::Add, Op::Replace, Op::Remove]);
    assert_eq!(read[0].path.as_deref(), Some("title"));
    assert_eq!((&read[1].path, &read[2].value), (&None, &None));
    let other = operations(&json!([{"op": "Add", "path": "title", "value": "x"}]));
    assert_eq!(other.unwrap_err().reason, Reason::InvalidSyntax);
}

#[test]
fn an_unknown_or_missing_operation_is_refused() {
    for operation in
        [json!({"op": "move", "path": "a"}), json!({"path": "a"}), json!({"op": 1}), json!("add")]
    {
        assert_eq!(operations(&json!([operation])).unwrap_err().reason, Reason::InvalidSyntax);
    }
}

#[test]
fn an_empty_or_malformed_list_is_refused() {
    for list in
        [json!([]), json!(null), json!("add"), json!(1), json!({"op": "remove", "path": "title"})]
    {
        assert_eq!(operations(&list).unwrap_err().reason, Reason::InvalidSyntax, "{list}");
    }
    let without = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]});
    assert_eq!(body(&without).unwrap_err().reason, Reason::InvalidSyntax);
    assert_eq!(body(&json!([])).unwrap_err().reason, Reason::InvalidSyntax);
}

#[test]
fn another_message_or_one_that_does_not_say_what_it_is_is_refused() {
    let list = json!([{"op": "remove", "path": "title"}]);
    let user =
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "Operations": list});
    let bare = [json!({"Operations": list}), json!({"schemas": null, "Operations": list})];
    for message in bare.iter().chain([&user]) {
        let refusal = body(message).unwrap_err();
        assert_eq!(refusal.reason, Reason::InvalidSyntax);
        assert!(refusal.detail.contains("PatchOp"), "{refusal}");
    }
}

#[test]
fn a_path_that_is_null_is_none_and_one_that_is_no_text_is_refused() {
    let read = operations(&json!([{"op": "add", "path": null, "value": {}}])).unwrap();
    assert_eq!(read[0].path, None);
    for path in [json!(1), json!(["title"]), json!({})] {
        let refusal = operations(&json!([{"op": "add", "path": path, "value": 1}])).unwrap_err();
        assert_eq!(refusal.reason, Reason::InvalidSyntax);
    }
}

#[test]
fn a_remove_without_a_path_has_no_target_whatever_its_value() {
    for operation in [json!({"op": "remove"}), json!({"op": "remove", "value": {"title": "x"}})] {
        assert_eq!(operations(&json!([operation])).unwrap_err().reason, Reason::NoTarget);
    }
}

// I4
#[test]
fn a_thousand_operations_are_read_and_one_more_is_too_many() {
    let list = |count| Plain::Array(vec![json!({"op": "remove", "path": "title"}); count]);
    assert_eq!(operations(&list(1_000)).unwrap().len(), 1_000);
    assert_eq!(operations(&list(1_001)).unwrap_err().reason, Reason::TooMany);
}
