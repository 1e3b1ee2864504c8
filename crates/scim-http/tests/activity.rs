//! What the customer's admin can read of requests afterwards.

use scim_app::ports::{ActivityRecord, AuditRecord, Store};
use scim_domain::{api_key::Permission, organization::Plan};
use serde_json::json;

use crate::common::{World, patch};

async fn activity(world: &World) -> Vec<ActivityRecord> {
    world.activity.flush(true).await.unwrap();
    let mut snapshot = world.store.read().await.unwrap();
    let mut all = snapshot.audit().activity(world.tenant.organization.id, 100).await.unwrap();
    all.sort_by(|a, b| a.request_id.cmp(&b.request_id));
    all
}

async fn denials(world: &World) -> Vec<AuditRecord> {
    world.activity.flush(true).await.unwrap();
    let mut snapshot = world.store.read().await.unwrap();
    let all = snapshot.audit().newest(world.tenant.organization.id, 100).await.unwrap();
    let all = all.into_iter().map(|it| it.entry);
    all.filter(|it| it.action == "request.denied").collect()
}

#[actix_web::test]
async fn writes_and_refusals_are_recorded_and_reads_are_not() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    world.get(&format!("/Users/{id}")).await;
    world.get("/Users").await;
    world.get("/Users/jane@example.com").await.refusal(404);
    world.send("POST", "/Users", json!({"userName": "jane@example.com"})).await.refusal(409);
    world.delete(&format!("/Users/{id}")).await;
    let told: Vec<_> =
        activity(&world).await.into_iter().map(|it| (it.method, it.path, it.status)).collect();
    let expected = [
        ("POST", "/Users".to_owned(), 201),
        ("GET", "/Users/…".to_owned(), 404),
        ("POST", "/Users".to_owned(), 409),
        ("DELETE", format!("/Users/{id}"), 204),
    ];
    assert_eq!(told, expected.map(|(method, path, status)| (method.to_owned(), path, status)));
}

#[actix_web::test]
async fn a_refusal_is_recorded_in_the_words_the_client_got() {
    let world = World::new().await;
    let answer = world.send("POST", "/Users", json!({})).await;
    let (_, detail) = answer.refusal(400);
    let all = activity(&world).await;
    assert_eq!(all[0].detail, detail);
    assert_eq!(Some(all[0].request_id.as_str()), answer.header("x-request-id"));
    assert_eq!(all[0].api_key, world.tenant.key.id);
}

// P1
#[actix_web::test]
async fn what_a_push_left_out_is_recorded() {
    let world = World::new().await;
    let id = world.group("Engineering", &[]).await;
    let stranger = json!([{"value": "01980000-0000-7000-8000-00000000000f"}]);
    let body = patch(json!([{"op": "add", "path": "members", "value": stranger}]));
    assert_eq!(world.send("PATCH", &format!("/Groups/{id}"), body).await.status, 204);
    let last = activity(&world).await.pop().unwrap();
    assert_eq!((last.method.as_str(), last.status), ("PATCH", 204));
    assert!(!last.detail.is_empty());
}

// P1
#[actix_web::test]
async fn denials_are_audited_and_the_use_of_keys_is_known() {
    let world = World::on(Plan::Starter).await;
    for _ in 0..3 {
        let ask = world.ask("GET", "/scim/v2/Users").from("10.0.0.1:80");
        let ask = ask.header("x-forwarded-for", "198.51.100.7").header("user-agent", "Okta SCIM");
        ask.send().await.refusal(403);
    }
    let denials = denials(&world).await;
    assert_eq!(denials.len(), 1);
    assert_eq!(denials[0].detail, json!({"reason": "plan", "count": 3}));
    let keys = world.administration.list_api_keys(world.tenant.organization.id).await.unwrap();
    let used = keys[0].last_used.clone().unwrap();
    assert_eq!(used.agent.as_deref(), Some("Okta SCIM"));
    assert_eq!(used.address.unwrap().to_string(), "198.51.100.7");
}

// P1
#[actix_web::test]
async fn a_key_without_the_permission_leaves_a_trace() {
    let world = World::new().await;
    let (organization, id) = (world.tenant.organization.id, world.tenant.key.id);
    let forbidden =
        world.administration.set_api_key_permission(organization, id, Permission::Scim, false);
    forbidden.await.unwrap();
    let (_, detail) = world.get("/Users").await.refusal(403);
    let told = activity(&world).await.pop().unwrap();
    assert_eq!((told.status, told.detail), (403, detail));
    assert_eq!(denials(&world).await[0].detail["reason"], "no_permission");
    let keys = world.administration.list_api_keys(organization).await.unwrap();
    assert!(keys[0].last_used.is_some());
}

// A4
#[actix_web::test]
async fn bad_tokens_write_nothing() {
    let world = World::new().await;
    world.ask("GET", "/scim/v2/Users").without_key().send().await.refusal(401);
    world.ask("POST", "/scim/v2/Users").key("scimd_x").send().await.refusal(401);
    assert_eq!(activity(&world).await, []);
}
