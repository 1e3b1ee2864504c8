//! Disabling, deleting and restoring organizations over the management API.

use scim_domain::api_key::Permission;
use serde_json::{Value, json};

use crate::common::World;

struct Desk {
    world: World,
    operator: String,
    own: String,
    path: String,
}

impl Desk {
    async fn new() -> Self {
        let world = World::new().await;
        let permissions = [Permission::OrganizationsManage, Permission::OrganizationRead];
        let operator = world.operator(&permissions).await;
        let own = world.manager(&[Permission::OrganizationRead]).await;
        let path = format!("/organizations/{}", world.tenant.organization.id);
        Self { world, operator, own, path }
    }

    async fn operate(&self, method: &str, below: &str) -> Value {
        let path = format!("{}{below}", self.path);
        let answer = self.world.api(&self.operator, method, &path).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// What the organization's own keys are told.
    async fn refusals(&self) -> [String; 2] {
        let scim = self.world.get("/Users").await.refusal(403).1;
        let api = self.world.api(&self.own, "GET", &self.path).send().await.problem(403).1;
        [scim, api]
    }
}

#[actix_web::test]
async fn the_keys_of_a_disabled_organization_are_told_so_and_the_operators_work() {
    let desk = Desk::new().await;
    let disabled = desk.operate("POST", "/disable").await;
    assert!(disabled["disabledAt"].is_string(), "{disabled}");
    for told in desk.refusals().await {
        assert!(told.contains("This organization is disabled"), "{told}");
    }
    assert_eq!(desk.operate("GET", "").await, disabled);
    let enabled = desk.operate("POST", "/enable").await;
    assert!(enabled["disabledAt"].is_null());
    assert_eq!(desk.world.get("/Users").await.status, 200);
}

#[actix_web::test]
async fn a_deleted_organization_can_be_restored_until_its_grace_is_over() {
    let desk = Desk::new().await;
    let deleted = desk.operate("DELETE", "?graceDays=7").await;
    let purge = deleted["deletion"]["purgeAt"].as_str().unwrap().to_owned();
    for told in desk.refusals().await {
        assert!(told.contains("was deleted") && told.contains(&purge), "{told}");
    }
    let path = format!("{}/enable", desk.path);
    let refused = desk.world.api(&desk.operator, "POST", &path).send().await;
    assert_eq!(refused.problem(409).0, "conflict");
    assert!(desk.operate("POST", "/restore").await["deletion"].is_null());
    assert_eq!(desk.world.get("/Users").await.status, 200);
    desk.operate("DELETE", "").await;
    desk.operate("DELETE", "?graceDays=0").await;
    // For everybody, and in no list.
    for (method, below) in [("GET", ""), ("POST", "/restore"), ("GET", "/seats")] {
        let path = format!("{}{below}", desk.path);
        desk.world.api(&desk.operator, method, &path).send().await.problem(404);
    }
    let all = desk.world.api(&desk.operator, "GET", "/organizations").send().await;
    assert_eq!(all.json(), json!({"items": [], "nextCursor": null}));
}

#[actix_web::test]
async fn a_grace_that_cannot_be_is_refused_by_name() {
    let desk = Desk::new().await;
    for query in ["?graceDays=-1", "?graceDays=366", "?graceDays=x", "?grace=1"] {
        let path = format!("{}{query}", desk.path);
        let refused = desk.world.api(&desk.operator, "DELETE", &path).send().await;
        assert!(refused.problem(400).1.contains("grace") || query.ends_with('x'), "{query}");
    }
    assert!(desk.operate("GET", "").await["deletion"].is_null());
}
