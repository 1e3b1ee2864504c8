//! Users and groups that come from files and go to files.

use std::fs;

use serde_json::{Value, json};

use crate::http::Request;
use crate::instance::{Instance, Place, mode, text};

mod broken_off;
mod exports;
mod nested;

/// A server, and an organization into which something is imported.
struct Home {
    instance: Instance,
    organization: String,
}

const USERS: &str = "\
userName,name.givenName,name.familyName,emails.value,emails.primary,emails.2.value,phoneNumbers.value,title,active,department
ann@acme.example,Ann,Lee,ann@acme.example,true,ann@home.example,'+49 30,=CEO(1),true,Sales
bob@acme.example,Bob,Ray,bob@acme.example,,,,\"two
lines\",FALSE,
,No,Name,x@acme.example,,,,,,
eve@acme.example,Eve,,eve@acme.example,,,,,,
ANN@acme.example,Ann,Twice,ann@acme.example,,,,,,
zoe@acme.example,Zoe,Kay
";

impl Home {
    fn new() -> Self {
        let instance = Place::development().serve();
        let organization = organization(&instance, "Acme");
        Self { instance, organization }
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.instance.place.path(name), content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.instance.place.path(name)).unwrap()
    }

    /// Runs a command on an organization; its exit code and its JSON.
    fn run(&self, organization: &str, words: &[&str]) -> (Option<i32>, Value) {
        let more = ["--organization", organization, "--json"];
        let output = self.instance.place.run(&[words, &more].concat());
        let said = text(&output.stdout);
        let json = serde_json::from_str(&said);
        (output.status.code(), json.unwrap_or_else(|_| panic!("{said} {}", text(&output.stderr))))
    }

    fn import(&self, words: &[&str]) -> (Option<i32>, Value) {
        self.run(&self.organization, &[&["import"], words].concat())
    }

    /// A file of so many users, from the first of these numbers on.
    fn write_users(&self, name: &str, numbers: std::ops::Range<u32>) {
        self.write(name, &numbers.map(user).collect::<String>());
    }

    /// The names of the files that are there, but for those of the service.
    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(self.instance.place.path("")).unwrap();
        let names = files.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> =
            names.filter(|it| !["data", "log"].contains(&it.as_str())).collect();
        names.sort();
        names
    }

    /// Exports an organization, and gives the lines in order of their text.
    fn export(&self, organization: &str, file: &str, words: &[&str]) -> Vec<String> {
        let (code, said) = self.run(organization, &[&["export", "--output", file], words].concat());
        assert_eq!((code, &said["file"]), (Some(0), &json!(file)));
        let mut lines: Vec<_> = self.read(file).lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }
}

/// A line of JSON.
fn user(number: u32) -> String {
    let name = format!("user{number}@acme.example");
    let user = json!({
        "userName": name,
        "name": { "givenName": "Given", "familyName": format!("Family{number}") },
        "emails": [{ "value": name }],
    });
    format!("{user}\n")
}

fn organization(instance: &Instance, name: &str) -> String {
    let made = instance.place.ask(&["organization", "create", "--name", name, "--plan", "growth"]);
    made["id"].as_str().unwrap().to_owned()
}

fn counts(said: &Value) -> [u64; 4] {
    ["created", "updated", "unchanged", "refused"].map(|it| said[it].as_u64().unwrap())
}

#[test]
fn a_file_of_users_is_imported_once_and_what_was_refused_is_told_by_its_line() {
    let home = Home::new();
    home.write("users.csv", USERS);
    let (code, said) = home.import(&["users.csv", "--dry-run"]);
    assert_eq!((code, counts(&said)), (Some(1), [2, 0, 0, 4]));
    let (code, said) = home.import(&["users.csv", "--report", "report.jsonl"]);
    assert_eq!((code, counts(&said)), (Some(1), [2, 0, 0, 4]));
    assert_eq!(mode(&home.instance.place.path("report.jsonl")), 0o600);
    let report = home.read("report.jsonl");
    let mut refused: Vec<Value> =
        report.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    refused.sort_by_key(|it| it["line"].as_u64());
    let told: Vec<_> =
        refused.iter().map(|it| (it["line"].as_u64().unwrap(), &it["name"])).collect();
    let (eve, ann) = (json!("eve@acme.example"), json!("ANN@acme.example"));
    assert_eq!(told, [(5, &json!("")), (6, &eve), (7, &ann), (8, &json!(""))]);
    for (refused, word) in refused.iter().zip(["userName", "familyName", "Line 2", "3 cells"]) {
        assert!(refused["reason"].as_str().unwrap().contains(word), "{refused}");
    }
    // Again costs nothing and changes nothing.
    let (_, said) = home.import(&["users.csv"]);
    assert_eq!(counts(&said), [0, 0, 2, 4]);
    let words = ["user", "show", "--user-name", "ann@acme.example"];
    let (_, ann) = home.run(&home.organization, &words);
    assert_eq!(
        (&ann["source"], &ann["emails"][1]["value"]),
        (&json!("sign_in"), &json!("ann@home.example"))
    );
    let words = ["audit", "list", "--action", "user.created"];
    let (_, audit) = home.run(&home.organization, &words);
    assert_eq!(audit.as_array().unwrap().len(), 2);
}

#[test]
fn what_is_exported_is_imported_elsewhere_as_the_same_in_both_formats() {
    let home = Home::new();
    home.write("users.csv", USERS);
    home.import(&["users.csv"]);
    home.write(
        "groups.jsonl",
        "{\"displayName\":\"Crew\",\"members\":[{\"userName\":\"ann@acme.example\"},\
         {\"userName\":\"bob@acme.example\"}]}\n{\"displayName\":\"Empty\"}\n\
         {\"displayName\":\"Admin\",\"members\":[{\"userName\":\"ann@acme.example\"}]}\n",
    );
    let (code, said) = home.import(&["groups.jsonl", "--kind", "groups"]);
    assert_eq!((code, counts(&said)), (Some(0), [2, 1, 0, 0]));
    assert_eq!(said["membersJoined"], 3);
    let users = home.export(&home.organization, "users.jsonl", &[]);
    let rows = home.export(&home.organization, "again.csv", &[]);
    let groups = home.export(&home.organization, "all-groups.jsonl", &["--kind", "groups"]);
    assert!(rows.iter().any(|it| it.contains("'=CEO(1)") && it.contains("'+49 30")), "{rows:?}");
    assert_eq!(mode(&home.instance.place.path("again.csv")), 0o600);
    for (name, file) in [("Bolt", "users.jsonl"), ("Carp", "again.csv")] {
        let other = organization(&home.instance, name);
        let (code, said) = home.run(&other, &["import", file]);
        assert_eq!((code, counts(&said)), (Some(0), [2, 0, 0, 0]), "{said}");
        let (code, _) = home.run(&other, &["import", "all-groups.jsonl", "--kind", "groups"]);
        assert_eq!(code, Some(0));
        assert_eq!(home.export(&other, &format!("{name}.jsonl"), &[]), users);
        assert_eq!(home.export(&other, &format!("{name}.csv"), &[]), rows);
        let file = format!("{name}-groups.jsonl");
        assert_eq!(home.export(&other, &file, &["--kind", "groups"]), groups);
        let (_, access) = home.run(&other, &["access", "show", "--user-name", "ann@acme.example"]);
        assert_eq!(access["roles"], json!(["admin"]));
    }
}

#[test]
fn a_user_that_was_imported_is_taken_over_by_the_identity_provider() {
    let home = Home::new();
    home.write("users.csv", USERS);
    home.import(&["users.csv"]);
    let key = ["api-key", "create", "--name", "Okta", "--permission", "scim"];
    let (_, key) = home.run(&home.organization, &key);
    let body = json!({ "userName": "ann@acme.example", "title": "CTO" });
    let create = Request::post("/scim/v2/Users", &body).key(key["token"].as_str().unwrap());
    assert_eq!(home.instance.send(&create).status, 201);
    let (code, said) = home.import(&["users.csv"]);
    assert_eq!((code, counts(&said)), (Some(1), [0, 0, 1, 5]));
    let refused = said["told"].as_array().unwrap().iter().find(|it| it["line"] == 2).unwrap();
    assert!(refused["reason"].as_str().unwrap().contains("identity provider"), "{refused}");
}

#[test]
fn seats_are_kept_line_by_line() {
    let home = Home::new();
    home.write("users.csv", USERS);
    home.run(&home.organization, &["organization", "set-seat-limit", "0"]);
    let (code, said) = home.import(&["users.csv"]);
    // Who is inactive needs none.
    assert_eq!((code, counts(&said)), (Some(1), [1, 0, 0, 5]));
    assert!(said["told"].to_string().contains("All seats"), "{said}");
}

#[test]
fn what_cannot_be_begun_is_one_line_and_changes_nothing() {
    let home = Home::new();
    home.write("users.csv", "userName,shoeSize\nann,44\n");
    home.write("users.txt", "{}");
    let organization = home.organization.as_str();
    let unknown = "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f";
    for (words, expected) in [
        (&["import", "users.csv", "--organization", organization][..], "shoeSize"),
        (&["import", "users.txt", "--organization", organization], "--format"),
        (&["import", "nowhere.csv", "--organization", organization], "cannot read nowhere.csv"),
        (&["import", "users.csv", "--organization", unknown], "No organization"),
        (&["import", "users.csv", "--kind", "groups", "--organization", organization], "jsonl"),
        (&["export", "--organization", unknown], "No organization"),
        (&["export", "--output", "users.csv", "--organization", organization], "users.csv"),
        (&["export", "--json", "--organization", organization], "--output"),
    ] {
        let said = home.instance.place.refused(words);
        assert!(said.contains(expected), "{words:?}: {said}");
    }
}
