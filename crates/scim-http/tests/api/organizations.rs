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
    for (query, named) in
        [("limt=2", "limt"), ("limit=0", "limit"), ("limit=x", "limit must be a whole number")]
    {
        let refused = world.api(&key, "GET", &format!("/organizations?{query}")).send().await;
        assert!(refused.problem(400).1.contains(named), "{query}");
    }
}

#[actix_web::test]
async fn an_organizations_key_changes_what_is_its_own_and_nothing_of_the_operators() {
    let world = World::new().await;
    let path = format!("/organizations/{}", world.tenant.organization.id);
    let key = world.manager(&[Permission::OrganizationRead, Permission::OrganizationWrite]).await;
    let change = json!({"name": "Example Inc.", "nestedGroups": true, "entitlements": "assign"});
    let changed = world.api(&key, "PATCH", &path).plain_json(&change).send().await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(changed.json()[name], *value);
    }
    for mine in [json!({"plan": "starter"}), json!({"seatLimit": 1}), json!({"seatLimit": null})] {
        let both = json!({"name": "Other", "plan": mine["plan"], "seatLimit": mine["seatLimit"]});
        for body in [&mine, &both] {
            let refused = world.api(&key, "PATCH", &path).plain_json(body).send().await;
            assert_eq!(refused.problem(403).1, "Only an operator key may do this.");
        }
    }
    assert_eq!(world.api(&key, "GET", &path).send().await.json(), changed.json());
}

#[actix_web::test]
async fn what_a_patch_cannot_mean_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let path = format!("/organizations/{}", world.tenant.organization.id);
    let permissions = [
        Permission::OrganizationRead,
        Permission::OrganizationWrite,
        Permission::OrganizationsManage,
    ];
    let key = world.operator(&permissions).await;
    let before = world.api(&key, "GET", &path).send().await.json();
    for body in [
        json!({"name": null}),
        json!({"name": " "}),
        json!({"plan": null}),
        json!({"plan": "gold"}),
        json!({"seatLimit": -1}),
        json!({"seatLimit": 1.5}),
        json!({"seatLimit": 1_000_000_001}),
        json!({"nestedGroups": null}),
        json!({"entitlements": "grant"}),
        json!({"createdAt": "2026-01-01T00:00:00Z"}),
        json!([]),
    ] {
        let refused = world.api(&key, "PATCH", &path).plain_json(&body).send().await;
        assert_eq!(refused.problem(400).0, "invalid", "{body}");
    }
    let same = world.api(&key, "PATCH", &path).plain_json(&json!({})).send().await;
    assert_eq!((same.status, same.json()), (200, before));
}

// Z4
#[actix_web::test]
async fn seats_and_plan_act_with_the_next_request() {
    let world = World::new().await;
    let path = format!("/organizations/{}", world.tenant.organization.id);
    let permissions = [
        Permission::OrganizationRead,
        Permission::OrganizationWrite,
        Permission::OrganizationsManage,
    ];
    let key = world.operator(&permissions).await;
    let seats = format!("{path}/seats");
    let none = world.api(&key, "GET", &seats).send().await.json();
    assert_eq!(none, json!({"limit": null, "used": null}));
    world.user("ann").await;
    let limit = json!({"seatLimit": 1});
    let limited = world.api(&key, "PATCH", &path).plain_json(&limit).send().await;
    assert_eq!(limited.json()["seatLimit"], 1);
    let refused = world.send("POST", "/Users", json!({"userName": "bob"})).await;
    let (kind, detail) = refused.refusal(403);
    assert_eq!(kind, None);
    assert!(detail.contains("1 active users") && detail.contains("limit is 1"), "{detail}");
    let own = world.manager(&[Permission::UsersWrite]).await;
    let signing_in = json!({
        "userName": "bob",
        "name": {"givenName": "Bob", "familyName": "Doe"},
        "emails": [{"value": "bob@acme.example"}],
    });
    let users = format!("{path}/users");
    let refused = world.api(&own, "POST", &users).plain_json(&signing_in).send().await;
    let (code, detail) = refused.problem(403);
    assert_eq!(code, "seat_limit", "another key would be refused as well");
    assert!(detail.contains("1 active users") && detail.contains("limit is 1"), "{detail}");
    let taken = world.api(&key, "GET", &seats).send().await.json();
    assert_eq!(taken, json!({"limit": 1, "used": 1}));
    let more = json!({"seatLimit": null, "plan": "growth"});
    world.api(&key, "PATCH", &path).plain_json(&more).send().await;
    world.user("bob").await;
    world.api(&key, "PATCH", &path).plain_json(&json!({"plan": "starter"})).send().await;
    let refused = world.send("POST", "/Users", json!({"userName": "cid"})).await;
    assert!(refused.refusal(403).1.contains("Starter"));
}

#[actix_web::test]
async fn what_cannot_be_read_is_told_in_the_words_of_the_api() {
    let world = World::new().await;
    let key = world.operator(&[Permission::OrganizationRead]).await;
    for query in ["limit=x", "limit=-1", "unknown=1", "limit=1&limit=2"] {
        let path = format!("/organizations?{query}");
        let (code, detail) = world.api(&key, "GET", &path).send().await.problem(400);
        assert_eq!(code, "invalid");
        assert!(detail.starts_with("The query cannot be read: "), "{detail}");
        assert!(!detail.to_lowercase().contains("deserialize"), "{detail}");
        assert!(!detail.contains("u64") && !detail.contains("digit"), "{detail}");
    }
    let writer = world.manager(&[Permission::UsersWrite]).await;
    let path = format!("/organizations/{}/users/x", world.tenant.organization.id);
    let body = json!({"name": null});
    let refused = world.api(&writer, "PATCH", &path).plain_json(&body).send().await;
    let (_, detail) = refused.problem(400);
    assert!(detail.contains("expected an object"), "{detail}");
}

#[actix_web::test]
async fn an_organization_is_created_with_a_seat_limit() {
    let world = World::new().await;
    let permissions = [Permission::OrganizationsManage, Permission::OrganizationRead];
    let key = world.operator(&permissions).await;
    let new = json!({"name": "Acme", "plan": "growth", "seatLimit": 3});
    let made = world.api(&key, "POST", "/organizations").plain_json(&new).send().await.json();
    assert_eq!(made["seatLimit"], 3);
    let seats = format!("/organizations/{}/seats", made["id"].as_str().unwrap());
    let seats = world.api(&key, "GET", &seats).send().await.json();
    assert_eq!(seats, json!({"limit": 3, "used": 0}));
}
