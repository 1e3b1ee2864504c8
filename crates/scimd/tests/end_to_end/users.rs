//! Users at the command line, beside a running server.

use serde_json::{Value, json};

use crate::http::Request;
use crate::instance::{Instance, Place};

struct Acme {
    instance: Instance,
    organization: String,
    token: String,
}

impl Acme {
    fn build() -> Self {
        let instance = Place::development().serve();
        let place = &instance.place;
        let made = place.ask(&["organization", "create", "--name", "Acme", "--plan", "growth"]);
        let organization = made["id"].as_str().unwrap().to_owned();
        let key = ["api-key", "create", "--name", "Okta", "--permission", "scim"];
        let made = place.ask(&[&key[..], &["--organization", &organization]].concat());
        let token = made["token"].as_str().unwrap().to_owned();
        Self { instance, organization, token }
    }

    fn ask(&self, words: &[&str]) -> Value {
        let organization = ["--organization", &self.organization];
        self.instance.place.ask(&[words, &organization].concat())
    }

    fn refused(&self, words: &[&str]) -> String {
        let organization = ["--organization", &self.organization];
        self.instance.place.refused(&[words, &organization].concat())
    }

    fn record(&self, name: &str) -> Value {
        let names = ["--given-name", "Alice", "--family-name", "Doe"];
        let mails = ["--email", "alice@acme.example", "--email", "home@alice.example"];
        let words = [&["user", "create", "--user-name", name][..], &names, &mails].concat();
        self.ask(&words)
    }

    fn put(&self, id: &str, body: &Value) -> u16 {
        let path = format!("/scim/v2/Users/{id}");
        self.instance.send(&Request::put(path, body).key(&self.token)).status
    }
}

#[test]
fn a_user_is_recorded_shown_changed_and_deleted() {
    let acme = Acme::build();
    let made = acme.record("Alice@acme.example");
    let id = made["id"].as_str().unwrap();
    assert_eq!(made["name"], json!({ "givenName": "Alice", "familyName": "Doe" }));
    assert_eq!(made["emails"][0]["primary"], true);
    assert_eq!(made["emails"][1]["value"], "home@alice.example");
    let state = |it: &Value| {
        ["source", "managedBy", "locked", "protected", "active"].map(|name| it[name].clone())
    };
    let local = [json!("sign_in"), json!("local"), json!(false), json!(false), json!(true)];
    assert_eq!(state(&made), local);
    assert_eq!(acme.ask(&["user", "show", "--user-name", "alice@ACME.example"]), made);
    assert_eq!(acme.ask(&["user", "show", "--id", id]), made);
    let again = ["--given-name", "A", "--family-name", "D", "--email", "a@acme.example"];
    let again = [&["user", "create", "--user-name", "ALICE@acme.example"][..], &again].concat();
    assert!(acme.refused(&again).contains("already exists"));

    let changed =
        acme.ask(&["user", "update", "--id", id, "--family-name", "Roe", "--external-id", "x"]);
    assert_eq!(
        (&changed["name"]["familyName"], &changed["externalId"]),
        (&json!("Roe"), &json!("x"))
    );
    assert_eq!(acme.ask(&["user", "deactivate", "--id", id])["active"], false);
    assert_eq!(acme.ask(&["user", "activate", "--id", id])["active"], true);
    let found = acme.ask(&["user", "list", "--filter", "externalId eq \"x\""]);
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(acme.ask(&["user", "list", "--filter", "externalId eq \"y\""]), json!([]));
    assert_eq!(acme.ask(&["user", "delete", "--id", id])["deleted"], true);
    assert!(acme.refused(&["user", "show", "--id", id]).contains(id));
}

// Z3
#[test]
fn who_manages_a_user_is_seen_and_changed() {
    let acme = Acme::build();
    let name = ["--user-name", "alice@acme.example"];
    let ask = |verb: &str| acme.ask(&[&["user", verb][..], &name].concat());
    let id = acme.record("alice@acme.example")["id"].as_str().unwrap().to_owned();
    let body = json!({ "userName": "alice@acme.example", "title": "CEO" });
    assert_eq!(acme.put(&id, &body), 200, "who looked it up takes it over");
    let shown = ask("show");
    assert_eq!(
        (&shown["managedBy"], &shown["locked"]),
        (&json!("identity_provider"), &json!(true))
    );
    let refused = acme.refused(&[&["user", "deactivate"][..], &name].concat());
    assert!(refused.contains("detach it first"), "{refused}");

    assert_eq!(ask("protect")["protected"], true);
    assert_eq!(acme.put(&id, &body), 403);
    assert_eq!(ask("unprotect")["protected"], false);
    assert_eq!(ask("detach")["source"], "local");
    assert_eq!(acme.put(&id, &body), 403);
    assert_eq!(ask("deactivate")["active"], false);
    assert_eq!(ask("attach")["managedBy"], "identity_provider");
    let revived = json!({ "userName": "alice@acme.example", "active": true });
    assert_eq!(acme.put(&id, &revived), 200);
    assert_eq!(ask("show")["active"], true);

    let entries = acme.ask(&["audit", "list"]);
    let actions: Vec<_> = entries.as_array().unwrap().iter().map(|it| &it["action"]).collect();
    for action in ["user.adopted", "user.protected", "user.unprotected", "user.detached"] {
        assert!(actions.contains(&&json!(action)), "{action}: {actions:?}");
    }
}
