//! API keys over the management API.

mod limits;
mod operators;

use scim_domain::api_key::Permission;
use serde_json::{Value, json};

use crate::common::{Answer, World};

const READ: Permission = Permission::ApiKeysRead;
const WRITE: Permission = Permission::ApiKeysWrite;

/// A backend with a key for managing keys.
struct Desk {
    world: World,
    token: String,
    path: String,
}

async fn desk() -> Desk {
    let world = World::new().await;
    let token = world.manager(&[READ, WRITE, Permission::AuditRead]).await;
    let path = format!("/organizations/{}/api-keys", world.tenant.organization.id);
    Desk { world, token, path }
}

impl Desk {
    async fn send(&self, method: &str, below: &str, body: Option<&Value>) -> Answer {
        let path = format!("{}{below}", self.path);
        let ask = self.world.api(&self.token, method, &path);
        match body {
            Some(body) => ask.plain_json(body).send().await,
            None => ask.send().await,
        }
    }

    async fn create(&self, body: &Value) -> Value {
        let made = self.send("POST", "", Some(body)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()
    }

    async fn patch(&self, id: &str, body: &Value) -> Answer {
        self.send("PATCH", &format!("/{id}"), Some(body)).await
    }

    async fn get(&self, id: &str) -> Value {
        let found = self.send("GET", &format!("/{id}"), None).await;
        assert_eq!(found.status, 200, "{}", found.text());
        found.json()
    }
}

fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

fn new() -> Value {
    json!({
        "name": "Okta",
        "description": "Provisioning from Okta",
        "permissions": ["scim"],
        "allowedAddresses": ["203.0.113.0/24", "2001:db8::1"],
        "limits": { "usersOnly": true, "deniedRoles": ["admin"] },
        "expiresAt": "2126-06-30T12:00:00+02:00",
    })
}

#[actix_web::test]
async fn a_key_is_created_with_its_token_shown_once() {
    let desk = desk().await;
    let made = desk.send("POST", "", Some(&new())).await;
    assert_eq!((made.status, made.header("cache-control")), (201, Some("no-store")));
    insta::assert_json_snapshot!(made.json(), { ".token" => "[token]" });
    let location = made.header("location").unwrap();
    let path = location.strip_prefix("https://scim.example.com").unwrap();
    let found = desk.world.ask("GET", path).key(&desk.token).send().await.json();
    let mut made = made.json();
    assert!(made.as_object_mut().unwrap().remove("token").is_some());
    assert_eq!(found, made);
    let page = desk.send("GET", "", None).await;
    assert!(!page.text().contains("token"), "{}", page.text());
}

#[actix_web::test]
async fn a_key_may_do_nothing_unless_it_is_said() {
    let desk = desk().await;
    let made = desk.create(&json!({ "name": "Bare" })).await;
    assert_eq!(made["permissions"], json!([]));
    assert_eq!(made["expiresAt"], Value::Null);
    let users = desk.world.ask("GET", "/scim/v2/Users").key(made["token"].as_str().unwrap());
    assert_eq!(users.send().await.status, 403);
    let patched = desk.patch(id(&made), &json!({ "permissions": ["scim"] })).await;
    assert_eq!(patched.json()["permissions"], json!(["scim"]));
    let users = desk.world.ask("GET", "/scim/v2/Users").key(made["token"].as_str().unwrap());
    assert_eq!(users.send().await.status, 200);
}

#[actix_web::test]
async fn a_key_that_cannot_be_is_refused() {
    let desk = desk().await;
    let with = |name: &str, value: Value| {
        let mut body = new();
        body[name] = value;
        body
    };
    for (body, named) in [
        (json!({}), "name"),
        (with("name", json!(" ")), "1 to 200 characters"),
        (with("permissions", json!(["scim", "users.read"])), "no other permission"),
        (with("permissions", json!(["everything"])), "no permission is called"),
        (with("permissions", json!(["organizations.manage"])), "Only an operator key"),
        (with("allowedAddresses", json!(["10.0.0.0/8", "x"])), "number 2 of the list"),
        (with("limits", json!({ "deniedRoles": ["amdin"] })), "\"amdin\""),
        (with("limits", json!({ "groups": "none" })), "unknown field"),
        (with("expiresAt", json!("2020-01-01T00:00:00Z")), "in the future"),
        (with("expiresAt", json!("tomorrow")), "expiresAt"),
        (with("strictness", json!("lenient")), "unknown variant"),
        (with("token", json!("mine")), "unknown field"),
    ] {
        let refused = desk.send("POST", "", Some(&body)).await;
        let (code, detail) = refused.problem(400);
        assert_eq!(code, "invalid");
        assert!(detail.contains(named), "{body}: {detail}");
    }
    let page = desk.send("GET", "", None).await.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_patch_changes_what_it_names_and_null_clears() {
    let desk = desk().await;
    let made = desk.create(&new()).await;
    let before = desk.get(id(&made)).await;
    let after = |patch: Value| {
        let mut wanted = before.clone();
        for (name, value) in patch.as_object().unwrap() {
            wanted[name] = value.clone();
        }
        wanted
    };
    assert_eq!(desk.patch(id(&made), &json!({})).await.json(), before);
    let patch =
        json!({ "name": "Entra", "strictness": "strict", "allowedAddresses": ["10.1.2.3/8"] });
    let wanted = after(json!({
        "name": "Entra", "strictness": "strict", "allowedAddresses": ["10.0.0.0/8"]
    }));
    assert_eq!(desk.patch(id(&made), &patch).await.json(), wanted);
    assert_eq!(desk.get(id(&made)).await, wanted);
    let limits = json!({ "limits": { "usersOnly": false } });
    let patched = desk.patch(id(&made), &limits).await.json();
    assert_eq!(patched["limits"], json!({ "usersOnly": false, "deniedRoles": ["admin"] }));
    let cleared = json!({
        "description": null, "allowedAddresses": null, "limits": null, "expiresAt": null
    });
    let patched = desk.patch(id(&made), &cleared).await.json();
    assert_eq!(patched["limits"], json!({ "usersOnly": false, "deniedRoles": [] }));
    assert_eq!(patched["description"], "");
    assert_eq!((&patched["allowedAddresses"], &patched["expiresAt"]), (&json!([]), &Value::Null));
    for name in ["name", "permissions", "strictness"] {
        let refused = desk.patch(id(&made), &json!({ name: null })).await;
        assert!(refused.problem(400).1.starts_with(&format!("{name} cannot be null.")));
    }
}

#[actix_web::test]
async fn a_rotated_key_and_its_successor_both_work_for_the_overlap() {
    let desk = desk().await;
    let new = json!({ "name": "Okta", "permissions": ["scim"] });
    let made = desk.create(&new).await;
    let rotate = format!("/{}/rotate", id(&made));
    let body = json!({ "overlapSeconds": 3600 });
    let rotated = desk.send("POST", &rotate, Some(&body)).await;
    assert_eq!(rotated.status, 201, "{}", rotated.text());
    let successor = rotated.json();
    assert_eq!(successor["connection"], made["id"]);
    assert_eq!(desk.get(id(&made)).await["successor"], successor["id"]);
    let users = async |key: &Value| {
        let token = key["token"].as_str().unwrap();
        desk.world.ask("GET", "/scim/v2/Users").key(token).send().await.status
    };
    assert_eq!((users(&made).await, users(&successor).await), (200, 200));
    desk.world.clock.advance(3600);
    assert_eq!((users(&made).await, users(&successor).await), (401, 200));
    assert_eq!(desk.get(id(&made)).await["state"], "expired");
    let again = desk.send("POST", &rotate, Some(&body)).await;
    assert_eq!(again.problem(409).0, "conflict");
    let long = json!({ "overlapSeconds": 604_801 });
    let rotate = format!("/{}/rotate", id(&successor));
    assert!(desk.send("POST", &rotate, Some(&long)).await.problem(400).1.contains("0 to 7 days"));
}

#[actix_web::test]
async fn a_revoked_key_is_dead_and_stays_in_the_list() {
    let desk = desk().await;
    let made = desk.create(&new()).await;
    let revoke = format!("/{}/revoke", id(&made));
    let revoked = desk.send("POST", &revoke, None).await.json();
    assert_eq!(revoked["state"], "revoked");
    desk.world.clock.advance(60);
    assert_eq!(desk.send("POST", &revoke, None).await.json(), revoked);
    let users = desk.world.ask("GET", "/scim/v2/Users").key(made["token"].as_str().unwrap());
    assert_eq!(users.send().await.status, 401);
    assert_eq!(desk.patch(id(&made), &json!({ "name": "x" })).await.problem(409).0, "conflict");
    let page = desk.send("GET", "", None).await.json();
    assert!(page["items"].as_array().unwrap().contains(&revoked));
}

#[actix_web::test]
async fn keys_are_walked_through_page_by_page() {
    let desk = desk().await;
    for number in 0..5 {
        desk.create(&json!({ "name": format!("Key {number}") })).await;
    }
    let (mut names, mut below) = (Vec::new(), "?limit=3".to_owned());
    loop {
        let page = desk.send("GET", &below, None).await.json();
        let items = page["items"].as_array().unwrap();
        names.extend(items.iter().map(|it| it["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        below = format!("?limit=3&cursor={cursor}");
    }
    let own = ["Key 0", "Key 1", "Key 2", "Key 3", "Key 4"];
    assert_eq!(names[2..], own);
}

// T1
#[actix_web::test]
async fn another_organizations_key_is_as_unknown_as_none() {
    let desk = desk().await;
    let other = desk.world.tenant("Other", scim_domain::organization::Plan::Growth).await;
    let foreign = other.key.id.to_string();
    for id in [foreign.as_str(), "01980000-0000-7000-8000-00000000000f", "x"] {
        for (method, below, body) in [
            ("GET", "", None),
            ("PATCH", "", Some(json!({ "name": "Mine" }))),
            ("POST", "/rotate", Some(json!({ "overlapSeconds": 0 }))),
            ("POST", "/revoke", None),
            ("GET", "/quirks", None),
        ] {
            let answer = desk.send(method, &format!("/{id}{below}"), body.as_ref()).await;
            let (code, detail) = answer.problem(404);
            assert_eq!((code.as_str(), detail), ("not_found", format!("No API key {id} exists.")));
        }
    }
}

#[actix_web::test]
async fn the_last_use_and_the_quirks_of_a_key_are_told() {
    let desk = desk().await;
    let key = desk.world.tenant.key.id.to_string();
    assert_eq!(desk.get(&key).await["lastUsed"], Value::Null);
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "jane", "active": "True",
    });
    let made = desk.world.ask("POST", "/scim/v2/Users").json(&body).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    desk.world.activity.flush(true).await.unwrap();
    assert!(desk.get(&key).await["lastUsed"]["at"].is_string());
    let quirks = desk.send("GET", &format!("/{key}/quirks"), None).await.json();
    assert_eq!(quirks["items"][0]["requests"], 1);
    assert_eq!(quirks["nextCursor"], Value::Null);
    let other = desk.create(&json!({ "name": "Other" })).await;
    let none = desk.send("GET", &format!("/{}/quirks", id(&other)), None).await.json();
    assert_eq!(none["items"], json!([]));
}
