//! What is decided in one place holds for the very next request in every other.

use serde_json::json;

use crate::started::House;
use crate::world::{Organization, group, merge, patch, references, user};

const USERS: &str = "/scim/v2/Users";
const GROUPS: &str = "/scim/v2/Groups";

on_both!(
    a_revoked_key_is_dead_everywhere,
    a_plan_a_permission_a_role_and_a_setting_count_everywhere_at_once,
    reads_follow_writes_on_every_instance,
);

// A5
fn a_revoked_key_is_dead_everywhere(house: &House) {
    let (started, acme) = house.serve();
    let mut clients = started.clients(&acme.token);
    for client in &mut clients {
        assert_eq!(client.get(USERS).status, 200);
    }
    acme.ask(&house.place, &["api-key", "revoke"], &["--id", &acme.key]);
    for client in &mut clients {
        let refused = client.get(USERS);
        assert!(refused.status == 401 && refused.body.contains("revoked"), "{refused:?}");
        assert_eq!(client.post(USERS, &user("late@acme.example")).status, 401);
    }
    assert_eq!(acme.ask(&house.place, &["user", "list"], &[]), json!([]));
}

// A5
fn a_plan_a_permission_a_role_and_a_setting_count_everywhere_at_once(house: &House) {
    let (started, acme) = house.serve();
    let mut clients = started.clients(&acme.token);
    let mut everywhere = |status: u16, after: &str| {
        for client in &mut clients {
            assert_eq!(client.get(USERS).status, status, "after {after}");
        }
    };
    let plan = |plan| acme.ask(&house.place, &["organization", "set-plan"], &["--plan", plan]);
    let permission = |verb| {
        let words = ["--id", &acme.key, "--permission", "scim"];
        acme.ask(&house.place, &["api-key", verb], &words);
    };
    for _ in 0..3 {
        plan("starter");
        everywhere(403, "the downgrade");
        plan("enterprise");
        everywhere(200, "the upgrade");
        permission("forbid");
        everywhere(403, "the permission was taken");
        permission("permit");
        everywhere(200, "the permission was given");
    }
    roles_count_everywhere(house, &acme, &mut started.clients(&acme.token));
}

/// A new role appears as its home group, and goes with it.
fn roles_count_everywhere(
    house: &House,
    acme: &Organization,
    clients: &mut [crate::client::Client],
) {
    acme.ask(&house.place, &["role", "create"], &["--name", "Case Reviewer"]);
    let find = format!("{GROUPS}?filter=displayName%20eq%20%22Case%20Reviewer%22");
    for client in &mut *clients {
        assert_eq!(client.get(&find).json()["totalResults"], 1);
    }
    acme.ask(&house.place, &["organization", "set-seat-limit"], &["0"]);
    for client in &mut *clients {
        let refused = client.post(USERS, &user("seatless@acme.example"));
        assert_eq!(refused.status, 403, "{refused:?}");
    }
}

fn reads_follow_writes_on_every_instance(house: &House) {
    let (started, acme) = house.serve();
    let mut clients = started.clients(&acme.token);
    for round in 0..9 {
        let at = |step: usize| (round + step) % 3;
        let name = format!("user{round}@acme.example");
        let id = clients[at(0)].create(USERS, &user(&name));
        let path = format!("{USERS}/{id}");
        let find = format!("{USERS}?filter=userName%20eq%20%22{name}%22");
        assert_eq!(clients[at(1)].get(&path).status, 200);
        assert_eq!(clients[at(2)].get(&find).json()["totalResults"], 1);
        let titled = merge(&json!({ "title": format!("Round {round}") }));
        assert_eq!(clients[at(1)].patch(&path, &titled).status, 200);
        assert_eq!(clients[at(0)].get(&path).json()["title"], format!("Round {round}"));
        let team = clients[at(2)].create(GROUPS, &group(&format!("Team {round}"), &[&id]));
        assert_eq!(clients[at(0)].get(&path).json()["groups"][0]["value"], json!(team));
        let remove = patch("remove", "members", &references(&[&id]));
        let team = format!("{GROUPS}/{team}");
        assert_eq!(clients[at(1)].patch(&team, &remove).status, 204);
        assert_eq!(clients[at(2)].get(&team).json()["members"], json!([]));
        assert_eq!(clients[at(2)].delete(&path).status, 204);
        for client in &mut clients {
            assert_eq!(client.get(&path).status, 404);
            assert_eq!(client.get(&find).json()["totalResults"], 0);
        }
    }
}
