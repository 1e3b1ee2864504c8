//! Operator keys, and who gives what to whom.

use scim_domain::api_key::Permission;
use serde_json::json;

use super::{READ, WRITE, desk, id};
use crate::common::World;

#[actix_web::test]
async fn an_operator_makes_operator_keys_and_keys_of_organizations() {
    let world = World::new().await;
    let permissions = [READ, WRITE, Permission::OrganizationRead];
    let token = world.operator(&permissions).await;
    let body = json!({ "name": "Second", "permissions": ["organization.read"] });
    let made = world.api(&token, "POST", "/api-keys").plain_json(&body).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    let path = format!("/api-keys/{}", id(&made.json()));
    assert!(made.header("location").unwrap().ends_with(&path));
    let second = made.json()["token"].as_str().unwrap().to_owned();
    let all = world.api(&second, "GET", "/organizations").send().await;
    assert_eq!(all.status, 200);
    let own = format!("/organizations/{}/api-keys", world.tenant.organization.id);
    let scim = json!({ "name": "Okta", "permissions": ["scim"] });
    assert_eq!(world.api(&token, "POST", &own).plain_json(&scim).send().await.status, 201);

    let patch = json!({ "description": "For the dashboard" });
    let patched = world.api(&token, "PATCH", &path).plain_json(&patch).send().await.json();
    assert_eq!(patched["description"], "For the dashboard");
    let rotate = format!("{path}/rotate");
    let overlap = json!({ "overlapSeconds": 0 });
    let rotated = world.api(&token, "POST", &rotate).plain_json(&overlap).send().await;
    assert_eq!(rotated.status, 201);
    let revoke = format!("/api-keys/{}/revoke", id(&rotated.json()));
    assert_eq!(world.api(&token, "POST", &revoke).send().await.json()["state"], "revoked");
    let page = world.api(&token, "GET", "/api-keys").send().await.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    // Each list has its own keys.
    let of_acme = world.api(&token, "GET", &own).send().await.json();
    assert_eq!(of_acme["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn an_operator_key_is_none_for_scim_and_no_organizations_key() {
    let world = World::new().await;
    let token = world.operator(&[READ, WRITE]).await;
    let scim = json!({ "name": "Okta", "permissions": ["scim"] });
    let refused = world.api(&token, "POST", "/api-keys").plain_json(&scim).send().await;
    assert!(refused.problem(400).1.contains("An operator key cannot have the permission scim"));
    let of_acme = world.tenant.key.id;
    let path = format!("/api-keys/{of_acme}");
    assert_eq!(world.api(&token, "GET", &path).send().await.problem(404).0, "not_found");
}

#[actix_web::test]
async fn what_a_key_lacks_it_does_not_give_and_the_attempt_is_audited() {
    let desk = desk().await;
    let strong = json!({ "name": "Strong", "permissions": ["users.write"] });
    for _ in 0..2 {
        let (code, detail) = desk.send("POST", "", Some(&strong)).await.problem(403);
        assert_eq!(code, "forbidden");
        assert!(detail.starts_with("This API key lacks the permission users.write,"), "{detail}");
    }
    desk.world.activity.flush(true).await.unwrap();
    let own = desk.world.tenant.organization.id;
    let audit = desk.world.administration.list_audit(own, 1).await.unwrap();
    assert_eq!(audit[0].entry.action, "request.denied");
    assert_eq!(audit[0].entry.detail, json!({ "reason": "cannot_give", "count": 2 }));
}

#[actix_web::test]
async fn a_dashboard_is_told_the_permissions_by_section_and_which_it_may_give() {
    let desk = desk().await;
    let told = desk.world.api(&desk.token, "GET", "/permissions").send().await;
    insta::assert_json_snapshot!(told.json());
}
