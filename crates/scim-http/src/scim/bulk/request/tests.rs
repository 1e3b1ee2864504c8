use serde_json::{Value, json};

use super::*;

const BASE: &str = "https://scim.example.com/scim/v2";

fn read(body: &Value) -> Result<Asked, Failure> {
    Asked::read(Json::parse(body.to_string().as_bytes()).unwrap(), BASE)
}

fn one(operation: &Value) -> Asked {
    read(&json!({ "Operations": [operation] })).unwrap()
}

/// The status and `scimType` of a request that is broken as a whole.
fn broken(body: &Value) -> (u16, Option<&'static str>) {
    let told = read(body).unwrap_err().told(None);
    (told.status.as_u16(), told.scim_type)
}

#[test]
fn a_path_is_taken_as_clients_send_it() {
    let id = "01980000-0000-7000-8000-000000000001";
    for path in ["/Users/", "Users/", "//Users/", "/scim/v2/Users/", &format!("{BASE}/Users/")] {
        let asked = one(&json!({"method": "delete", "path": format!("{path}{id}")}));
        let expected = Task::Change {
            kind: ResourceKind::User,
            at: id.to_owned(),
            if_match: IfMatch::Absent,
            change: Change::Delete,
        };
        assert_eq!(asked.operations[0].task, expected, "{path}");
    }
    let path = "/Groups/bulkId:a b/c@d";
    let asked = one(&json!({"method": "PATCH", "path": path, "version": "W/\"3\"", "data": []}));
    let Task::Change { kind, at, if_match, change } = &asked.operations[0].task else { panic!() };
    assert_eq!((*kind, at.as_str()), (ResourceKind::Group, "bulkId:a b/c@d"));
    assert_eq!(*if_match, IfMatch::Versions(vec![3]));
    assert!(matches!(change, Change::Patch(Json::Object(_))), "a bare list is one of operations");
}

#[test]
fn a_path_that_leads_nowhere_fails_its_operation_only() {
    for (method, path, status) in [
        ("POST", "/Nowhere", 404),
        ("POST", "/users", 404),
        ("PUT", "/Users", 405),
        ("DELETE", "/Groups", 405),
        ("POST", "/Users/bulkId:x", 405),
        ("POST", "/Users/1", 405),
        ("POST", "/Bulk", 400),
        ("POST", "/.search", 400),
        ("PUT", "/Me", 400),
        ("DELETE", "/Users/../Groups/1", 404),
        ("DELETE", "https://elsewhere.example.com/scim/v2/Users/1", 404),
        ("DELETE", "", 404),
    ] {
        let asked = one(&json!({"method": method, "path": path, "bulkId": "x", "data": {}}));
        let Err(failure) = &asked.heads[0].target else { panic!("{method} {path}") };
        assert_eq!(failure.told(None).status.as_u16(), status, "{method} {path}");
        assert_eq!(asked.operations[0].task, Task::Refused);
    }
}

#[test]
fn data_keeps_to_the_limit_of_its_type() {
    let large = "x".repeat(USER_BODY_BYTES);
    for (path, refused) in [("/Users", true), ("/Groups", false)] {
        let data = json!({ "x": large });
        let asked = one(&json!({"method": "POST", "path": path, "bulkId": "x", "data": data}));
        assert_eq!(asked.operations[0].task == Task::Refused, refused, "{path}");
    }
}

#[test]
fn what_cannot_be_told_apart_breaks_the_whole() {
    let fine = json!({"method": "POST", "path": "/Users", "bulkId": "x", "data": {}});
    for operation in [
        json!(null),
        json!({}),
        json!({"method": "GET", "path": "/Users"}),
        json!({"method": 1, "path": "/Users"}),
        json!({"method": "DELETE"}),
        json!({"method": "POST", "path": "/Users", "data": {}}),
        json!({"method": "POST", "path": "/Users", "bulkId": "", "data": {}}),
        json!({"method": "POST", "path": "/Users", "bulkId": 1, "data": {}}),
        fine.clone(),
    ] {
        let body = json!({ "Operations": [fine, operation] });
        assert_eq!(broken(&body), (400, Some("invalidSyntax")), "{operation}");
    }
    for body in [
        json!([]),
        json!({}),
        json!({ "Operations": [] }),
        json!({ "Operations": fine }),
        json!({ "Operations": [fine], "failOnErrors": 0 }),
        json!({ "Operations": [fine], "failOnErrors": "1" }),
        json!({ "Operations": [fine], "failOnErrors": 1.5 }),
        json!({ "Operations": [fine], "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] }),
    ] {
        assert_eq!(broken(&body), (400, Some("invalidSyntax")), "{body}");
    }
    let asked = read(&json!({ "operations": [fine], "FAILONERRORS": 3 })).unwrap();
    assert_eq!(asked.fail_on_errors, Some(3));
}

#[test]
fn a_thousand_operations_are_taken_and_one_more_is_not() {
    let many = |count| json!({ "Operations": vec![json!({"method": "PUT", "path": "x"}); count] });
    assert_eq!(read(&many(BULK_OPERATIONS)).unwrap().operations.len(), 1000);
    assert_eq!(broken(&many(BULK_OPERATIONS + 1)), (413, None));
}
