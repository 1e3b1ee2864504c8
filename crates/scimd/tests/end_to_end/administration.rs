//! Commands beside a running server: they take effect in it at once.

use serde_json::{Value, json};

use crate::http::Request;
use crate::instance::{Instance, Place, text};

pub struct Acme {
    pub instance: Instance,
    pub organization: String,
    pub key: String,
    pub token: String,
}

impl Acme {
    pub fn on(plan: &str) -> Self {
        let instance = Place::development().serve();
        let made =
            instance.place.ask(&["organization", "create", "--name", "Acme", "--plan", plan]);
        let organization = made["id"].as_str().unwrap().to_owned();
        let made = instance.place.ask(&[
            "api-key",
            "create",
            "--organization",
            &organization,
            "--name",
            "Okta",
        ]);
        let [key, token] = ["id", "token"].map(|member| made[member].as_str().unwrap().to_owned());
        Self { instance, organization, key, token }
    }

    pub fn ask(&self, words: &[&str], rest: &[&str]) -> Value {
        let words = [words, &["--organization", &self.organization], rest].concat();
        self.instance.place.ask(&words)
    }

    pub fn refused(&self, words: &[&str], rest: &[&str]) -> String {
        let words = [words, &["--organization", &self.organization], rest].concat();
        self.instance.place.refused(&words)
    }

    fn users(&self) -> u16 {
        self.instance.send(&Request::get("/scim/v2/Users").key(&self.token)).status
    }

    pub fn create(&self, path: &str, body: &Value) -> String {
        let created = self.instance.send(&Request::post(path, body).key(&self.token));
        assert_eq!(created.status, 201, "{created:?}");
        created.json()["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_key_works_as_long_as_it_is_permitted() {
    let acme = Acme::on("growth");
    assert_eq!(acme.users(), 403, "no permission unless it is given");
    acme.ask(&["api-key", "permit"], &["--id", &acme.key, "--permission", "scim"]);
    assert_eq!(acme.users(), 200);
    acme.ask(&["api-key", "forbid"], &["--id", &acme.key, "--permission", "scim"]);
    assert_eq!(acme.users(), 403);
    acme.instance.place.ask(&["api-key", "permit", "--id", &acme.key, "--permission", "scim"]);
    assert_eq!(acme.users(), 200, "the organization need not be named");
    acme.ask(&["api-key", "revoke"], &["--id", &acme.key]);
    assert_eq!(acme.users(), 401);
    let listed = acme.ask(&["api-key", "list"], &[]);
    assert_eq!(listed[0]["id"], *acme.key);
    assert!(listed[0].get("token").is_none());
}

#[test]
fn a_plan_below_growth_is_without_scim() {
    let acme = Acme::on("starter");
    acme.ask(&["api-key", "permit"], &["--id", &acme.key, "--permission", "scim"]);
    assert_eq!(acme.users(), 403);
    acme.ask(&["organization", "set-plan"], &["--plan", "growth"]);
    assert_eq!(acme.users(), 200);
    assert_eq!(acme.ask(&["organization", "show"], &[])["plan"], "growth");
}

// A5
#[test]
fn a_rotated_key_overlaps_with_its_successor() {
    let acme = Acme::on("growth");
    acme.ask(&["api-key", "permit"], &["--id", &acme.key, "--permission", "scim"]);
    let made = acme.ask(&["api-key", "rotate"], &["--id", &acme.key, "--overlap", "24h"]);
    let successor = made["token"].as_str().unwrap();
    assert_eq!(acme.users(), 200);
    let users = acme.instance.send(&Request::get("/scim/v2/Users").key(successor));
    assert_eq!(users.status, 200, "{users:?}");
    let id = made["id"].as_str().unwrap();
    let again = acme.ask(&["api-key", "rotate"], &["--id", id, "--overlap", "0s"]);
    assert_eq!(acme.instance.send(&Request::get("/scim/v2/Users").key(successor)).status, 401);
    assert!(again["token"].is_string());
}

#[test]
fn limits_and_addresses_of_a_key_take_effect_at_once() {
    let acme = Acme::on("growth");
    acme.ask(&["api-key", "permit"], &["--id", &acme.key, "--permission", "scim"]);
    let elsewhere = ["--id", &acme.key, "--allow-address", "203.0.113.0/24"];
    let key = acme.ask(&["api-key", "set-addresses"], &elsewhere);
    assert_eq!(key["allowedAddresses"], json!(["203.0.113.0/24"]));
    assert_eq!(acme.users(), 403);
    acme.ask(&["api-key", "set-addresses"], &["--id", &acme.key, "--from-anywhere"]);
    assert_eq!(acme.users(), 200);

    let limits = ["--id", &acme.key, "--users-only", "--deny-role", "admin"];
    let key = acme.ask(&["api-key", "set-limits"], &limits);
    assert_eq!(key["limits"], json!({ "usersOnly": true, "deniedRoles": ["admin"] }));
    let team = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Team",
    });
    let post = || Request::post("/scim/v2/Groups", &team).key(&acme.token);
    assert_eq!(acme.instance.send(&post()).status, 403);
    let unknown = ["--id", &acme.key, "--deny-role", "amdin"];
    assert!(acme.refused(&["api-key", "set-limits"], &unknown).contains("\"amdin\""));
    acme.ask(&["api-key", "set-limits"], &["--id", &acme.key, "--none"]);
    assert_eq!(acme.instance.send(&post()).status, 201);

    let change = ["--id", &acme.key, "--name", "Okta (new)", "--expires-in", "90d"];
    acme.ask(&["api-key", "update"], &change);
    let shown = acme.ask(&["api-key", "show"], &["--id", &acme.key]);
    assert_eq!(shown["name"], "Okta (new)");
    assert!(shown["expires"].is_string());
    // For people: every value below the one above it.
    let words = ["api-key", "show", "--organization", &acme.organization, "--id", &acme.key];
    let said = text(&acme.instance.place.run(&words).stdout);
    let value = |line: &str| {
        let name = line.find(':').unwrap() + 1;
        name + line[name..].find(|it| it != ' ').unwrap()
    };
    let columns: std::collections::BTreeSet<_> = said.lines().map(value).collect();
    assert!(columns.len() == 1 && said.contains("last used:"), "{said}");
}

#[test]
fn an_operator_key_manages_and_is_none_for_scim() {
    let place = Place::development();
    let instance = place.serve();
    let place = &instance.place;
    let words = ["operator-key", "create", "--name", "Backend"];
    let made = place.ask(&[&words[..], &["--permission", "organization.read"]].concat());
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert_eq!(made["organization"], json!(null));
    let get = |path: &str, token: &str| instance.send(&Request::get(path).key(token)).status;
    assert_eq!(get("/api/v1/organizations", token), 200);
    assert_eq!(get("/api/v1/api-keys", token), 403);
    assert_eq!(get("/scim/v2/Users", token), 403);
    place.ask(&["operator-key", "permit", "--id", id, "--permission", "api_keys.read"]);
    assert_eq!(get("/api/v1/api-keys", token), 200);
    let refused = place.refused(&["operator-key", "permit", "--id", id, "--permission", "scim"]);
    assert!(refused.contains("scim"), "{refused}");
    let next = place.ask(&["operator-key", "rotate", "--id", id, "--overlap", "0s"]);
    assert_eq!(get("/api/v1/api-keys", token), 401);
    let (id, token) = (next["id"].as_str().unwrap(), next["token"].as_str().unwrap());
    assert_eq!(get("/api/v1/api-keys", token), 200);
    place.ask(&["operator-key", "revoke", "--id", id]);
    assert_eq!(get("/api/v1/api-keys", token), 401);
    let listed = place.ask(&["operator-key", "list"]);
    let states: Vec<_> = listed.as_array().unwrap().iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["expired", "revoked"]);
    let sections = place.ask(&["api-key", "permissions"]);
    assert_eq!(sections[0]["permissions"][0]["title"], "Use API key for SCIM");
}

#[test]
fn a_mapped_group_gives_its_members_a_role() {
    let acme = Acme::on("enterprise");
    acme.ask(&["api-key", "permit"], &["--id", &acme.key, "--permission", "scim"]);
    let role = acme.ask(
        &["role", "create"],
        &["--name", "Case Reviewer", "--permission", "cases.read", "--permission", "cases.close"],
    );
    assert_eq!(role["key"], "case-reviewer");
    let alice = acme.create(
        "/scim/v2/Users",
        &json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "Alice@Acme.example",
        }),
    );
    let group = acme.create(
        "/scim/v2/Groups",
        &json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": "Reviewers",
            "members": [{ "value": alice }],
        }),
    );
    let access = || acme.ask(&["access", "show"], &["--user-name", "alice@acme.example"]);
    assert_eq!(access()["active"], true);
    assert_eq!(access()["roles"], json!([]));

    acme.ask(&["group", "map"], &["--group", &group, "--role", "case-reviewer"]);
    let granted = access();
    assert_eq!(granted["roles"], json!(["case-reviewer"]));
    assert_eq!(granted["permissions"], json!(["cases.close", "cases.read"]));
    assert!(granted.to_string().contains("Reviewers"), "{granted}");

    acme.ask(&["group", "unmap"], &["--group", &group, "--role", "case-reviewer"]);
    assert_eq!(access()["roles"], json!([]));

    let shown = acme.ask(&["group", "show"], &["--group", &group]);
    assert_eq!(shown["displayName"], "Reviewers");
    let shown = acme.ask(&["user", "show"], &["--user-name", "ALICE@acme.example"]);
    assert_eq!(shown["id"], *alice);
    assert_eq!(shown["userName"], "Alice@Acme.example");
}

#[test]
fn a_group_in_a_mapped_group_leads_its_members_to_the_role() {
    let acme = Acme::on("enterprise");
    acme.ask(&["api-key", "permit"], &["--id", &acme.key, "--permission", "scim"]);
    let shown = acme.ask(&["organization", "set-nested-groups"], &["allow"]);
    assert_eq!(shown["nestedGroups"], true);
    let alice = acme.create("/scim/v2/Users", &json!({ "userName": "alice" }));
    let group = |name: &str, member: &str| {
        let body = json!({ "displayName": name, "members": [{ "value": member }] });
        acme.create("/scim/v2/Groups", &body)
    };
    let low = group("Reviewers", &alice);
    let top = group("Everybody", &low);
    acme.ask(&["group", "map"], &["--group", &top, "--role", "analyst"]);
    let access = acme.ask(&["access", "show"], &["--user-name", "alice"]);
    assert_eq!(access["roles"], json!(["analyst"]));
    let through = &access["through"][0];
    assert_eq!((&through["groupName"], &through["group"]), (&json!("Everybody"), &json!(top)));
    let step = &through["way"][0];
    assert_eq!((&step["group"], &step["groupName"]), (&json!(low), &json!("Reviewers")));
    assert!(step["since"].is_string() && step["request"].is_string(), "{access}");
    assert_eq!(through["mapping"]["request"], json!(null), "the command line is no request");
    let refused = acme.refused(&["organization", "set-nested-groups"], &["refuse"]);
    assert!(refused.contains("1 group is still a member of a group"), "{refused}");
    let shown = acme.ask(&["group", "show"], &["--group", &top]);
    assert_eq!(shown["members"], 1);
}

#[test]
fn roles_are_listed_with_key_name_home_group_and_permissions() {
    let acme = Acme::on("growth");
    acme.ask(&["role", "create"], &["--name", "Case Reviewer"]);
    acme.ask(&["role", "update"], &["--role", "case-reviewer", "--name", "Reviewer"]);
    let roles = acme.ask(&["role", "list"], &[]);
    let keys: Vec<&str> =
        roles.as_array().unwrap().iter().map(|role| role["key"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), 4, "{roles}");
    for key in ["admin", "analyst", "developer", "case-reviewer"] {
        assert!(keys.contains(&key), "{roles}");
    }
    let custom = roles.as_array().unwrap().iter().find(|it| it["key"] == "case-reviewer").unwrap();
    assert_eq!(custom["name"], "Reviewer");
    assert!(custom["homeGroup"].is_string(), "{custom}");
    assert_eq!(custom["permissions"], json!([]));

    let refused = acme.refused(&["role", "delete"], &["--role", "admin"]);
    assert!(refused.to_lowercase().contains("built in"), "{refused}");
    acme.ask(&["role", "delete"], &["--role", "case-reviewer"]);
    assert_eq!(acme.ask(&["role", "list"], &[]).as_array().unwrap().len(), 3);
}

// P1
#[test]
fn what_a_command_changes_is_audited_with_its_user() {
    let acme = Acme::on("growth");
    acme.ask(&["organization", "set-plan"], &["--plan", "enterprise"]);
    let entries = acme.ask(&["audit", "list"], &[]);
    let entries = entries.as_array().unwrap();
    let newest = &entries[0];
    assert_eq!(newest["action"], "organization.plan_changed", "{newest}");
    for entry in entries {
        assert!(entry["actor"].as_str().unwrap().starts_with("cli:"), "{entry}");
        assert!(entry["actor"].as_str().unwrap().len() > 4, "{entry}");
        assert!(!entry.to_string().contains(&acme.token), "{entry}");
    }
    let verified = acme.ask(&["audit", "verify"], &[]);
    assert_eq!(verified["valid"], true, "{verified}");
    assert!(acme.ask(&["activity", "list"], &[]).is_array());
}

#[test]
fn what_does_not_exist_is_refused() {
    let acme = Acme::on("growth");
    let unknown = "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f";
    let place = &acme.instance.place;
    for words in [
        &["organization", "show", "--organization", unknown][..],
        &["organization", "set-plan", "--organization", unknown, "--plan", "growth"],
        &["api-key", "permit", "--id", unknown, "--permission", "scim"],
        &["role", "list", "--organization", unknown],
    ] {
        place.refused(words);
    }
    acme.refused(&["user", "show"], &["--user-name", "nobody@acme.example"]);
    acme.refused(&["access", "show"], &["--user-name", "nobody@acme.example"]);
    acme.refused(&["group", "show"], &["--group", unknown]);
    acme.refused(&["group", "map"], &["--group", unknown, "--role", "admin"]);
    acme.refused(&["role", "delete"], &["--role", "nobody"]);
    acme.refused(&["api-key", "revoke"], &["--id", unknown]);
}

#[test]
fn people_get_tables() {
    let acme = Acme::on("growth");
    let output = acme.instance.place.run(&["role", "list", "--organization", &acme.organization]);
    let said = text(&output.stdout);
    let head = said.lines().next().unwrap();
    assert!(head.starts_with("KEY") && head.contains("HOME GROUP"), "{said}");
    assert!(said.lines().any(|line| line.starts_with("admin ")), "{said}");
}

#[test]
fn an_organization_is_switched_to_assign_roles_and_back() {
    let acme = Acme::on("growth");
    acme.ask(&["api-key", "permit"], &["--id", &acme.key, "--permission", "scim"]);
    let roles = json!([{ "value": "admin" }, { "value": "unheard-of" }]);
    acme.create("/scim/v2/Users", &json!({ "userName": "jane", "roles": roles }));
    let access = || acme.ask(&["access", "show"], &["--user-name", "jane"]);
    let listed = || acme.instance.send(&Request::get("/scim/v2/Roles").key(&acme.token)).status;
    assert_eq!((&access()["roles"], listed()), (&json!([]), 404));

    let shown = acme.ask(&["organization", "set-entitlements"], &["assign"]);
    assert_eq!(shown["entitlements"], "assign");
    assert_eq!(acme.ask(&["organization", "show"], &[])["entitlements"], "assign");
    let now = access();
    assert_eq!(now["roles"], json!(["admin"]));
    let [through] = now["through"].as_array().unwrap().as_slice() else { panic!("{now}") };
    assert_eq!((&through["role"], &through["assigned"]), (&json!("admin"), &json!(true)));
    assert_eq!(listed(), 200);
    let text = acme.instance.place.run(&[
        "access",
        "show",
        "--organization",
        &acme.organization,
        "--user-name",
        "jane",
    ]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("assigned"), "{text:?}");

    acme.ask(&["organization", "set-entitlements"], &["ignore"]);
    assert_eq!((&access()["roles"], listed()), (&json!([]), 404));
    let entries = acme.ask(&["audit", "list"], &[]);
    let actions: Vec<_> =
        entries.as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
    let expected =
        ["role.abandoned", "organization.roles_unassigned", "organization.entitlements_changed"];
    assert_eq!(&actions[..3], expected);
}
