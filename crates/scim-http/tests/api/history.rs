//! Looking back over the management API.

use std::sync::Arc;

use scim_app::sealer::Sealer;
use scim_domain::api_key::Permission;
use serde_json::Value;

use crate::common::World;

impl World {
    /// All items of a list below the organization, page by page.
    async fn walk(&self, key: &str, list: &str, query: &str, limit: usize) -> Vec<Value> {
        let own = self.tenant.organization.id;
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/organizations/{own}/{list}?limit={limit}{query}{cursor}");
            let page = self.api(key, "GET", &path).send().await;
            assert_eq!(page.status, 200, "{}", page.text());
            let page = page.json();
            let found = page["items"].as_array().unwrap();
            assert!(found.len() <= limit);
            items.extend(found.iter().cloned());
            let Some(next) = page["nextCursor"].as_str() else { return items };
            cursor = format!("&cursor={next}");
        }
    }
}

fn texts<'a>(items: &'a [Value], name: &str) -> Vec<&'a str> {
    items.iter().map(|it| it[name].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn the_audit_log_is_read_page_by_page_and_narrowed() {
    let world = World::new().await;
    let key = world.manager(&[Permission::AuditRead]).await;
    let jane = world.user("jane@example.com").await;
    Sealer::new(Arc::new(world.store.clone())).run().await.unwrap();
    world.user("john@example.com").await;
    world.delete(&format!("/Users/{jane}")).await;
    let all = world.walk(&key, "audit", "", 1000).await;
    let actions = texts(&all, "action");
    assert_eq!(actions[..3], ["user.deleted", "user.created", "user.created"]);
    assert_eq!(actions.last(), Some(&"organization.created"));
    assert_eq!((all[0]["sequence"].clone(), all[2]["sequence"].is_u64()), (Value::Null, true));
    for limit in 1..=4 {
        assert_eq!(world.walk(&key, "audit", "", limit).await, all, "{limit} a page");
    }
    let of_jane = world.walk(&key, "audit", &format!("&subject={jane}"), 1).await;
    assert_eq!(texts(&of_jane, "action"), ["user.deleted", "user.created"]);
    insta::assert_json_snapshot!(of_jane[1]);
    let created = world.walk(&key, "audit", "&action=user.created", 1).await;
    assert_eq!(created.len(), 2);
    let both = format!("&action=user.created&subject={jane}");
    assert_eq!(world.walk(&key, "audit", &both, 9).await, of_jane[1..]);
}

// P1
#[actix_web::test]
async fn the_chain_is_verified_and_tells_what_waits() {
    let world = World::new().await;
    let key = world.manager(&[Permission::AuditRead]).await;
    Sealer::new(Arc::new(world.store.clone())).run().await.unwrap();
    world.user("jane@example.com").await;
    let own = world.tenant.organization.id;
    let found = world.api(&key, "GET", &format!("/organizations/{own}/audit/verify")).send().await;
    let found = found.json();
    assert_eq!((&found["valid"], &found["firstBad"]), (&Value::Bool(true), &Value::Null));
    assert_eq!(found["unsealed"], 1);
    assert!(found["verified"].as_u64().unwrap() > 0);
}

#[actix_web::test]
async fn what_became_of_requests_is_read_page_by_page() {
    let world = World::new().await;
    let key = world.manager(&[Permission::AuditRead]).await;
    for name in ["a", "b", "c", "a"] {
        world.send("POST", "/Users", serde_json::json!({ "userName": name })).await;
    }
    world.activity.flush(true).await.unwrap();
    let all = world.walk(&key, "activity", "", 1000).await;
    let statuses: Vec<_> = all.iter().map(|it| it["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [409, 201, 201, 201]);
    insta::assert_json_snapshot!(all[0]);
    for limit in 1..=4 {
        assert_eq!(world.walk(&key, "activity", "", limit).await, all, "{limit} a page");
    }
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused() {
    let world = World::new().await;
    let key = world.manager(&[Permission::AuditRead]).await;
    let own = world.tenant.organization.id;
    for query in ["audit?subject=jane", "audit?cursor=x", "audit?limit=0", "activity?before=1"] {
        let path = format!("/organizations/{own}/{query}");
        assert_eq!(world.api(&key, "GET", &path).send().await.problem(400).0, "invalid", "{query}");
    }
}
