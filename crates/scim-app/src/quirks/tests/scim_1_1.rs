use super::*;

const OLD_CORE: &str = "urn:scim:schemas:core:1.0";
const OLD_ENTERPRISE: &str = "urn:scim:schemas:extension:enterprise:1.0";

fn patch(kind: ResourceKind, sent: &Plain, operations: &Plain, quirks: &[Quirk]) {
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
    let meant = json!({"schemas": schemas, "Operations": operations});
    means(kind, Message::Patch, sent, &meant, quirks);
}

#[test]
fn urns_are_those_of_today() {
    let user = scim_domain::schema::USER;
    means(
        ResourceKind::User,
        Message::Resource,
        &json!({"schemas": [OLD_CORE, OLD_ENTERPRISE], "userName": "jane", OLD_ENTERPRISE: {"department": "Sales"}}),
        &json!({"schemas": [user, ENTERPRISE_USER], "userName": "jane", ENTERPRISE_USER: {"department": "Sales"}}),
        &[Quirk::Scim11Schemas],
    );
    means(
        ResourceKind::User,
        Message::Resource,
        &json!({OLD_ENTERPRISE: {"department": "a"}, ENTERPRISE_USER: {"department": "b"}}),
        &json!({ENTERPRISE_USER: {"department": "b"}}),
        &[Quirk::Scim11Schemas],
    );
}

#[test]
fn a_group_is_patched_by_its_members() {
    patch(
        ResourceKind::Group,
        &json!({"schemas": [OLD_CORE], "members": [{"value": "1"}, {"value": "2", "operation": "delete"}]}),
        &json!([
            {"op": "add", "path": "members", "value": [{"value": "1"}]},
            {"op": "remove", "path": "members", "value": [{"value": "2"}]},
        ]),
        &[Quirk::MemberOperation, Quirk::Scim11Patch, Quirk::Scim11Schemas],
    );
    patch(
        ResourceKind::Group,
        &json!({"displayName": "Staff", "members": {"value": "2", "operation": "delete"}}),
        &json!([
            {"op": "replace", "value": {"displayName": "Staff"}},
            {"op": "remove", "path": "members", "value": [{"value": "2"}]},
        ]),
        &[Quirk::MemberOperation, Quirk::Scim11Patch],
    );
}

#[test]
fn a_user_is_patched_by_its_attributes_and_what_is_listed_is_cleared() {
    patch(
        ResourceKind::User,
        &json!({"schemas": [OLD_CORE], "meta": {"attributes": ["title", "name.givenName"]}, "active": false, OLD_ENTERPRISE: {"department": "Sales"}}),
        &json!([
            {"op": "remove", "path": "title"},
            {"op": "remove", "path": "name.givenName"},
            {"op": "replace", "value": {"active": false, ENTERPRISE_USER: {"department": "Sales"}}},
        ]),
        &[Quirk::Scim11Patch, Quirk::Scim11Schemas],
    );
}

#[test]
fn what_may_be_something_else_stays_as_it_is() {
    for body in [
        json!({"active": false}),
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "active": false}),
        json!({"schemas": [scim_domain::schema::USER], "active": false}),
    ] {
        stays(ResourceKind::User, Message::Patch, &body);
    }
}
