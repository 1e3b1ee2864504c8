//! Limited keys, as an identity provider meets them.

use serde_json::{Value, json};

use super::{Desk, desk};

async fn token(desk: &Desk, more: Value) -> String {
    let mut body = json!({ "name": "Okta", "permissions": ["scim"] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    desk.create(&body).await["token"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_request_from_elsewhere_is_told_the_address_that_was_seen() {
    let desk = desk().await;
    let token = token(&desk, json!({ "allowedAddresses": ["203.0.113.0/24"] })).await;
    let from = async |address: &str| {
        let ask = desk.world.ask("GET", "/scim/v2/Users").key(&token);
        ask.from(&format!("{address}:443")).send().await
    };
    assert_eq!(from("203.0.113.7").await.status, 200);
    let (_, detail) = from("192.0.2.7").await.refusal(403);
    assert!(detail.contains("192.0.2.7, which is the client's address as this service sees it"));
    // A header that nobody trusts changes nothing.
    let ask = desk.world.ask("GET", "/scim/v2/Users").key(&token).from("192.0.2.7:443");
    let forged = ask.header("X-Forwarded-For", "203.0.113.7").send().await;
    assert!(forged.refusal(403).1.contains("192.0.2.7"));
}

#[actix_web::test]
async fn a_key_that_manages_is_held_to_its_addresses_too() {
    let desk = desk().await;
    let body = json!({
        "name": "Backend", "permissions": ["api_keys.read"], "allowedAddresses": ["203.0.113.7"],
    });
    let made = desk.create(&body).await;
    let token = made["token"].as_str().unwrap();
    let from = async |address: &str| {
        let ask = desk.world.api(token, "GET", &desk.path);
        ask.from(&format!("{address}:443")).send().await
    };
    assert_eq!(from("203.0.113.7").await.status, 200);
    assert!(from("203.0.113.8").await.problem(403).1.contains("203.0.113.8,"));
}

#[actix_web::test]
async fn a_denied_role_is_403_and_nothing_is_applied() {
    let desk = desk().await;
    let token = token(&desk, json!({ "limits": { "deniedRoles": ["admin"] } })).await;
    let jane = desk.world.user("jane").await;
    let found = desk.world.get("/Groups?filter=displayName%20eq%20%22Admin%22").await.json();
    let group = found["Resources"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/scim/v2/Groups/{group}");
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            { "op": "replace", "path": "displayName", "value": "Bosses" },
            { "op": "add", "path": "members", "value": [{ "value": jane }] },
        ],
    });
    let answer = desk.world.ask("PATCH", &path).key(&token).json(&body).send().await;
    let (_, detail) = answer.refusal(403);
    assert!(detail.contains("the role Admin (admin)"), "{detail}");
    let after = desk.world.get(&format!("/Groups/{group}")).await.json();
    assert_eq!(after["displayName"], "Admin");
    assert_eq!(after["members"], json!([]));
}

#[actix_web::test]
async fn a_key_for_users_alone_is_refused_writes_of_groups() {
    let desk = desk().await;
    let token = token(&desk, json!({ "limits": { "usersOnly": true } })).await;
    let ask = |method: &str, path: &str| desk.world.ask(method, path).key(&token);
    assert_eq!(ask("GET", "/scim/v2/Groups").send().await.status, 200);
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Team",
    });
    let refused = ask("POST", "/scim/v2/Groups").json(&body).send().await;
    assert!(refused.refusal(403).1.contains("users only"));
    desk.world.activity.flush(true).await.unwrap();
    let own = desk.world.tenant.organization.id;
    let audit = desk.world.administration.list_audit(own, 1).await.unwrap();
    assert_eq!(audit[0].entry.detail["reason"], "users_only");
}
