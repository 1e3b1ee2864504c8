//! The life of an organization, by commands beside a running server.

use serde_json::{Value, json};

use crate::http::{Answer, Request};
use crate::instance::{Instance, Place, poll};

struct Acme {
    instance: Instance,
    id: String,
    token: String,
}

impl Acme {
    fn new() -> Self {
        let instance = Place::development().serve();
        let create = ["organization", "create", "--name", "Acme", "--plan", "growth"];
        let made = instance.place.ask(&create);
        let id = made["id"].as_str().unwrap().to_owned();
        let key = ["api-key", "create", "--name", "Okta", "--permission", "scim"];
        let key = instance.place.ask(&[&key[..], &["--organization", &id]].concat());
        let token = key["token"].as_str().unwrap().to_owned();
        Self { instance, id, token }
    }

    fn ask(&self, words: &[&str], rest: &[&str]) -> Value {
        let words = [&["organization"], words, &["--organization", &self.id], rest].concat();
        self.instance.place.ask(&words)
    }

    fn refused(&self, words: &[&str], rest: &[&str]) -> String {
        let words = [&["organization"], words, &["--organization", &self.id], rest].concat();
        self.instance.place.refused(&words)
    }

    fn users(&self) -> Answer {
        self.instance.send(&Request::get("/scim/v2/Users").key(&self.token))
    }

    fn create(&self, name: &str) -> Answer {
        let body = json!({ "userName": name });
        self.instance.send(&Request::post("/scim/v2/Users", &body).key(&self.token))
    }

    fn detail(answer: &Answer) -> String {
        answer.json()["detail"].as_str().unwrap().to_owned()
    }
}

#[test]
fn name_and_seats_act_in_the_running_server_at_once() {
    let acme = Acme::new();
    assert_eq!(acme.ask(&["rename"], &["--name", "Acme Inc."])["name"], "Acme Inc.");
    assert_eq!(acme.create("ann").status, 201);
    let limited = acme.ask(&["set-seat-limit"], &["1"]);
    assert_eq!((&limited["seatLimit"], &limited["seatsUsed"]), (&json!(1), &json!(1)));
    let refused = acme.create("bob");
    assert_eq!(refused.status, 403);
    let detail = Acme::detail(&refused);
    assert!(detail.contains("1 active users") && detail.contains("limit is 1"), "{detail}");
    assert!(acme.ask(&["set-seat-limit"], &["none"])["seatLimit"].is_null());
    assert_eq!(acme.create("bob").status, 201);
}

#[test]
fn a_disabled_organization_is_shut_until_it_is_enabled() {
    let acme = Acme::new();
    assert!(acme.ask(&["disable"], &[])["disabled"].is_string());
    let refused = acme.users();
    assert_eq!(refused.status, 403);
    assert!(Acme::detail(&refused).contains("disabled"));
    acme.ask(&["enable"], &[]);
    assert_eq!(acme.users().status, 200);
}

#[test]
fn a_deleted_organization_is_restored_or_erased() {
    let acme = Acme::new();
    assert_eq!(acme.create("ann").status, 201);
    let deleted = acme.ask(&["delete"], &[]);
    assert!(deleted["deletion"]["purge"].is_string(), "{deleted}");
    assert!(Acme::detail(&acme.users()).contains("deleted"));
    assert!(acme.refused(&["enable"], &[]).contains("Restore"));
    acme.ask(&["restore"], &[]);
    assert_eq!(acme.users().status, 200);
    acme.ask(&["delete"], &["--grace", "0s"]);
    assert!(acme.refused(&["restore"], &[]).contains("No organization"));
    // A server erases when it starts, and every half minute.
    let Acme { instance, id, token } = acme;
    let instance = instance.stop().serve();
    let users = || instance.send(&Request::get("/scim/v2/Users").key(&token)).status;
    poll("the organization is erased", || users() == 401);
    let all = instance.place.ask(&["organization", "list"]);
    assert!(!all.to_string().contains(&id), "{all}");
}

// O2
#[test]
fn a_paused_identity_provider_is_told_when_to_come_back() {
    let acme = Acme::new();
    let paused = acme.ask(&["pause"], &["--for", "10m"]);
    assert!(paused["advice"].as_str().unwrap().contains("ten times"), "{paused}");
    let told = acme.users();
    assert_eq!(told.status, 429);
    let detail = Acme::detail(&told);
    let mut words = detail.split(' ');
    let seconds: u64 = words.find_map(|it| it.parse().ok()).unwrap();
    assert!((500..=600).contains(&seconds), "{detail}");
    assert!(acme.ask(&["resume"], &[])["scim"]["pause"].is_null());
    assert_eq!(acme.users().status, 200);
}

#[test]
fn scim_is_switched_off_as_previewed_and_on_again() {
    let acme = Acme::new();
    assert_eq!(acme.create("ann").status, 201);
    let off = ["--users", "deactivate"];
    let preview = acme.ask(&["switch-scim", "off"], &[&off[..], &["--preview"]].concat());
    assert_eq!((&preview["losingAccess"], &preview["apiKeys"]), (&json!(1), &json!(1)));
    assert_eq!(acme.users().status, 200);
    let switched = acme.ask(&["switch-scim", "off"], &off);
    assert_eq!(switched["scim"]["on"], false);
    let refused = acme.create("bob");
    assert!(Acme::detail(&refused).contains("switched off"), "{refused:?}");
    acme.ask(&["switch-scim", "on"], &[]);
    assert_eq!(acme.users().json()["Resources"][0]["active"], false);
}
