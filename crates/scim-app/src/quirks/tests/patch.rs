use super::*;

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

fn message(operations: &Plain) -> Plain {
    json!({"schemas": [PATCH_OP], "Operations": operations})
}

fn user(sent: &Plain, meant: &Plain, quirks: &[Quirk]) {
    let (sent, meant) = (message(&json!([sent])), message(&json!([meant])));
    means(ResourceKind::User, Message::Patch, &sent, &meant, quirks);
}

fn group(sent: &Plain, meant: &Plain, quirks: &[Quirk]) {
    means(ResourceKind::Group, Message::Patch, &message(sent), &message(meant), quirks);
}

#[test]
fn a_patch_as_the_rfc_has_it_stays_as_it_is() {
    for operation in [
        json!({"op": "replace", "path": "active", "value": false}),
        json!({"op": "add", "path": "emails", "value": {"value": "a@b.c"}}),
        json!({"op": "add", "path": "emails[type eq \"work\"].value", "value": "a@b.c"}),
        json!({"op": "remove", "path": "emails[type eq \"work\"]"}),
        json!({"op": "replace", "path": "title", "value": null}),
        json!({"op": "add", "path": format!("{ENTERPRISE_USER}:manager"), "value": {"value": "1"}}),
        json!({"op": "move", "path": "a", "value": "True"}),
        json!({"op": 1}),
        json!("add"),
    ] {
        stays(ResourceKind::User, Message::Patch, &message(&json!([operation])));
    }
    stays(ResourceKind::User, Message::Patch, &message(&json!([])));
}

#[test]
fn schemas_left_out_are_put_in_and_others_stay() {
    let list = json!([{"op": "remove", "path": "title"}]);
    for bare in [json!({"Operations": list}), json!({"schemas": null, "operations": list})] {
        let Rewritten { body, quirks } =
            rewrite(&Catalog::standard().user, Message::Patch, read(&bare));
        assert_eq!(body.get("schemas"), Some(&read(&json!([PATCH_OP]))));
        assert_eq!(quirks, [Quirk::PatchWithoutSchemas]);
    }
    let other = json!({"schemas": ["urn:example:other"], "Operations": list});
    stays(ResourceKind::User, Message::Patch, &other);
}

#[test]
fn one_operation_is_put_into_a_list() {
    let one = json!({"op": "remove", "path": "title"});
    means(
        ResourceKind::User,
        Message::Patch,
        &message(&one),
        &message(&json!([one])),
        &[Quirk::OperationsAsObject],
    );
}

#[test]
fn operations_count_in_any_case_and_an_empty_path_as_none() {
    user(
        &json!({"op": "Replace", "path": "title", "value": "x"}),
        &json!({"op": "replace", "path": "title", "value": "x"}),
        &[Quirk::OperationInOtherCase],
    );
    user(
        &json!({"op": "add", "path": " ", "value": {"title": "x"}}),
        &json!({"op": "add", "value": {"title": "x"}}),
        &[Quirk::EmptyPath, Quirk::OperationWithoutPath],
    );
}

#[test]
fn a_value_without_a_path_may_be_a_text_or_in_a_list() {
    use Quirk::{BooleanAsText, OperationWithoutPath, ValueAsJsonText, ValueInList};
    let meant = json!({"op": "replace", "value": {"active": false}});
    for (value, quirks) in [
        (json!("{\"active\": false}"), vec![OperationWithoutPath, ValueAsJsonText]),
        (json!([{"active": false}]), vec![OperationWithoutPath, ValueInList]),
        (
            json!(["{\"active\": \"False\"}"]),
            vec![OperationWithoutPath, ValueAsJsonText, ValueInList, BooleanAsText],
        ),
    ] {
        user(&json!({"op": "replace", "value": value}), &meant, &quirks);
    }
    for value in [json!("x"), json!("[]"), json!([{}, {}]), json!(""), json!(null), json!([])] {
        let operation = json!({"op": "replace", "value": value});
        user(&operation, &operation, &[OperationWithoutPath]);
    }
}

#[test]
fn values_get_the_shape_of_their_attribute() {
    let manager = format!("{ENTERPRISE_USER}:manager");
    for (path, value, meant, quirk) in [
        ("active", json!("FALSE"), json!(false), Quirk::BooleanAsText),
        ("roles[type eq \"x\"].primary", json!("True"), json!(true), Quirk::BooleanAsText),
        (&*manager, json!("1"), json!({"value": "1"}), Quirk::TextForObject),
        (&*manager, json!([{"value": "1"}]), json!({"value": "1"}), Quirk::ListForValue),
        ("title", json!(""), json!(null), Quirk::EmptyText),
        (
            "emails[type eq \"work\"]",
            json!("a@b.c"),
            json!({"value": "a@b.c"}),
            Quirk::TextForObject,
        ),
        ("phoneNumbers", json!(["1"]), json!([{"value": "1"}]), Quirk::TextForObject),
    ] {
        user(
            &json!({"op": "replace", "path": path, "value": value}),
            &json!({"op": "replace", "path": path, "value": meant}),
            &[quirk],
        );
    }
    user(
        &json!({"op": "replace", "value": {"active": "True", ENTERPRISE_USER: {"manager": "1"}}}),
        &json!({"op": "replace", "value": {"active": true, ENTERPRISE_USER: {"manager": {"value": "1"}}}}),
        &[Quirk::OperationWithoutPath, Quirk::BooleanAsText, Quirk::TextForObject],
    );
}

#[test]
fn an_element_without_its_value_names_nothing_and_a_member_is_left_to_the_core() {
    let emptied = json!({"type": "work", "value": ""});
    for op in ["add", "replace", "remove"] {
        let Rewritten { body, .. } = rewrite(
            &Catalog::standard().user,
            Message::Patch,
            read(&message(&json!([{"op": op, "path": "emails", "value": emptied}]))),
        );
        let meant = message(&json!([{"op": op, "path": "emails", "value": []}]));
        assert_eq!(sorted(body), sorted(read(&meant)));
        let Rewritten { body, .. } = rewrite(
            &Catalog::standard().group,
            Message::Patch,
            read(&message(&json!([{"op": op, "path": "members", "value": {"value": ""}}]))),
        );
        let meant = message(&json!([{"op": op, "path": "members", "value": {"value": null}}]));
        assert_eq!(sorted(body), sorted(read(&meant)));
    }
}

#[test]
fn an_attribute_without_its_urn_gets_it() {
    user(
        &json!({"op": "add", "path": "manager.value", "value": "1"}),
        &json!({"op": "add", "path": format!("{ENTERPRISE_USER}:manager.value"), "value": "1"}),
        &[Quirk::AttributeWithoutUrn],
    );
    user(
        &json!({"op": "add", "value": {"department": "Sales", "noSuchThing": 1}}),
        &json!({"op": "add", "value": {format!("{ENTERPRISE_USER}:department"): "Sales", "noSuchThing": 1}}),
        &[Quirk::OperationWithoutPath, Quirk::AttributeWithoutUrn],
    );
    let group = message(&json!([{"op": "add", "path": "manager", "value": "1"}]));
    stays(ResourceKind::Group, Message::Patch, &group);
}

#[test]
fn what_the_core_understands_is_noted() {
    let dotted = json!({"op": "replace", "value": {"name.givenName": "k"}});
    user(&dotted, &dotted, &[Quirk::OperationWithoutPath, Quirk::AttributeByPath]);
    let listed = json!([{"op": "remove", "path": "members", "value": [{"value": "1"}]}]);
    group(&listed, &listed, &[Quirk::RemoveWithValue]);
}

#[test]
fn members_that_say_what_becomes_of_them_are_added_and_removed_one_by_one() {
    let marked = json!([{"value": "1", "operation": "Delete"}, {"value": "2"}, {"value": "3", "operation": "add"}]);
    let apart = [
        json!({"op": "add", "path": "members", "value": [{"value": "2"}, {"value": "3"}]}),
        json!({"op": "remove", "path": "members", "value": [{"value": "1"}]}),
    ];
    for op in ["add", "replace"] {
        group(
            &json!([{"op": op, "path": "members", "value": marked}]),
            &json!(apart),
            &[Quirk::MemberOperation],
        );
        group(
            &json!([{"op": op, "value": {"displayName": "x", "members": marked}}]),
            &json!([{"op": op, "value": {"displayName": "x"}}, apart[0], apart[1]]),
            &[Quirk::OperationWithoutPath, Quirk::MemberOperation],
        );
    }
    let gone = json!([{"op": "replace", "path": "members", "value": [{"value": "1", "operation": "delete"}]}]);
    group(&gone, &json!([apart[1]]), &[Quirk::MemberOperation]);
}
