//! Mapping rules over the management API.

use scim_domain::api_key::Permission::{GroupsRead, GroupsWrite, OrganizationWrite};
use serde_json::json;

use super::within;
use crate::common::World;

#[actix_web::test]
async fn a_rule_is_made_previewed_changed_and_deleted() {
    let world = World::new().await;
    let key = world.manager(&[GroupsRead, GroupsWrite]).await;
    let rules = within(&world, "/mapping-rules");
    let new = json!({ "matching": "prefix", "name": "Dev", "role": "developer" });
    let made = world.api(&key, "POST", &rules).plain_json(&new).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    let rule = made.json();
    let path = format!("{rules}/{}", rule["id"].as_str().unwrap());
    assert!(made.header("location").unwrap().ends_with(&path));
    assert_eq!(world.api(&key, "GET", &path).send().await.json(), rule);
    let listed = world.api(&key, "GET", &rules).send().await.json();
    assert_eq!(listed, json!({ "items": [rule], "nextCursor": null }));
    let twice = world.api(&key, "POST", &rules).plain_json(&new).send().await;
    assert_eq!(twice.problem(409).0, "taken");

    let change = json!({ "matching": "exact", "role": "analyst" });
    let changed = world.api(&key, "PATCH", &path).plain_json(&change).send().await.json();
    assert_eq!((&changed["matching"], &changed["name"]), (&json!("exact"), &json!("Dev")));
    assert_eq!(changed["role"], "analyst");
    assert_eq!(world.api(&key, "DELETE", &path).send().await.status, 204);
    world.api(&key, "GET", &path).send().await.problem(404);
}

#[actix_web::test]
async fn a_preview_shows_the_groups_that_are_there_and_maps_none() {
    let world = World::new().await;
    let key = world.manager(&[GroupsRead]).await;
    let preview = within(&world, "/mapping-rule-preview?matching=prefix&name=de");
    let found = world.api(&key, "GET", &preview).send().await.json();
    assert_eq!(found["items"][0]["displayName"], "Developer");
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let exact = within(&world, "/mapping-rule-preview?matching=exact&name=de");
    assert_eq!(world.api(&key, "GET", &exact).send().await.json()["items"], json!([]));
}

#[actix_web::test]
async fn what_a_rule_cannot_be_is_refused_in_a_sentence() {
    let world = World::new().await;
    let key = world.manager(&[GroupsRead, GroupsWrite]).await;
    let rules = within(&world, "/mapping-rules");
    for (body, status) in [
        (json!({ "matching": "prefix", "name": "Team ", "role": "analyst" }), 400),
        (json!({ "matching": "regex", "name": "Team", "role": "analyst" }), 400),
        (json!({ "matching": "exact", "name": "", "role": "analyst" }), 400),
        (json!({ "matching": "exact", "name": "Team" }), 400),
        (json!({ "matching": "exact", "name": "Team", "role": "nobody" }), 404),
    ] {
        world.api(&key, "POST", &rules).plain_json(&body).send().await.problem(status);
    }
    let wrong = within(&world, "/mapping-rule-preview?matching=prefix&name=Team%20");
    world.api(&key, "GET", &wrong).send().await.problem(400);
    assert_eq!(world.api(&key, "GET", &rules).send().await.json()["items"], json!([]));
}

#[actix_web::test]
async fn rules_apply_from_the_moment_they_are_switched_on() {
    let world = World::new().await;
    let key = world.manager(&[GroupsRead, GroupsWrite, OrganizationWrite]).await;
    let new = json!({ "matching": "prefix", "name": "Eng-", "role": "developer" });
    let rules = within(&world, "/mapping-rules");
    world.api(&key, "POST", &rules).plain_json(&new).send().await;
    let mut led = Vec::new();
    for (apply, name) in [(false, "Eng-1"), (true, "Eng-2"), (false, "Eng-3")] {
        let switch = json!({ "mappingRules": apply });
        let path = within(&world, "");
        let switched = world.api(&key, "PATCH", &path).plain_json(&switch).send().await;
        assert_eq!(switched.json()["mappingRules"], apply, "{}", switched.text());
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name,
        });
        let group = world.send("POST", "/Groups", body).await.id();
        let path = within(&world, &format!("/groups/{group}"));
        led.push(world.api(&key, "GET", &path).send().await.json()["roles"].clone());
    }
    assert_eq!((&led[0], &led[2]), (&json!([]), &json!([])));
    assert_eq!(led[1][0]["key"], "developer");
}
