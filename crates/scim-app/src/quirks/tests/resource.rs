use super::*;

fn user(sent: &Plain, meant: &Plain, quirks: &[Quirk]) {
    means(ResourceKind::User, Message::Resource, sent, meant, quirks);
}

#[test]
fn a_resource_as_the_rfc_has_it_stays_as_it_is() {
    stays(
        ResourceKind::User,
        Message::Resource,
        &json!({
            "schemas": [scim_domain::schema::USER, ENTERPRISE_USER],
            "userName": "jane", "active": true, "emails": [{"value": "a@b.c", "primary": true}],
            "title": null, "roles": [], "groups": "", "meta": {"created": ""}, "password": "",
            ENTERPRISE_USER: {"department": "Sales", "manager": {"value": "1"}},
            "somethingElse": "True", "urn:example:custom": {"active": "True"},
        }),
    );
    let group = json!({"displayName": "Staff", "members": [{"value": "1", "display": null}]});
    stays(ResourceKind::Group, Message::Resource, &group);
}

#[test]
fn values_get_the_shape_of_their_attribute() {
    user(
        &json!({
            "active": "True", "title": "", "roles": "Admin", "name": [{"givenName": ""}],
            "emails": {"value": "a@b.c", "primary": "False"},
            ENTERPRISE_USER: {"manager": "1"},
        }),
        &json!({
            "active": true, "title": null, "roles": [{"value": "Admin"}], "name": {"givenName": null},
            "emails": [{"value": "a@b.c", "primary": false}],
            ENTERPRISE_USER: {"manager": {"value": "1"}},
        }),
        &[
            Quirk::BooleanAsText,
            Quirk::TextForObject,
            Quirk::ValueForList,
            Quirk::ListForValue,
            Quirk::EmptyText,
        ],
    );
    user(
        &json!({"phoneNumbers": [{"type": "work", "value": ""}, {"type": "home", "value": "1"}]}),
        &json!({"phoneNumbers": [null, {"type": "home", "value": "1"}]}),
        &[Quirk::EmptyText],
    );
    let odd = json!({"active": "perhaps", "name": ["a", "b"], "emails": [["x"]], "title": 1});
    stays(ResourceKind::User, Message::Resource, &odd);
}

#[test]
fn an_attribute_without_its_urn_moves_under_it() {
    for manager in [json!("1"), json!({"value": "1"}), json!([{"value": "1"}])] {
        let Rewritten { body, quirks } = rewrite(
            &Catalog::standard().user,
            Message::Resource,
            read(&json!({"userName": "jane", "manager": manager})),
        );
        let meant = json!({"userName": "jane", ENTERPRISE_USER: {"manager": {"value": "1"}}});
        assert_eq!(sorted(body), sorted(read(&meant)));
        assert!(quirks.contains(&Quirk::AttributeWithoutUrn));
    }
    user(
        &json!({"department": "Sales", ENTERPRISE_USER: {"division": "North"}}),
        &json!({ENTERPRISE_USER: {"division": "North", "department": "Sales"}}),
        &[Quirk::AttributeWithoutUrn],
    );
}

#[test]
fn what_is_named_in_full_counts() {
    for body in [
        json!({"manager": {"value": "1"}, ENTERPRISE_USER: {"MANAGER": {"value": "2"}}}),
        json!({"department": "a", ENTERPRISE_USER: "no object"}),
    ] {
        stays(ResourceKind::User, Message::Resource, &body);
    }
    let twice = json!({"department": "a", format!("{ENTERPRISE_USER}:department"): "b"});
    user(&twice, &twice, &[Quirk::AttributeByPath]);
}

#[test]
fn a_member_that_is_to_go_is_left_out() {
    means(
        ResourceKind::Group,
        Message::Resource,
        &json!({"members": [{"value": "1", "operation": "delete"}, {"value": "2", "operation": "add"}]}),
        &json!({"members": [{"value": "2"}]}),
        &[Quirk::MemberOperation],
    );
}
