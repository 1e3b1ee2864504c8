//! What an organization decides about its groups, roles and attributes holds for the very next
//! request on every instance, and so does that it decides otherwise.

use serde_json::{Value, json};

use crate::client::Client;
use crate::started::{House, Instances};
use crate::world::{Organization, group, merge, patch, references, text, user};

const USERS: &str = "/scim/v2/Users";
const GROUPS: &str = "/scim/v2/Groups";
const BADGE: &str = "urn:acme:Badge:2.0:User";
/// Whatever is remembered of one answer is wrong in the next.
const ROUNDS: usize = 2;

on_both!(
    a_mapped_group_gives_its_role_everywhere,
    roles_that_are_assigned_count_everywhere,
    a_group_in_a_group_counts_everywhere,
    a_declared_schema_is_known_everywhere,
    a_pause_holds_everywhere,
);

/// Those who ask what a user may do, one at each instance.
struct Backend {
    clients: Vec<Client>,
    path: String,
}

impl Backend {
    fn of(house: &House, started: &Instances, acme: &Organization, user_name: &str) -> Self {
        let words = ["--name", "Backend", "--permission", "access.read"];
        let key = text(&acme.ask(&house.place, &["api-key", "create"], &words)["token"]);
        let path = format!("/api/v1/organizations/{}/access?userName={user_name}", acme.id);
        Self { clients: started.clients(&key), path }
    }

    fn assert_roles(&mut self, roles: &[&str]) {
        for client in &mut self.clients {
            let access = client.get(&self.path);
            assert_eq!(access.status, 200, "{access:?}");
            assert_eq!(access.json()["roles"], json!(roles), "{access:?}");
        }
    }
}

fn a_mapped_group_gives_its_role_everywhere(house: &House) {
    let (started, acme) = house.serve();
    let mut clients = started.clients(&acme.token);
    let ann = clients[0].create(USERS, &user("ann@acme.example"));
    let crew = clients[1].create(GROUPS, &group("Crew", &[&ann]));
    let mut backend = Backend::of(house, &started, &acme, "ann@acme.example");
    let words = ["--group", &crew, "--role", "analyst"];
    backend.assert_roles(&[]);
    for _ in 0..ROUNDS {
        acme.ask(&house.place, &["group", "map"], &words);
        backend.assert_roles(&["analyst"]);
        acme.ask(&house.place, &["group", "unmap"], &words);
        backend.assert_roles(&[]);
    }
    acme.ask(&house.place, &["group", "map"], &words);
    for (number, client) in clients.iter_mut().enumerate() {
        let (name, path) = (format!("new{number}@acme.example"), format!("{GROUPS}/{crew}"));
        let id = client.create(USERS, &user(&name));
        let added = client.patch(&path, &patch("add", "members", &references(&[&id])));
        assert_eq!(added.status, 204, "{added:?}");
        Backend::of(house, &started, &acme, &name).assert_roles(&["analyst"]);
    }
}

fn roles_that_are_assigned_count_everywhere(house: &House) {
    let (started, acme) = house.serve();
    let mut clients = started.clients(&acme.token);
    let mut ann = user("ann@acme.example");
    ann["roles"] = json!([{ "value": "analyst" }]);
    let path = format!("{USERS}/{}", clients[0].create(USERS, &ann));
    let mut backend = Backend::of(house, &started, &acme, "ann@acme.example");
    let mut holds = |what: &str, roles: &[&str], status: u16| {
        acme.ask(&house.place, &["organization", "set-entitlements"], &[what]);
        for client in &mut clients {
            assert_eq!(client.get("/scim/v2/Roles").status, status);
        }
        backend.assert_roles(roles);
        // Whoever writes next goes by it as well.
        for (number, client) in clients.iter_mut().enumerate() {
            let titled = merge(&json!({ "title": format!("{what} {number}") }));
            assert_eq!(client.patch(&path, &titled).status, 200);
            backend.assert_roles(roles);
        }
    };
    for _ in 0..ROUNDS {
        holds("assign", &["analyst"], 200);
        holds("ignore", &[], 404);
    }
}

fn a_group_in_a_group_counts_everywhere(house: &House) {
    let (started, acme) = house.serve();
    let mut clients = started.clients(&acme.token);
    let ann = clients[0].create(USERS, &user("ann@acme.example"));
    let low = clients[1].create(GROUPS, &group("Low", &[&ann]));
    let high = clients[2].create(GROUPS, &group("High", &[]));
    acme.ask(&house.place, &["group", "map"], &["--group", &high, "--role", "analyst"]);
    let mut backend = Backend::of(house, &started, &acme, "ann@acme.example");
    let path = format!("{GROUPS}/{high}");
    let mut holds = |what: &str, roles: &[&str]| {
        acme.ask(&house.place, &["organization", "set-nested-groups"], &[what]);
        for client in &mut clients {
            let add = patch("add", "members", &references(&[&low]));
            let added = client.patch(&path, &add);
            // One that must not be a member is left out, as one that is unknown.
            assert_eq!(added.status, 204, "{added:?}");
            backend.assert_roles(roles);
            let none = client.patch(&path, &patch("replace", "members", &json!([])));
            assert_eq!(none.status, 204, "{none:?}");
            backend.assert_roles(&[]);
        }
    };
    for _ in 0..ROUNDS {
        holds("refuse", &[]);
        holds("allow", &["analyst"]);
    }
}

/// Declares the schema, or changes it.
fn declare(house: &House, acme: &Organization, words: &[&str], attributes: &Value) {
    let file = house.place.path("badge.json");
    let declaration = json!({ "id": BADGE, "name": "Badge", "attributes": attributes });
    std::fs::write(&file, declaration.to_string()).unwrap();
    acme.ask(&house.place, words, &["--file", file.to_str().unwrap()]);
}

fn a_declared_schema_is_known_everywhere(house: &House) {
    let (started, acme) = house.serve();
    let mut clients = started.clients(&acme.token);
    let schema = format!("/scim/v2/Schemas/{BADGE}");
    // What was sent under the schema, and what of it came back.
    let create = |client: &mut Client, name: &str| {
        let mut sent = user(name);
        sent[BADGE] = json!({ "number": "7", "colour": "red" });
        let id = client.create(USERS, &sent);
        (id.clone(), client.get(&format!("{USERS}/{id}")).json()[BADGE].clone())
    };
    for round in 0..ROUNDS {
        for client in &mut clients {
            assert_eq!(client.get(&schema).status, 404, "round {round}");
        }
        let steps: [(&[&str], Value, Value); 2] = [
            (
                &["schema", "declare", "--resource-type", "User"],
                json!([{ "name": "number" }]),
                json!({ "number": "7" }),
            ),
            (
                &["schema", "update"],
                json!([{ "name": "number" }, { "name": "colour" }]),
                json!({ "number": "7", "colour": "red" }),
            ),
        ];
        let mut ids = Vec::new();
        for (words, attributes, expected) in steps {
            declare(house, &acme, words, &attributes);
            for (number, client) in clients.iter_mut().enumerate() {
                assert_eq!(client.get(&schema).status, 200);
                let (id, kept) = create(client, &format!("{round}-{}-{number}", ids.len()));
                assert_eq!(kept, expected, "{words:?} at {number}");
                ids.push(id);
            }
        }
        for id in ids {
            assert_eq!(clients[0].delete(&format!("{USERS}/{id}")).status, 204);
        }
        acme.ask(&house.place, &["schema", "remove"], &["--schema", BADGE]);
    }
}

fn a_pause_holds_everywhere(house: &House) {
    let (started, acme) = house.serve();
    let mut clients = started.clients(&acme.token);
    for _ in 0..ROUNDS {
        acme.ask(&house.place, &["organization", "pause"], &["--for", "90s"]);
        for client in &mut clients {
            let refused = client.get(USERS);
            assert_eq!(refused.status, 429, "{refused:?}");
            let seconds: u32 = refused.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=90).contains(&seconds), "{refused:?}");
            assert_eq!(client.post(USERS, &user("paused@acme.example")).status, 429);
        }
        acme.ask(&house.place, &["organization", "resume"], &[]);
        for client in &mut clients {
            assert_eq!(client.get(USERS).status, 200);
        }
    }
}
