//! Schemas of an organization's own, from the command line into a running server.

use serde_json::{Value, json};

use crate::http::Request;
use crate::instance::{Instance, Place};

const BADGE: &str = "urn:acme:Badge:2.0:User";

struct Acme {
    instance: Instance,
    organization: String,
    token: String,
}

impl Acme {
    fn new() -> Self {
        let instance = Place::development().serve();
        let place = &instance.place;
        let made = place.ask(&["organization", "create", "--name", "Acme", "--plan", "growth"]);
        let organization = made["id"].as_str().unwrap().to_owned();
        let key = ["api-key", "create", "--name", "Okta", "--permission", "scim", "--organization"];
        let made = place.ask(&[&key[..], &[&organization]].concat());
        let token = made["token"].as_str().unwrap().to_owned();
        Self { instance, organization, token }
    }

    fn words<'a>(&'a self, words: &[&'a str]) -> Vec<&'a str> {
        [&["schema"], words, &["--organization", &self.organization]].concat()
    }

    /// A declaration as a file.
    fn file(&self, attributes: &Value) -> String {
        let path = self.instance.place.path("badge.json");
        let declaration = json!({ "id": BADGE, "name": "Badge", "attributes": attributes });
        std::fs::write(&path, declaration.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn ask(&self, words: &[&str]) -> Value {
        self.instance.place.ask(&self.words(words))
    }

    fn refused(&self, words: &[&str]) -> String {
        self.instance.place.refused(&self.words(words))
    }

    fn found(&self, number: &str) -> Value {
        let path = format!("/scim/v2/Users?filter={BADGE}:number+eq+%22{number}%22");
        self.instance.send(&Request::get(&path).key(&self.token)).json()["totalResults"].clone()
    }
}

#[test]
fn a_declared_schema_works_in_the_running_server_at_once() {
    let acme = Acme::new();
    let file = acme.file(&json!([{ "name": "number" }, { "name": "tags", "multiValued": true }]));
    let declare = ["declare", "--resource-type", "User", "--file", &file];
    let declared = acme.ask(&declare);
    assert_eq!((&declared["id"], &declared["resourceType"]), (&json!(BADGE), &json!("User")));
    assert!(acme.refused(&declare).contains("exists already"));

    let body = json!({ "userName": "jane", BADGE: { "number": "Ab7" } });
    let made = acme.instance.send(&Request::post("/scim/v2/Users", &body).key(&acme.token));
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.json()[BADGE]["number"], "Ab7");
    assert_eq!(acme.found("ab7"), 1);

    let file = acme.file(&json!([
        { "name": "number", "indexed": true },
        { "name": "tags", "multiValued": true },
        { "name": "since", "type": "dateTime" },
    ]));
    let updated = acme.ask(&["update", "--file", &file]);
    assert_eq!(updated["indexing"], json!([]), "the command builds the index");
    assert_eq!(updated["definition"]["attributes"][0]["indexed"], true);
    assert_eq!(acme.found("ab7"), 1);
    assert_eq!(acme.ask(&["list"]), json!([updated]));
    assert_eq!(acme.ask(&["show", "--schema", BADGE]), updated);

    let refused = acme.refused(&["remove", "--schema", BADGE]);
    assert!(refused.contains("1 user(s) have values"), "{refused}");
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let gone =
        acme.instance.send(&Request::delete(format!("/scim/v2/Users/{id}")).key(&acme.token));
    assert_eq!(gone.status, 204);
    assert_eq!(acme.ask(&["remove", "--schema", BADGE])["removed"], true);
    assert_eq!(acme.ask(&["list"]), json!([]));
    let actions = acme.instance.place.ask(&["audit", "list", "--organization", &acme.organization]);
    for action in ["schema.declared", "schema.updated", "schema.indexed", "schema.removed"] {
        assert!(actions.to_string().contains(action), "{action}: {actions}");
    }
}

#[test]
fn a_declaration_that_breaks_a_rule_is_refused_in_one_line() {
    let acme = Acme::new();
    let file = acme.file(&json!([{ "name": "number", "uniqueness": "server" }]));
    let refused = acme.refused(&["declare", "--resource-type", "User", "--file", &file]);
    assert!(refused.contains("The attribute number cannot be declared so"), "{refused}");
    let file = acme.file(&json!([{ "name": "number", "indexed": true }]));
    let refused = acme.refused(&["declare", "--resource-type", "Group", "--file", &file]);
    assert!(refused.contains("groups are searched without an index"), "{refused}");
    let missing = acme.refused(&["declare", "--resource-type", "User", "--file", "nothing.json"]);
    assert!(missing.contains("nothing.json"), "{missing}");
    acme.refused(&["show", "--schema", BADGE]);
    let output = acme.instance.place.run(&acme.words(&["list"]));
    assert!(crate::instance::text(&output.stdout).contains("scimd schema declare"));
}
