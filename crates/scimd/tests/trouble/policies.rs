//! A second net under the first: row-level security in the database, which lets one organization's
//! rows alone be seen. What the service answers is the same with it and without, so no statement
//! reaches for what the net would hold back.

mod names;
mod traffic;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::names::{Known, Names};
use self::traffic::{Step, steps};
use crate::client::Client;
use crate::instance::{Instance, Place, poll};
use crate::sql::{Fresh, Sql};
use crate::world::{Organization, group, text, user};

/// What is gathered about requests comes when it comes.
const GATHERED: [&str; 2] = ["activity", "api_key_uses"];

struct Houses {
    place: Place,
    database: Fresh,
    acme: Organization,
    /// A key of theirs for the management API.
    manager: String,
    globex: Organization,
    known: Known,
}

fn place(url: &str) -> Place {
    Place::development()
        .with("SCIMD__DATABASE__URL", url)
        .with("SCIMD__SERVER__PUBLIC_URL", "http://127.0.0.1:1")
}

/// Our organization and theirs, with the same things in them.
fn build() -> Houses {
    let database = Fresh::new();
    let instance = place(&database.url()).serve();
    let acme = Organization::create(&instance.place, "Acme");
    let globex = Organization::create(&instance.place, "Globex");
    let mut words = vec!["--name", "Backend"];
    for permission in PERMISSIONS {
        words.extend(["--permission", permission]);
    }
    let manager = text(&acme.ask(&instance.place, &["api-key", "create"], &words)["token"]);
    let fill = |organization: &Organization, name: &str| {
        let mut client = organization.client(&instance);
        let mut person = user(&format!("person@{name}.example"));
        person["externalId"] = json!(format!("external-{name}"));
        person["emails"] = json!([{ "value": format!("person@{name}.example"), "type": "work" }]);
        let person = client.create("/scim/v2/Users", &person);
        let team = client.create("/scim/v2/Groups", &group(&format!("Team {name}"), &[&person]));
        let map = ["--group", &team, "--role", "admin"];
        organization.ask(&instance.place, &["group", "map"], &map);
        (person, team)
    };
    let (our_user, our_group) = fill(&acme, "acme");
    let (their_user, their_group) = fill(&globex, "globex");
    let known = Known::new(&[
        ("{org}", &acme.id),
        ("{key}", &acme.key),
        ("{user}", &our_user),
        ("{group}", &our_group),
        ("{their_org}", &globex.id),
        ("{their_key}", &globex.key),
        ("{their_user}", &their_user),
        ("{their_group}", &their_group),
    ]);
    settle(&database.open());
    Houses { place: instance.stop(), database, acme, manager, globex, known }
}

const PERMISSIONS: [&str; 12] = [
    "users.read",
    "users.write",
    "groups.read",
    "groups.write",
    "roles.read",
    "roles.write",
    "access.read",
    "events.read",
    "audit.read",
    "api_keys.read",
    "api_keys.write",
    "organization.read",
];

/// Waits until all entries and events have their places.
fn settle(sql: &Sql) {
    let open =
        "SELECT (SELECT count(*) FROM audit_pending) + (SELECT count(*) FROM events_pending)";
    poll("the sealer", || sql.count(open) == 0);
}

/// The tables that belong to organizations, as the database itself lists them.
fn tables(sql: &Sql) -> Vec<String> {
    let tables = sql.texts(
        "SELECT c.table_name::text FROM information_schema.columns c
         JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.column_name = 'organization_id' AND c.table_schema = 'public'
           AND t.table_type = 'BASE TABLE' ORDER BY 1",
    );
    assert!(tables.len() > 15, "{tables:?}");
    tables
}

/// Spreads the net, and gives the address of one who is caught in it.
fn restrict(database: &Fresh, organization: &str) -> (String, Role) {
    let sql = database.open();
    let role = format!("restricted_{}", std::process::id());
    sql.run(&format!(
        "CREATE ROLE {role} LOGIN;
         ALTER ROLE {role} SET scimd.organization = '{organization}';
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};"
    ));
    let ours = "current_setting('scimd.organization')::uuid";
    let owned = tables(&sql).into_iter().map(|table| (table, "organization_id"));
    for (table, column) in owned.chain([("organizations".to_owned(), "id")]) {
        sql.run(&format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
             CREATE POLICY ours ON {table} USING ({column} = {ours})"
        ));
    }
    let (_, rest) =
        database.url().split_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    (format!("postgres://{role}@{rest}"), Role { sql: database.open(), name: role })
}

/// Roles belong to the server, not to a database: this one goes with the test.
struct Role {
    sql: Sql,
    name: String,
}

impl Drop for Role {
    fn drop(&mut self) {
        self.sql.run(&format!("DROP OWNED BY {0}; DROP ROLE {0}", self.name));
    }
}

/// All rows of an organization, by table.
fn dump(sql: &Sql, organization: &str) -> BTreeMap<String, Vec<String>> {
    let rows = |table: String| {
        let all = sql.texts(&format!(
            "SELECT t::text FROM {table} t WHERE organization_id = '{organization}' ORDER BY 1"
        ));
        (table, all)
    };
    tables(sql).into_iter().filter(|it| !GATHERED.contains(&it.as_str())).map(rows).collect()
}

/// Plays the traffic, and gives what was answered, with names for all that differs by nature.
fn play(instance: &Instance, houses: &Houses) -> Vec<(String, u16, Value)> {
    let mut scim = houses.acme.client(instance);
    let mut api = Client::new(instance.address, format!("Bearer {}", houses.manager));
    let mut known = houses.known.clone();
    let mut names = Names::default();
    let mut told = Vec::new();
    for Step { method, path, body, keep } in steps() {
        let path = known.fill(path);
        let body: Option<Value> =
            body.map(|it| serde_json::from_str(&known.fill(&it.to_string())).unwrap());
        let (client, json_type) = if path.starts_with("/api") {
            (&mut api, "application/json")
        } else {
            (&mut scim, "application/scim+json")
        };
        let headers = [("Content-Type", json_type)];
        let reply = client.send(method, &path, &headers, body.as_ref());
        assert!(reply.status < 500, "{method} {path}: {reply:?}");
        let shown = serde_json::from_str(&reply.body).unwrap_or_else(|_| json!(reply.body));
        if let Some(name) = keep {
            let id = shown["id"].as_str().unwrap_or_else(|| panic!("{method} {path}: {shown}"));
            known.add(name, id);
        }
        let shown = names.all(&shown);
        told.push((format!("{method} {}", names.of(&path)), reply.status, shown));
    }
    told
}

// T1, T2, T3
#[test]
fn no_statement_reaches_for_what_row_level_security_would_hold_back() {
    let houses = build();
    let restricted = houses.database.copy();
    let (url, _role) = restrict(&restricted, &houses.acme.id);
    let sql = houses.database.open();
    let theirs = dump(&sql, &houses.globex.id);

    let hidden =
        format!("SELECT count(*) FROM users WHERE organization_id = '{}'", houses.globex.id);
    assert_eq!((sql.count(&hidden), Sql::connect(&url).count(&hidden)), (1, 0));

    let open = place(&houses.database.url()).serve();
    let caught = place(&url).serve();
    let without = play(&open, &houses);
    let with = play(&caught, &houses);
    assert_eq!(without.len(), with.len());
    for (without, with) in without.iter().zip(&with) {
        assert_eq!(without, with);
    }
    let succeeded = without.iter().filter(|it| it.1 < 300).count();
    assert!(succeeded * 2 > without.len(), "most of the traffic must be of use: {without:?}");
    settle(&sql);
    assert_eq!(dump(&sql, &houses.globex.id), theirs);
    assert_eq!(dump(&restricted.open(), &houses.globex.id), theirs);
    drop((open, caught, houses.place));
}
