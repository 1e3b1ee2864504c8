//! Users over the management API.

use scim_domain::{api_key::Permission, organization::Plan};
use serde_json::{Value, json};

use crate::common::{Answer, World, patch};

/// A world with a key for users.
struct Desk {
    world: World,
    key: String,
}

fn jane() -> Value {
    json!({
        "userName": "Jane@acme.example",
        "name": {"givenName": "Jane", "familyName": "Doe"},
        "emails": [{"value": "jane@acme.example", "type": "work", "primary": true}],
    })
}

impl Desk {
    async fn new() -> Self {
        let world = World::new().await;
        let key = world.manager(&[Permission::UsersRead, Permission::UsersWrite]).await;
        Self { world, key }
    }

    fn path(&self, rest: &str) -> String {
        format!("/organizations/{}/users{rest}", self.world.tenant.organization.id)
    }

    async fn ask(&self, method: &str, rest: &str) -> Answer {
        self.world.api(&self.key, method, &self.path(rest)).send().await
    }

    async fn send(&self, method: &str, rest: &str, body: &Value) -> Answer {
        let asked = self.world.api(&self.key, method, &self.path(rest));
        asked.plain_json(body).send().await
    }

    async fn record(&self, body: &Value) -> String {
        let made = self.send("POST", "", body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.id()
    }
}

#[actix_web::test]
async fn a_recorded_user_is_found_where_it_is_said_to_be() {
    let desk = Desk::new().await;
    let made = desk.send("POST", "", &jane()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    insta::assert_json_snapshot!(made.json());
    let location = made.header("location").unwrap();
    let path = location.strip_prefix("https://scim.example.com").unwrap();
    let mut found = desk.world.ask("GET", path).key(&desk.key).send().await.json();
    let profile = found.as_object_mut().unwrap().remove("profile").unwrap();
    assert_eq!(found, made.json());
    assert_eq!(profile["schemas"][0], "urn:ietf:params:scim:schemas:core:2.0:User");
    assert_eq!(profile["name"]["givenName"], "Jane");
}

#[actix_web::test]
async fn what_is_no_whole_record_is_refused_and_says_why() {
    let desk = Desk::new().await;
    let without = |name: &str| {
        let mut body = jane();
        body.as_object_mut().unwrap().remove(name);
        body
    };
    let with = |name: &str, value: Value| {
        let mut body = jane();
        body[name] = value;
        body
    };
    for (body, named) in [
        (without("userName"), "userName"),
        (without("name"), "name"),
        (without("emails"), "emails"),
        (with("emails", json!([])), "emails"),
        (with("emails", json!([{"value": " "}])), "emails.value"),
        (with("name", json!({"givenName": "Jane"})), "familyName"),
        (with("name", json!({"givenName": "", "familyName": "Doe"})), "name.givenName"),
        (with("userName", json!("")), "userName"),
        (with("active", json!(true)), "active"),
        (with("protected", json!(true)), "protected"),
        (with("roles", json!([{"value": "admin"}])), "roles"),
    ] {
        let (code, detail) = desk.send("POST", "", &body).await.problem(400);
        assert_eq!(code, "invalid", "{body}");
        assert!(detail.contains(named), "{named}: {detail}");
    }
    assert_eq!(desk.ask("GET", "").await.json()["items"], json!([]));
}

#[actix_web::test]
async fn a_name_in_use_is_taken_however_it_is_written() {
    let desk = Desk::new().await;
    desk.record(&jane()).await;
    let mut again = jane();
    again["userName"] = json!("JANE@acme.example");
    for body in [jane(), again] {
        let (code, detail) = desk.send("POST", "", &body).await.problem(409);
        assert_eq!(code, "taken");
        assert!(detail.contains("Ask for the access"), "{detail}");
    }
}

#[actix_web::test]
async fn a_merge_patch_changes_what_it_names() {
    let desk = Desk::new().await;
    let id = desk.record(&jane()).await;
    let path = format!("/{id}");
    let change = json!({"name": {"familyName": "Roe"}, "externalId": "x", "displayName": "Jane"});
    let changed = desk.send("PATCH", &path, &change).await.json();
    assert_eq!(changed["name"], json!({"givenName": "Jane", "familyName": "Roe"}));
    assert_eq!((&changed["externalId"], &changed["displayName"]), (&json!("x"), &json!("Jane")));
    assert_eq!(changed["userName"], "Jane@acme.example");
    assert_eq!(changed["version"], 2);
    let cleared = desk.send("PATCH", &path, &json!({"externalId": null})).await.json();
    assert_eq!((&cleared["externalId"], &cleared["displayName"]), (&Value::Null, &json!("Jane")));
    let same = desk.send("PATCH", &path, &json!({})).await.json();
    assert_eq!(same, cleared);
    let off = desk.send("PATCH", &path, &json!({"active": false})).await.json();
    assert_eq!(off["active"], false);
    for (refused, named) in [
        (json!({"userName": null}), "null"),
        (json!({"name": null}), "null"),
        (json!({"name": {"givenName": null}}), "null"),
        (json!({"emails": []}), "emails"),
        (json!({"active": null}), "null"),
        (json!({"active": "false"}), "boolean"),
        (json!({"protected": true}), "protected"),
    ] {
        let (_, detail) = desk.send("PATCH", &path, &refused).await.problem(400);
        assert!(detail.contains(named), "{refused}: {detail}");
    }
    assert_eq!(desk.ask("DELETE", &path).await.status, 204);
    assert_eq!(desk.ask("GET", &path).await.problem(404).0, "not_found");
}

#[actix_web::test]
async fn who_an_identity_provider_manages_is_locked_until_it_is_detached() {
    let desk = Desk::new().await;
    let id = desk.record(&jane()).await;
    let pushed = json!({"userName": "jane@acme.example", "title": "CEO"});
    let scim = format!("/Users/{id}");
    assert_eq!(desk.world.send("PUT", &scim, pushed.clone()).await.status, 200);
    let path = format!("/{id}");
    let shown = desk.ask("GET", &path).await.json();
    assert_eq!(
        (&shown["managedBy"], &shown["locked"]),
        (&json!("identity_provider"), &json!(true))
    );
    assert_eq!(shown["profile"]["title"], "CEO");
    let off = json!({"active": false});
    assert_eq!(desk.send("PATCH", &path, &off).await.problem(409).0, "conflict");
    assert_eq!(desk.ask("DELETE", &path).await.problem(409).0, "conflict");

    let detached = desk.ask("POST", &format!("{path}/detach")).await.json();
    assert_eq!((&detached["source"], &detached["locked"]), (&json!("local"), &json!(false)));
    desk.world.send("PUT", &scim, pushed.clone()).await.refusal(403);
    assert_eq!(desk.send("PATCH", &path, &off).await.status, 200);
    let attached = desk.ask("POST", &format!("{path}/attach")).await.json();
    assert_eq!(attached["source"], "scim");
    assert_eq!(desk.world.send("PUT", &scim, pushed).await.status, 200);
    let mut local = jane();
    local["userName"] = json!("local");
    let id = desk.record(&local).await;
    let other = desk.ask("POST", &format!("/{id}/attach")).await;
    assert_eq!(other.problem(409).0, "conflict");
}

// Z3
#[actix_web::test]
async fn a_protected_user_is_left_alone_by_identity_providers() {
    let desk = Desk::new().await;
    let id = desk.world.user("root").await;
    let path = format!("/{id}");
    let shown = desk.ask("POST", &format!("{path}/protect")).await;
    assert_eq!((shown.status, &shown.json()["protected"]), (200, &json!(true)));
    let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
    let (_, detail) = desk.world.send("PATCH", &format!("/Users/{id}"), off).await.refusal(403);
    assert!(detail.contains("protected"), "{detail}");
    let group = desk.world.group("Team", &[&id]).await;
    let members = desk.world.get(&format!("/Groups/{group}")).await.json()["members"].clone();
    assert_eq!(members, json!([]));
    let shown = desk.ask("POST", &format!("{path}/unprotect")).await.json();
    assert_eq!(shown["protected"], false);
    assert_eq!(desk.world.delete(&format!("/Users/{id}")).await.status, 204);
}

// Z3
#[actix_web::test]
async fn a_protected_user_does_not_lose_its_access_by_accident() {
    let desk = Desk::new().await;
    let path = format!("/{}", desk.record(&jane()).await);
    desk.ask("POST", &format!("{path}/protect")).await;
    let off = desk.send("PATCH", &path, &json!({"active": false})).await;
    assert!(off.problem(409).1.contains("protected"));
    assert!(desk.ask("DELETE", &path).await.problem(409).1.contains("protected"));
    assert_eq!(desk.send("PATCH", &path, &json!({"displayName": "Root"})).await.status, 200);
}

#[actix_web::test]
async fn a_list_comes_in_pages_and_takes_a_filter() {
    let desk = Desk::new().await;
    let mut names = Vec::new();
    for number in 0..5 {
        names.push(format!("user-{number}"));
        desk.world.user(&names[number]).await;
    }
    let mut seen = Vec::new();
    let mut rest = "?limit=2".to_owned();
    loop {
        let page = desk.ask("GET", &rest).await.json();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|it| it["userName"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        rest = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, names);
    let found = desk.ask("GET", "?filter=userName%20eq%20%22USER-3%22").await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["items"][0]["userName"], "user-3");
    assert!(found["items"][0].get("profile").is_none());
    for query in ["?filter=userName%20eq", "?filtr=x", "?cursor=x", "?limit=0"] {
        assert_eq!(desk.ask("GET", query).await.problem(400).0, "invalid", "{query}");
    }
}

// T1
#[actix_web::test]
async fn another_organizations_user_is_as_unknown_as_nobody() {
    let desk = Desk::new().await;
    let other = desk.world.tenant("Other", Plan::Growth).await;
    let made = desk.world.ask("POST", "/scim/v2/Users").key(&other.token);
    let theirs = made.json(&json!({"userName": "theirs"})).send().await.id();
    let nobody = "01980000-0000-7000-8000-00000000ffff";
    for (method, rest) in [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/protect"),
        ("POST", "/unprotect"),
        ("POST", "/detach"),
        ("POST", "/attach"),
    ] {
        let ask = async |id: &str| {
            let change = json!({"displayName": "x"});
            let answer = desk.send(method, &format!("/{id}{rest}"), &change).await;
            let (code, detail) = answer.problem(404);
            (code, detail.replace(id, "ID"))
        };
        assert_eq!(ask(&theirs).await, ask(nobody).await, "{method} {rest}");
    }
    let found = desk.ask("GET", "?filter=userName%20eq%20%22theirs%22").await.json();
    assert_eq!(found["items"], json!([]));
    for id in ["x", "", "..", "01980000"] {
        assert_eq!(desk.ask("GET", &format!("/{id}")).await.status, 404, "{id}");
    }
}
