//! Two organizations in one house: for each, the other does not exist.

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::database;
use crate::instance::{Instance, Place};
use crate::world::{Organization, group, merge, patch, references, user};

const UNKNOWN_USER: &str = "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f";
const UNKNOWN_GROUP: &str = "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e70";
const NAME: &str = "globex-canary@globex.example";
const EXTERNAL: &str = "globex-external-canary";
const TEAM: &str = "Globex Canary Team";

struct Houses {
    instance: Instance,
    acme: Organization,
    globex: Organization,
    alice: String,
    team: String,
    their_user: String,
    their_group: String,
}

impl Houses {
    fn build() -> Self {
        let instance = Place::development().serve();
        let acme = Organization::create(&instance.place, "Acme");
        let globex = Organization::create(&instance.place, "Globex");
        let mut ours = acme.client(&instance);
        let alice = ours.create("/scim/v2/Users", &user("alice@acme.example"));
        let team = ours.create("/scim/v2/Groups", &group("Team", &[&alice]));
        let mut theirs = globex.client(&instance);
        let mut bob = user(NAME);
        bob["externalId"] = json!(EXTERNAL);
        bob["emails"] = json!([{ "value": NAME, "type": "work" }]);
        let their_user = theirs.create("/scim/v2/Users", &bob);
        let mut canaries = group(TEAM, &[&their_user]);
        canaries["externalId"] = json!(EXTERNAL);
        let their_group = theirs.create("/scim/v2/Groups", &canaries);
        globex.ask(
            &instance.place,
            &["group", "map"],
            &["--group", &their_group, "--role", "admin"],
        );
        Self { instance, acme, globex, alice, team, their_user, their_group }
    }

    /// All that is theirs: what their key is shown, and what the disk holds.
    fn theirs(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        let mut theirs = self.globex.client(&self.instance);
        let shown: Vec<_> = ["Users", "Groups"]
            .map(|it| theirs.get(&format!("/scim/v2/{it}?count=1000")).body)
            .to_vec();
        let rows = database::dump(&database::open(&self.instance.place), &self.globex.id);
        (shown, rows)
    }

    /// Entries and events are given their places in the background: waits for that, so that what
    /// is compared afterwards is what requests have changed.
    fn settle(&self) {
        let open = "SELECT count(*) FROM
            (SELECT 1 FROM audit_pending UNION ALL SELECT 1 FROM events_pending)";
        let connection = database::open(&self.instance.place);
        crate::instance::poll("the sealer", || {
            database::rows(&connection, open, |row| row.get::<_, i64>(0).unwrap()) == [0]
        });
    }

    /// The answer to a request with something of theirs in it, and that to the same request with
    /// something that does not exist. They must not differ in a byte but for what was asked for.
    fn assert_alike(&self, ours: &mut Client, ask: impl Fn(&mut Client, &[String; 4]) -> Reply) {
        let theirs = [&self.their_user, &self.their_group, NAME, EXTERNAL].map(str::to_owned);
        let nobody = UNKNOWN_NAMES.map(str::to_owned);
        let [met, missed] = [&theirs, &nobody].map(|words| {
            let reply = ask(ours, words);
            let mut body = reply.body.clone();
            let status = reply.status;
            for (word, place) in words.iter().zip(["USER", "GROUP", "NAME", "EXTERNAL"]) {
                body = body.replace(word, place);
            }
            let headers = ["etag", "location", "content-type", "allow", "content-length"]
                .map(|name| reply.header(name).map(str::to_owned));
            (status, body, headers)
        });
        assert_eq!(met, missed);
    }
}

/// A push to a group of ours: of our user, and of something that is theirs or nobody's.
type Push = fn(&str, &[String; 4]) -> (&'static str, Value);

/// As long as theirs, so that even the lengths of answers must agree.
const UNKNOWN_NAMES: [&str; 4] =
    [UNKNOWN_USER, UNKNOWN_GROUP, "nobody-unknown@globex.exampl", "nobody-external-canary"];

fn writes(words: &[String; 4]) -> Vec<(&'static str, Value)> {
    let [their_user, _, name, external] = words;
    let mut renamed = user("renamed@acme.example");
    renamed["externalId"] = json!(external);
    vec![
        ("PUT", renamed.clone()),
        ("PUT", group("Renamed", &[their_user])),
        ("PUT", json!({})),
        ("PATCH", patch("replace", "active", &json!(false))),
        ("PATCH", patch("add", "members", &references(&[their_user]))),
        ("PATCH", patch("remove", &format!("members[value eq \"{their_user}\"]"), &Value::Null)),
        ("PATCH", merge(&json!({ "displayName": name }))),
        ("PATCH", patch("replace", "nonsense[", &json!(1))),
        ("DELETE", Value::Null),
        ("GET", Value::Null),
        ("HEAD", Value::Null),
        ("POST", renamed),
    ]
}

// T1
#[test]
fn their_ids_are_as_unknown_as_ids_that_nobody_has() {
    let houses = Houses::build();
    houses.settle();
    let before = houses.theirs();
    let mut ours = houses.acme.client(&houses.instance);
    // Their user's and their group's id, under both endpoints, with every method.
    for path in ["/scim/v2/Users/", "/scim/v2/Groups/"] {
        for id in [0, 1] {
            for at in 0..writes(&UNKNOWN_NAMES.map(str::to_owned)).len() {
                for query in ["", "?attributes=userName,members,groups"] {
                    for headers in [&[][..], &[("If-Match", "W/\"1\"")], &[("If-None-Match", "*")]]
                    {
                        houses.assert_alike(&mut ours, |client, words| {
                            let (method, body) = writes(words).swap_remove(at);
                            let path = format!("{path}{}{query}", words[id]);
                            let body = (!body.is_null()).then_some(&body);
                            let reply = client.send(method, &path, headers, body);
                            assert!(reply.status >= 400, "{method} {path}: {reply:?}");
                            reply
                        });
                    }
                }
            }
        }
    }
    assert_eq!(houses.theirs(), before);
}

// T1, T2
#[test]
fn no_filter_finds_what_is_theirs() {
    let houses = Houses::build();
    houses.settle();
    let before = houses.theirs();
    let mut ours = houses.acme.client(&houses.instance);
    let filters: [fn(&[String; 4]) -> String; 14] = [
        |it| format!("id eq \"{}\"", it[0]),
        |it| format!("id eq \"{}\"", it[1]),
        |it| format!("userName eq \"{}\"", it[2]),
        |it| format!("userName sw \"{}\"", &it[2][..10]),
        |it| format!("externalId eq \"{}\"", it[3]),
        |it| format!("displayName co \"{}\"", it[2]),
        |it| format!("emails.value eq \"{}\"", it[2]),
        |it| format!("emails[type eq \"work\" and value co \"{}\"]", &it[2][..10]),
        |it| format!("groups.value eq \"{}\"", it[1]),
        |it| format!("members.value eq \"{}\"", it[0]),
        |it| format!("members[value eq \"{}\"]", it[0]),
        |it| format!("not (userName ne \"{}\") or id eq \"{}\"", it[2], it[1]),
        |it| format!("meta.location ew \"{}\"", it[0]),
        |it| format!("manager.value eq \"{}\"", it[0]),
    ];
    for path in ["/scim/v2/Users", "/scim/v2/Groups"] {
        for filter in filters {
            for rest in ["", "&count=0", "&sortBy=externalId", "&startIndex=2"] {
                houses.assert_alike(&mut ours, |client, words| {
                    let filter = filter(words).replace(' ', "%20").replace('"', "%22");
                    client.get(&format!("{path}?filter={filter}{rest}"))
                });
            }
        }
        // What is not filtered away shows ours alone, and counts ours alone.
        for filter in ["", "&filter=id%20pr", "&filter=not%20(id%20eq%20%22x%22)"] {
            let listed = ours.get(&format!("{path}?count=1000{filter}"));
            let mine = if path.ends_with("Users") { 1 } else { 4 };
            assert_eq!(listed.json()["totalResults"], mine, "{listed:?}");
            for canary in [NAME, EXTERNAL, TEAM, &houses.their_user, &houses.their_group] {
                assert!(!listed.body.contains(canary), "{canary} in {listed:?}");
            }
        }
    }
    assert_eq!(houses.theirs(), before);
}

// T1
#[test]
fn their_users_cannot_be_made_members_and_are_no_managers_of_ours() {
    let houses = Houses::build();
    houses.settle();
    let before = houses.theirs();
    let mut ours = houses.acme.client(&houses.instance);
    let team = format!("/scim/v2/Groups/{}?attributes=displayName,members", houses.team);
    let alice = houses.alice.clone();
    let pushes: [Push; 9] = [
        |_, it| ("PATCH", patch("add", "members", &references(&[&it[0]]))),
        |_, it| ("PATCH", patch("add", "members", &references(&[&it[1]]))),
        |alice, it| ("PATCH", patch("add", "members", &references(&[&it[0], alice, &it[1]]))),
        |alice, it| ("PATCH", patch("replace", "members", &references(&[&it[0], alice]))),
        |_, it| ("PATCH", merge(&json!({ "members": references(&[&it[0]]) }))),
        |_, it| ("PATCH", patch("remove", "members", &references(&[&it[0]]))),
        |_, it| {
            ("PATCH", patch("remove", &format!("members[value eq \"{}\"]", it[0]), &Value::Null))
        },
        |alice, it| ("PUT", group("Team", &[&it[0], alice])),
        |_, it| ("PUT", group("Team", &[&it[0]])),
    ];
    for push in pushes {
        // The same group before each of the two: the versions in the answers agree, too.
        houses.assert_alike(&mut ours, |client, words| {
            client.put(&team, &group("Team", &[&alice]));
            let (method, body) = push(&alice, words);
            let mut reply = client.send(method, &team, &[], Some(&body));
            assert_eq!(reply.status, 200, "{reply:?}");
            reply.head = String::new();
            reply
        });
    }
    // A new group, and a user whose manager and groups are said to be theirs.
    for (path, member) in [("Groups", "members"), ("Users", "groups")] {
        let their = [houses.their_user.as_str(), houses.their_group.as_str()];
        let mut body = user(&format!("new-{member}@acme.example"));
        body["displayName"] = json!(format!("New {member}"));
        body["schemas"] = json!([crate::world::USER, crate::world::GROUP]);
        body[member] = references(&their);
        let made = ours.post(&format!("/scim/v2/{path}"), &body);
        assert_eq!(made.status, 201, "{made:?}");
        assert!(made.json()[member].as_array().is_none_or(Vec::is_empty), "{made:?}");
        assert!(their.iter().all(|id| !made.body.contains(id)), "{made:?}");
    }
    assert_eq!(houses.theirs(), before);
}

// T2
#[test]
fn their_names_are_free_to_use() {
    let houses = Houses::build();
    houses.settle();
    let before = houses.theirs();
    let mut ours = houses.acme.client(&houses.instance);
    let mut twin = user(NAME);
    twin["externalId"] = json!(EXTERNAL);
    let mine = ours.create("/scim/v2/Users", &twin);
    assert_ne!(mine, houses.their_user);
    let created = ours.post("/scim/v2/Groups", &group(TEAM, &[&mine, &houses.their_user]));
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.json()["members"].as_array().unwrap().len(), 1, "{created:?}");
    // The group of the same name there leads to a role; the one here leads nowhere.
    assert_eq!(houses.acme.roles(&houses.instance.place, NAME), json!([]));
    assert_eq!(houses.globex.roles(&houses.instance.place, NAME), json!(["admin"]));
    assert_eq!(ours.delete(&format!("/scim/v2/Users/{mine}")).status, 204);
    assert_eq!(houses.theirs(), before);
}
