//! Pausing SCIM and switching it off over the management API.

use scim_domain::api_key::Permission;
use serde_json::{Value, json};

use crate::common::World;

struct Desk {
    world: World,
    key: String,
    path: String,
}

impl Desk {
    async fn new() -> Self {
        let world = World::new().await;
        let key =
            world.manager(&[Permission::OrganizationRead, Permission::OrganizationWrite]).await;
        let path = format!("/organizations/{}/scim", world.tenant.organization.id);
        Self { world, key, path }
    }

    async fn post(&self, below: &str, body: &Value) -> Value {
        let path = format!("{}{below}", self.path);
        let answer = self.world.api(&self.key, "POST", &path).plain_json(body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }
}

// O2
#[actix_web::test]
async fn a_pause_answers_429_with_whole_seconds_and_says_what_okta_makes_of_it() {
    let desk = Desk::new().await;
    let user = desk.world.user("ann").await;
    let paused = desk.post("/pause", &json!({})).await;
    assert_eq!(paused["retryAfter"], 3600);
    let advice = paused["advice"].as_str().unwrap();
    assert!(advice.contains("ten times") && advice.contains("press retry"), "{advice}");
    assert!(paused["organization"]["scim"]["pause"]["until"].is_null());
    for (method, path) in [("GET", "/Users"), ("DELETE", &format!("/Users/{user}"))] {
        let told = desk.world.ask(method, &format!("/scim/v2{path}")).send().await;
        assert!(told.refusal(429).1.contains("paused"), "{path}");
        assert_eq!(told.header("retry-after"), Some("3600"));
    }
    let resumed = desk.post("/resume", &json!({})).await;
    assert!(resumed["scim"]["pause"].is_null());
    assert_eq!(desk.world.get("/Users").await.status, 200);
}

#[actix_web::test]
async fn the_end_of_a_pause_is_a_time_that_lies_ahead() {
    let desk = Desk::new().await;
    let path = format!("{}/pause", desk.path);
    for until in ["soon", "2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"] {
        let body = json!({ "until": until });
        let refused = desk.world.api(&desk.key, "POST", &path).plain_json(&body).send().await;
        assert_eq!(refused.problem(400).0, "invalid", "{until}");
    }
    assert_eq!(desk.world.get("/Users").await.status, 200);
}

#[actix_web::test]
async fn switching_off_is_previewed_then_done_then_taken_back() {
    let desk = Desk::new().await;
    desk.world.user("ann").await;
    let path = format!("{}/switch-off", desk.path);
    let preview = format!("{path}?users=deactivate");
    let preview = desk.world.api(&desk.key, "GET", &preview).send().await.json();
    let expected = json!({
        "users": "deactivate", "provisioned": 1, "losingAccess": 1, "unaffected": 0,
        "abandonedRoles": [], "groups": 3, "apiKeys": 1,
    });
    assert_eq!(preview, expected);
    for query in ["", "?users=forget", "?user=keep"] {
        let refused = desk.world.api(&desk.key, "GET", &format!("{path}{query}")).send().await;
        refused.problem(400);
    }
    let off = desk.post("/switch-off", &json!({"users": "deactivate"})).await;
    let scim = json!({"switchedOn": false, "users": "deactivate", "pause": null});
    assert_eq!(off["scim"], scim);
    let refused = desk.world.send("POST", "/Users", json!({"userName": "bob"})).await;
    assert!(refused.refusal(403).1.contains("switched off"));
    let on = desk.post("/switch-on", &json!({})).await;
    assert_eq!(on["scim"], json!({"switchedOn": true, "users": null, "pause": null}));
    let users = desk.world.get("/Users").await.json();
    assert_eq!(users["Resources"][0]["active"], false);
}
