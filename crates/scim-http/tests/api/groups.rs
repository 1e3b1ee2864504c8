//! Groups over the management API.

use scim_domain::api_key::Permission::{GroupsRead, GroupsWrite};
use serde_json::{Value, json};

use super::within;
use crate::common::World;

async fn pushed(world: &World, name: &str, members: &[&str]) -> String {
    let members: Vec<_> = members.iter().map(|it| json!({ "value": it })).collect();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "externalId": format!("ext-{name}"),
        "members": members,
    });
    let made = world.send("POST", "/Groups", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.id()
}

async fn home(world: &World, key: &str, role: &str) -> String {
    let path = within(world, "/groups");
    let all = world.api(key, "GET", &path).send().await.json();
    let leads = |group: &&Value| {
        let roles = group["roles"].as_array().unwrap();
        roles.iter().any(|it| it["key"] == role && it["home"] == true)
    };
    let found = all["items"].as_array().unwrap().iter().find(leads).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn groups_tell_whose_they_are_and_where_they_lead() {
    let world = World::new().await;
    let key = world.manager(&[GroupsRead, GroupsWrite]).await;
    let user = world.user("jane").await;
    let group = pushed(&world, "Team", &[&user]).await;
    let path = within(&world, &format!("/groups/{group}"));
    for _ in 0..2 {
        let mapped = world.api(&key, "PUT", &format!("{path}/roles/analyst")).send().await;
        assert_eq!(mapped.status, 204, "{}", mapped.text());
    }
    let shown = world.api(&key, "GET", &path).send().await.json();
    assert_eq!((&shown["displayName"], &shown["externalId"]), (&json!("Team"), &json!("ext-Team")));
    assert_eq!(
        (&shown["managedBy"], &shown["locked"]),
        (&json!("identity_provider"), &json!(true))
    );
    assert_eq!(shown["memberCount"], 1);
    let role = json!({ "key": "analyst", "name": "Analyst", "privileged": false, "home": false });
    assert_eq!(shown["roles"], json!([role]));
    let gone = world.api(&key, "DELETE", &format!("{path}/roles/analyst")).send().await;
    assert_eq!(gone.status, 204);
    assert_eq!(world.api(&key, "GET", &path).send().await.json()["roles"], json!([]));
    let admin = home(&world, &key, "admin").await;
    let own = within(&world, &format!("/groups/{admin}/roles/admin"));
    assert_eq!(world.api(&key, "DELETE", &own).send().await.problem(409).0, "conflict");
}

#[actix_web::test]
async fn groups_are_found_by_a_scim_filter_page_by_page() {
    let world = World::new().await;
    let key = world.manager(&[GroupsRead]).await;
    for name in ["Eng-1", "Sales", "Eng-2", "Eng-3"] {
        pushed(&world, name, &[]).await;
    }
    let query = "/groups?limit=2&filter=displayName%20sw%20%22eng%22";
    let mut names = Vec::new();
    let mut path = within(&world, query);
    loop {
        let page = world.api(&key, "GET", &path).send().await.json();
        let items = page["items"].as_array().unwrap();
        names.extend(items.iter().map(|it| it["displayName"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = within(&world, &format!("{query}&cursor={cursor}"));
    }
    assert_eq!(names, ["Eng-1", "Eng-2", "Eng-3"]);
    let wrong = within(&world, "/groups?filter=displayName%20sw");
    assert_eq!(world.api(&key, "GET", &wrong).send().await.problem(400).0, "invalid");
}

#[actix_web::test]
async fn members_of_a_local_group_come_and_go_and_those_of_another_do_not() {
    let world = World::new().await;
    let key = world.manager(&[GroupsRead, GroupsWrite]).await;
    let user = world.user("jane").await;
    let local = home(&world, &key, "admin").await;
    let members = within(&world, &format!("/groups/{local}/members"));
    let member = format!("{members}/{user}");
    for _ in 0..2 {
        assert_eq!(world.api(&key, "PUT", &member).send().await.status, 204);
    }
    let listed = world.api(&key, "GET", &members).send().await.json();
    let expected = json!({
        "type": "User", "id": user, "userName": "jane", "displayName": null, "active": true,
        "protected": false,
    });
    assert_eq!(listed, json!({ "items": [expected], "nextCursor": null }));
    for _ in 0..2 {
        assert_eq!(world.api(&key, "DELETE", &member).send().await.status, 204);
    }
    let nobody = format!("{members}/01980000-0000-7000-8000-000000000001");
    world.api(&key, "PUT", &nobody).send().await.problem(404);
    let other = pushed(&world, "Team", &[&user]).await;
    let locked = within(&world, &format!("/groups/{other}/members/{user}"));
    for method in ["PUT", "DELETE"] {
        let (code, detail) = world.api(&key, method, &locked).send().await.problem(409);
        assert!(code == "conflict" && detail.contains("detach"), "{detail}");
    }
}

#[actix_web::test]
async fn a_detached_group_is_local_until_it_is_pushed_again() {
    let world = World::new().await;
    let key = world.manager(&[GroupsRead, GroupsWrite]).await;
    let user = world.user("jane").await;
    let group = pushed(&world, "Team", &[&user]).await;
    let path = within(&world, &format!("/groups/{group}"));
    let detached = world.api(&key, "POST", &format!("{path}/detach")).send().await;
    assert_eq!(detached.status, 200, "{}", detached.text());
    let shown = detached.json();
    assert_eq!((&shown["managedBy"], &shown["locked"]), (&json!("local"), &json!(false)));
    assert_eq!((&shown["externalId"], &shown["memberCount"]), (&Value::Null, &json!(1)));
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Team",
    });
    assert_eq!(world.send("PUT", &format!("/Groups/{group}"), body).await.status, 200);
    let shown = world.api(&key, "GET", &path).send().await.json();
    assert_eq!(shown["managedBy"], "identity_provider");
}
