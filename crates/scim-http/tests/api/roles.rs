//! Roles over the management API.

use scim_domain::api_key::Permission::{
    AccessRead, GroupsRead, GroupsWrite, RolesRead, RolesWrite,
};
use serde_json::{Value, json};

use super::within;
use crate::common::World;

const ALL: [scim_domain::api_key::Permission; 5] =
    [RolesRead, RolesWrite, GroupsRead, GroupsWrite, AccessRead];

#[actix_web::test]
async fn a_role_is_created_found_changed_and_deleted() {
    let world = World::new().await;
    let key = world.manager(&ALL).await;
    let roles = within(&world, "/roles");
    let new = json!({
        "name": "Case Reviewer", "description": "Reviews cases", "permissions": ["cases.read"],
    });
    let made = world.api(&key, "POST", &roles).plain_json(&new).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    let location = made.header("location").unwrap();
    assert!(location.ends_with(&format!("{roles}/case-reviewer")), "{location}");
    let role = made.json();
    assert_eq!((&role["key"], &role["builtIn"]), (&json!("case-reviewer"), &json!(false)));
    assert_eq!(role["homeGroup"]["displayName"], "Case Reviewer");
    assert_eq!((&role["groupCount"], &role["holderCount"]), (&json!(1), &json!(0)));

    let path = format!("{roles}/case-reviewer");
    assert_eq!(world.api(&key, "GET", &path).send().await.json(), role);
    let change = json!({ "name": "Reviewer", "description": null, "permissions": ["a", "b", "a"] });
    let changed = world.api(&key, "PATCH", &path).plain_json(&change).send().await.json();
    assert_eq!((&changed["key"], &changed["name"]), (&json!("case-reviewer"), &json!("Reviewer")));
    assert_eq!(
        (&changed["description"], &changed["permissions"]),
        (&json!(""), &json!(["a", "b"]))
    );
    // What is not said stays.
    let same = world.api(&key, "PATCH", &path).plain_json(&json!({})).send().await.json();
    assert_eq!(same, changed);

    let gone = world.api(&key, "DELETE", &path).send().await;
    assert_eq!(gone.status, 204, "{}", gone.text());
    world.api(&key, "GET", &path).send().await.problem(404);
}

#[actix_web::test]
async fn roles_are_listed_page_by_page_oldest_first() {
    let world = World::new().await;
    let key = world.manager(&ALL).await;
    let mut keys = Vec::new();
    let mut path = within(&world, "/roles?limit=2");
    loop {
        let page = world.api(&key, "GET", &path).send().await.json();
        let items = page["items"].as_array().unwrap();
        keys.extend(items.iter().map(|it| it["key"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = within(&world, &format!("/roles?limit=2&cursor={cursor}"));
    }
    assert_eq!(keys, ["admin", "analyst", "developer"]);
}

#[actix_web::test]
async fn what_a_role_cannot_be_is_refused_in_a_sentence() {
    let world = World::new().await;
    let key = world.manager(&ALL).await;
    let roles = within(&world, "/roles");
    let refused = async |method: &str, path: &str, body: Value, status| {
        world.api(&key, method, path).plain_json(&body).send().await.problem(status)
    };
    assert_eq!(refused("POST", &roles, json!({ "name": "ADMIN" }), 409).await.0, "taken");
    let long = json!({ "name": "A", "permissions": ["x".repeat(201)] });
    assert!(refused("POST", &roles, long, 400).await.1.contains("200 characters"));
    let admin = format!("{roles}/admin");
    for (body, status) in [
        (json!({ "name": null }), 400),
        (json!({ "key": "boss" }), 400),
        (json!({ "privileged": null }), 400),
        (json!({ "privileged": false }), 409),
        (json!({ "name": "Analyst" }), 409),
    ] {
        refused("PATCH", &admin, body, status).await;
    }
    world.api(&key, "DELETE", &admin).send().await.problem(409);
    world.api(&key, "GET", &format!("{admin}/deletion")).send().await.problem(409);
    world.api(&key, "GET", &format!("{roles}/nobody")).send().await.problem(404);
}

#[actix_web::test]
async fn who_would_lose_a_role_is_shown_before_it_is_deleted() {
    let world = World::new().await;
    let key = world.manager(&ALL).await;
    let roles = within(&world, "/roles");
    world.api(&key, "POST", &roles).plain_json(&json!({ "name": "Reviewer" })).send().await;
    let (a, b) = (world.user("a").await, world.user("b").await);
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Team",
        "members": [{ "value": a }, { "value": b }],
    });
    let group = world.send("POST", "/Groups", body).await.id();
    let mapping = within(&world, &format!("/groups/{group}/roles/reviewer"));
    assert_eq!(world.api(&key, "PUT", &mapping).send().await.status, 204);
    let path = format!("{roles}/reviewer/deletion");
    let shown = world.api(&key, "GET", &path).send().await.json();
    assert_eq!((&shown["holderCount"], &shown["homeGroupGoes"]), (&json!(2), &json!(true)));
    let names: Vec<_> =
        shown["groups"].as_array().unwrap().iter().map(|it| &it["displayName"]).collect();
    assert_eq!(names, ["Reviewer", "Team"]);
    let holders = format!("{roles}/reviewer/holders?limit=1");
    let first = world.api(&key, "GET", &holders).send().await.json();
    assert_eq!(first["items"][0]["userName"], "a");
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = world.api(&key, "GET", &format!("{holders}&cursor={cursor}")).send().await.json();
    assert_eq!((&rest["items"][0]["userName"], &rest["nextCursor"]), (&json!("b"), &Value::Null));
}
