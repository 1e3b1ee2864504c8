//! What an identity provider cannot take for its users by asking for it.

use serde_json::{Value, json};

use crate::client::Client;
use crate::instance::{Instance, Place};
use crate::world::{Organization, group, merge, patch, references, user};

struct Acme {
    instance: Instance,
    organization: Organization,
    client: Client,
}

impl Acme {
    fn build() -> Self {
        let instance = Place::development().serve();
        let organization = Organization::create(&instance.place, "Acme");
        let client = organization.client(&instance);
        Self { instance, organization, client }
    }

    fn ask(&self, words: &[&str], rest: &[&str]) -> Value {
        self.organization.ask(&self.instance.place, words, rest)
    }

    fn access(&self, name: &str) -> Value {
        self.ask(&["access", "show"], &["--user-name", name])
    }

    fn assert_powerless(&self, name: &str, after: &Value) {
        let access = self.access(name);
        assert_eq!(access["roles"], json!([]), "after {after}");
        assert_eq!(access["permissions"], json!([]), "after {after}");
        assert_eq!(access["through"], json!([]), "after {after}");
    }

    /// The home group of a role.
    fn home(&self, role: &str) -> String {
        let roles = self.ask(&["role", "list"], &[]);
        let found = roles.as_array().unwrap().iter().find(|it| it["key"] == role).unwrap();
        found["homeGroup"].as_str().unwrap().to_owned()
    }
}

/// Everything that sounds like power.
fn claims(home: &str) -> Value {
    json!({
        "id": "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f",
        "roles": [{ "value": "admin", "display": "Admin", "type": "role", "primary": true }],
        "groups": [{ "value": home, "display": "Admin", "type": "direct" }],
        "entitlements": [{ "value": "admin" }, { "value": "*" }],
        "userType": "Admin",
        "title": "Admin",
        "active": true,
        "permissions": ["*"],
        "protected": true,
        "source": "sign_in",
        "organization": "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f",
        "meta": { "resourceType": "Admin", "version": "W/\"99\"" },
    })
}

// Z1
#[test]
fn claims_about_oneself_give_no_power() {
    let mut acme = Acme::build();
    let home = acme.home("admin");
    let claims = claims(&home);
    let name = "mallory@acme.example";
    let mut mallory = user(name);
    mallory.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    let id = acme.client.create("/scim/v2/Users", &mallory);
    assert_ne!(id, claims["id"]);
    acme.assert_powerless(name, &mallory);

    let path = format!("/scim/v2/Users/{id}");
    assert_eq!(acme.client.put(&path, &mallory).status, 200);
    acme.assert_powerless(name, &mallory);
    assert_eq!(acme.client.patch(&path, &merge(&claims)).status, 200);
    acme.assert_powerless(name, &claims);
    for (member, value) in claims.as_object().unwrap() {
        for operation in ["add", "replace"] {
            let asked = patch(operation, member, value);
            let reply = acme.client.patch(&path, &asked);
            assert!(matches!(reply.status, 200 | 400), "{asked}: {reply:?}");
            acme.assert_powerless(name, &asked);
        }
    }
    let shown = acme.client.get(&path).json();
    assert_eq!(shown["id"], id);
    assert!(shown["groups"].as_array().is_none_or(Vec::is_empty), "{shown}");
    let summary = acme.ask(&["user", "show"], &["--user", &id]);
    assert_eq!((&summary["protected"], &summary["source"]), (&json!(false), &json!("scim")));
    assert_eq!(acme.client.get(&format!("/scim/v2/Groups/{home}")).json()["members"], json!([]));

    // Nor do the same claims about a group.
    let mut team = group("Team", &[&id]);
    team.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    acme.client.create("/scim/v2/Groups", &team);
    acme.assert_powerless(name, &team);
}

// Z2
#[test]
fn a_group_with_the_name_of_a_role_gives_no_power() {
    let mut acme = Acme::build();
    let name = "mallory@acme.example";
    let id = acme.client.create("/scim/v2/Users", &user(name));
    // While the home group has the name, nobody else gets it, however it is written.
    for taken in ["Admin", "ADMIN", " admin ", "\u{ff21}dmin"] {
        let reply = acme.client.post("/scim/v2/Groups", &group(taken, &[&id]));
        assert_eq!(reply.status, 409, "{taken}: {reply:?}");
    }
    // Linked, as Okta does it, the home group has another name; the role's is free for a group.
    let home = format!("/scim/v2/Groups/{}", acme.home("admin"));
    let linked = acme.client.patch(&home, &patch("replace", "displayName", &json!("Okta Admins")));
    assert!(matches!(linked.status, 200 | 204), "{linked:?}");
    let pushed = acme.client.create("/scim/v2/Groups", &group("Admin", &[&id]));
    acme.assert_powerless(name, &json!("creating Admin"));
    let path = format!("/scim/v2/Groups/{pushed}");
    for renamed in ["admin", "Analyst (role)", "developer ", "Admin"] {
        let reply = acme.client.patch(&path, &patch("replace", "displayName", &json!(renamed)));
        assert!(matches!(reply.status, 204 | 409), "{renamed}: {reply:?}");
        acme.assert_powerless(name, &json!(renamed));
        let reply = acme.client.put(&path, &group(renamed, &[&id]));
        assert!(matches!(reply.status, 200 | 409), "{renamed}: {reply:?}");
        acme.assert_powerless(name, &json!(renamed));
    }
    // The role hangs on the home group's id, whatever its name.
    acme.client.patch(&home, &patch("add", "members", &references(&[&id])));
    assert_eq!(acme.access(name)["roles"], json!(["admin"]));
}

// Z3
#[test]
fn a_protected_administrator_is_out_of_reach_on_every_way() {
    let mut acme = Acme::build();
    let name = "root@acme.example";
    let home = acme.home("admin");
    let id = acme.client.create("/scim/v2/Users", &user(name));
    let admins = format!("/scim/v2/Groups/{home}");
    acme.client.patch(&admins, &patch("add", "members", &references(&[&id])));
    acme.ask(&["user", "protect"], &["--id", &id]);
    let path = format!("/scim/v2/Users/{id}");
    let before = acme.client.get(&path).json();

    let off = merge(&json!({ "active": false }));
    let mut away = user("away@acme.example");
    away["active"] = json!(false);
    let operation = |method: &str, data: &Value| json!({ "method": method, "path": format!("/Users/{id}"), "data": data });
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [operation("PUT", &away), operation("PATCH", &off), operation("DELETE", &Value::Null)],
    });
    for (method, path, body, status) in [
        ("PUT", &path, &away, 403),
        ("PATCH", &path, &off, 403),
        ("DELETE", &path, &Value::Null, 403),
        ("POST", &"/scim/v2/Users".to_owned(), &user(name), 409),
        ("DELETE", &admins, &Value::Null, 403),
    ] {
        let reply = acme.client.send(method, path, &[], (!body.is_null()).then_some(body));
        assert_eq!(reply.status, status, "{method} {path}: {reply:?}");
        assert!(reply.body.contains("protected"), "{method} {path}: {reply:?}");
    }
    let reply = acme.client.post("/scim/v2/Bulk", &bulk).json();
    for at in 0..3 {
        assert_eq!(reply["Operations"][at]["status"], "403", "{reply}");
    }
    for push in [
        patch("remove", &format!("members[value eq \"{id}\"]"), &Value::Null),
        patch("replace", "members", &json!([])),
    ] {
        assert!(matches!(acme.client.patch(&admins, &push).status, 200 | 204));
        assert_eq!(acme.access(name)["roles"], json!(["admin"]), "after {push}");
    }
    assert_eq!(acme.client.put(&admins, &group("Admin", &[])).status, 200);
    assert_eq!(acme.access(name)["roles"], json!(["admin"]));
    assert_eq!(acme.client.get(&path).json(), before);
}

// Z5
#[test]
fn after_the_plan_is_lost_access_can_be_taken_away_and_nothing_else() {
    let mut acme = Acme::build();
    let home = format!("/scim/v2/Groups/{}", acme.home("admin"));
    let [alice, bob, carol] = ["alice", "bob", "carol"]
        .map(|name| acme.client.create("/scim/v2/Users", &user(&format!("{name}@acme.example"))));
    acme.client.patch(&home, &patch("add", "members", &references(&[&alice, &bob, &carol])));
    let dormant = acme.client.create("/scim/v2/Users", &user("dormant@acme.example"));
    let dormant = format!("/scim/v2/Users/{dormant}");
    acme.client.patch(&dormant, &patch("replace", "active", &json!(false)));
    let extra = acme.client.create("/scim/v2/Groups", &group("Extra", &[]));
    acme.ask(&["organization", "set-plan"], &["--plan", "starter"]);
    for name in ["alice@acme.example", "bob@acme.example"] {
        assert_eq!(acme.access(name)["roles"], json!(["admin"]), "losing a plan revokes nothing");
    }

    let path = format!("/scim/v2/Users/{alice}");
    let extra = format!("/scim/v2/Groups/{extra}");
    let refused: [(&str, &str, Value); 10] = [
        ("GET", "/scim/v2/Users", Value::Null),
        ("GET", "/scim/v2/Groups?filter=displayName%20sw%20%22A%22", Value::Null),
        ("POST", "/scim/v2/Users", user("new@acme.example")),
        ("POST", "/scim/v2/Groups", group("New", &[&alice])),
        ("PUT", &path, user("alice2@acme.example")),
        ("PATCH", &path, patch("replace", "title", &json!("Boss"))),
        ("PATCH", &dormant, patch("replace", "active", &json!(true))),
        ("PATCH", &extra, patch("add", "members", &references(&[&alice]))),
        ("PATCH", &extra, patch("replace", "displayName", &json!("Else"))),
        ("GET", "/scim/v2/ServiceProviderConfig", Value::Null),
    ];
    for (method, path, body) in refused {
        let reply = acme.client.send(method, path, &[], (!body.is_null()).then_some(&body));
        assert_eq!(reply.status, 403, "{method} {path}: {reply:?}");
        assert!(reply.body.contains("Starter"), "{method} {path}: {reply:?}");
    }
    assert_eq!(acme.ask(&["user", "list"], &[]).as_array().unwrap().len(), 4);

    // Reading what is to be taken away, and taking it away: nothing else of the request applies.
    assert_eq!(acme.client.get(&path).status, 200);
    let found = acme.client.get("/scim/v2/Users?filter=userName%20eq%20%22bob@acme.example%22");
    assert_eq!(found.json()["totalResults"], 1, "{found:?}");
    let mut gone = user("renamed@acme.example");
    gone["active"] = json!(false);
    assert_eq!(acme.client.put(&path, &gone).status, 200);
    let alice = acme.access("alice@acme.example");
    assert_eq!((&alice["active"], &alice["roles"]), (&json!(false), &json!([])), "{alice}");
    let leave = patch("remove", &format!("members[value eq \"{bob}\"]"), &Value::Null);
    assert!(matches!(acme.client.patch(&home, &leave).status, 200 | 204));
    assert_eq!(acme.access("bob@acme.example")["roles"], json!([]));
    assert_eq!(acme.client.delete(&format!("/scim/v2/Users/{carol}")).status, 204);
    assert_eq!(acme.client.delete(&extra).status, 204);
    assert_eq!(acme.ask(&["user", "list"], &[]).as_array().unwrap().len(), 3);
}
