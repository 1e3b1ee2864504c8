//! Organizations over the management API.

use scim_domain::api_key::Permission;
use serde_json::json;

use crate::common::World;

#[actix_web::test]
async fn an_operator_creates_an_organization_and_finds_it_where_it_is_said_to_be() {
    let world = World::new().await;
    let permissions = [Permission::OrganizationsManage, Permission::OrganizationRead];
    let key = world.operator(&permissions).await;
    let new = json!({"name": " Acme Inc. ", "plan": "growth"});
    let made = world.api(&key, "POST", "/organizations").plain_json(&new).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    insta::assert_json_snapshot!(made.json());
    let location = made.header("location").unwrap();
    let path = location.strip_prefix("https://scim.example.com").unwrap();
    let found = world.ask("GET", path).key(&key).send().await;
    assert_eq!(found.json(), made.json());
}

#[actix_web::test]
async fn what_an_organization_cannot_be_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let permissions = [Permission::OrganizationsManage, Permission::OrganizationRead];
    let key = world.operator(&permissions).await;
    for body in [
        json!({}),
        json!({"name": "", "plan": "growth"}),
        json!({"name": "x".repeat(201), "plan": "growth"}),
        json!({"name": "Acme", "plan": "gold"}),
        json!({"name": "Acme", "plan": "growth", "seats": 5}),
        json!([]),
    ] {
        let refused = world.api(&key, "POST", "/organizations").plain_json(&body).send().await;
        assert_eq!(refused.problem(400).0, "invalid");
    }
    let all = world.api(&key, "GET", "/organizations").send().await;
    assert_eq!(all.json()["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_operator_walks_through_all_organizations_page_by_page() {
    let world = World::new().await;
    let key = world.operator(&[Permission::OrganizationRead]).await;
    for number in 0..4 {
        world.tenant(&format!("Tenant {number}"), scim_domain::organization::Plan::Growth).await;
    }
    let mut names = Vec::new();
    let mut path = "/organizations?limit=2".to_owned();
    loop {
        let page = world.api(&key, "GET", &path).send().await.json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        names.extend(items.iter().map(|it| it["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("/organizations?limit=2&cursor={cursor}");
    }
    assert_eq!(names, ["Example", "Tenant 0", "Tenant 1", "Tenant 2", "Tenant 3"]);
}

// T2
#[actix_web::test]
async fn an_organizations_key_sees_its_own_organization_alone() {
    let world = World::new().await;
    world.tenant("Other", scim_domain::organization::Plan::Growth).await;
    let key = world.manager(&[Permission::OrganizationRead]).await;
    let all = world.api(&key, "GET", "/organizations").send().await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
    assert_eq!(all["items"][0]["id"], world.tenant.organization.id.to_string());
    assert!(all["nextCursor"].is_null());
}

#[actix_web::test]
async fn a_parameter_that_nobody_knows_is_refused_by_name() {
    let world = World::new().await;
    let key = world.operator(&[Permission::OrganizationRead]).await;
    for (query, named) in [("limt=2", "limt"), ("limit=0", "limit"), ("limit=x", "invalid digit")] {
        let refused = world.api(&key, "GET", &format!("/organizations?{query}")).send().await;
        assert!(refused.problem(400).1.contains(named), "{query}");
    }
}
