//! Groups, roles and mapping rules from the command line, beside a running server.

use serde_json::{Value, json};

use crate::http::Request;
use crate::instance::{Instance, Place};

struct Acme {
    instance: Instance,
    organization: String,
    token: String,
}

impl Acme {
    fn new() -> Self {
        let instance = Place::development().serve();
        let made =
            instance.place.ask(&["organization", "create", "--name", "Acme", "--plan", "growth"]);
        let organization = made["id"].as_str().unwrap().to_owned();
        let key = ["api-key", "create", "--name", "Okta", "--permission", "scim"];
        let made = instance.place.ask(&[&key[..], &["--organization", &organization]].concat());
        let token = made["token"].as_str().unwrap().to_owned();
        Self { instance, organization, token }
    }

    fn ask(&self, words: &[&str]) -> Value {
        self.instance.place.ask(&[words, &["--organization", &self.organization]].concat())
    }

    fn refused(&self, words: &[&str]) -> String {
        self.instance.place.refused(&[words, &["--organization", &self.organization]].concat())
    }

    fn create(&self, path: &str, body: &Value) -> String {
        let created = self.instance.send(&Request::post(path, body).key(&self.token));
        assert_eq!(created.status, 201, "{created:?}");
        created.json()["id"].as_str().unwrap().to_owned()
    }

    fn user(&self, name: &str) -> String {
        self.create("/scim/v2/Users", &json!({ "userName": name }))
    }

    fn push(&self, name: &str, user: &str) -> String {
        let body = json!({ "displayName": name, "members": [{ "value": user }] });
        self.create("/scim/v2/Groups", &body)
    }

    fn roles(&self, name: &str) -> Value {
        self.ask(&["access", "show", "--user-name", name])["roles"].clone()
    }
}

#[test]
fn a_rule_maps_new_groups_from_the_moment_it_is_switched_on() {
    let acme = Acme::new();
    let user = acme.user("jane");
    let rule = acme.ask(&["mapping-rule", "create", "--prefix", "eng-", "--role", "developer"]);
    assert_eq!((&rule["matching"], &rule["role"]), (&json!("prefix"), &json!("developer")));
    acme.push("Eng-Berlin", &user);
    assert_eq!(acme.roles("jane"), json!([]));
    let found = acme.ask(&["mapping-rule", "preview", "--prefix", "eng-"]);
    assert_eq!(found[0]["displayName"], "Eng-Berlin");
    let switched = acme.ask(&["organization", "set-mapping-rules", "on"]);
    assert_eq!(switched["mappingRules"], true);
    acme.push("Eng-Paris", &user);
    assert_eq!(acme.roles("jane"), json!(["developer"]));
    let id = rule["id"].as_str().unwrap();
    let changed = acme.ask(&["mapping-rule", "update", "--id", id, "--exact", "Eng"]);
    assert_eq!((&changed["matching"], &changed["name"]), (&json!("exact"), &json!("Eng")));
    assert_eq!(acme.ask(&["mapping-rule", "list"])[0]["id"], id);
    acme.ask(&["mapping-rule", "delete", "--id", id]);
    assert_eq!(acme.ask(&["mapping-rule", "list"]), json!([]));
    assert_eq!(acme.roles("jane"), json!(["developer"]));
    let refused = acme.refused(&["mapping-rule", "delete", "--id", id]);
    assert!(refused.contains("No mapping rule"), "{refused}");
}

#[test]
fn a_group_is_changed_here_only_while_no_identity_provider_manages_it() {
    let acme = Acme::new();
    let (jane, john) = (acme.user("jane"), acme.user("john"));
    let group = acme.push("Team", &jane);
    let shown = acme.ask(&["group", "show", "--group", &group]);
    assert_eq!(
        (&shown["managedBy"], &shown["locked"]),
        (&json!("identity_provider"), &json!(true))
    );
    let add = ["group", "add-member", "--group", &group, "--member", &john];
    let refused = acme.refused(&add);
    assert!(refused.contains("managed by the identity provider"), "{refused}");
    let detached = acme.ask(&["group", "detach", "--group", &group]);
    assert_eq!((&detached["managedBy"], &detached["members"]), (&json!("local"), &json!(1)));
    assert_eq!(acme.ask(&add)["members"], 2);
    let members = acme.ask(&["group", "members", "--group", &group]);
    let names: Vec<_> = members.as_array().unwrap().iter().map(|it| &it["userName"]).collect();
    assert_eq!(names, ["jane", "john"]);
    let rest = acme.ask(&["group", "members", "--group", &group, "--after", &jane]);
    assert_eq!(rest[0]["id"], *john);
    acme.ask(&["group", "remove-member", "--group", &group, "--member", &jane]);
    let left = acme.ask(&["group", "members", "--group", &group, "--limit", "1"]);
    assert_eq!(left[0]["userName"], "john");
}

#[test]
fn roles_tell_who_holds_them_and_what_deleting_them_would_do() {
    let acme = Acme::new();
    let user = acme.user("jane");
    let made = acme.ask(&["role", "create", "--name", "Owner", "--privileged"]);
    assert_eq!((&made["privileged"], &made["holders"]), (&json!(true), &json!(0)));
    let group = acme.push("Team", &user);
    acme.ask(&["group", "map", "--group", &group, "--role", "owner"]);
    let shown = acme.ask(&["role", "show", "--role", "owner"]);
    assert_eq!((&shown["groups"], &shown["holders"]), (&json!(2), &json!(1)));
    let holders = acme.ask(&["role", "holders", "--role", "owner"]);
    assert_eq!(holders[0]["userName"], "jane");
    let preview = acme.ask(&["role", "delete", "--role", "owner", "--preview"]);
    assert_eq!((&preview["holders"], &preview["homeGroupGoes"]), (&json!(1), &json!(true)));
    assert_eq!(acme.roles("jane"), json!(["owner"]));
    let update = ["role", "update", "--role", "owner", "--privileged", "false"];
    assert_eq!(acme.ask(&update)["privileged"], false);
    let refused = acme.refused(&["role", "update", "--role", "admin", "--privileged", "false"]);
    assert!(refused.contains("built in"), "{refused}");
    acme.ask(&["role", "delete", "--role", "owner"]);
    assert_eq!(acme.roles("jane"), json!([]));
}
