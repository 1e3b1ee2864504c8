//! A look-up at sign-in on SQLite: how many statements it is, and which indexes answer it.
#![cfg(test)]

#[path = "common/fresh.rs"]
mod fresh;

use std::sync::Arc;

use fresh::Fresh;
use rusqlite::{Connection, types::Null};
use scim_app::{
    Actor,
    access::{Answer, Lookup},
    administration::Administration,
    ports::{Clock as _, Ids as _, Store},
    testing::{CountingIds, FastSecrets, StoppedClock},
};
use scim_domain::{
    GroupId, Json, OrganizationId, UserId,
    group::Group,
    organization::Plan,
    resource::{Document, document::Strictness},
    role::RoleKey,
    schema::{Catalog, ResourceType},
    user::{Source, User},
};
use scim_store::SqlStore;
use serde_json::{Value, json};

struct House {
    _fresh: Fresh,
    store: Arc<SqlStore>,
    admin: Administration,
    organization: OrganizationId,
    users: Vec<UserId>,
}

fn document(of: &ResourceType, body: &Value) -> Document {
    let body = Json::parse(body.to_string().as_bytes()).unwrap();
    Document::from_request(of, &body, Strictness::Tolerant).unwrap().document
}

impl House {
    /// Users who are each in a group of their own, which is in one that leads to a role.
    async fn new(nested: bool) -> Self {
        let fresh = Fresh::new().await;
        let store = fresh.open();
        let (ids, clock) = (Arc::new(CountingIds::new()), Arc::new(StoppedClock::new()));
        let admin = Administration::new(
            store.clone(),
            clock.clone(),
            ids.clone(),
            Arc::new(FastSecrets::new()),
            Actor::Cli("test".to_owned()),
        );
        let organization = admin.create_organization("Acme", Plan::Growth).await.unwrap().id;
        admin.set_nested_groups(organization, nested).await.unwrap();
        let roles = admin.list_roles(organization).await.unwrap();
        let home = roles.iter().find(|it| it.role.key == RoleKey::read("analyst")).unwrap();
        let (home, now) = (home.role.home_group, clock.now());
        let catalog = Catalog::standard();
        let mut unit = store.begin().await.unwrap();
        let mut users = Vec::new();
        for at in 0..300 {
            // The first ten share theirs, two and two.
            let external_id = format!("x{}", if at < 10 { at / 2 * 2 } else { at });
            let body = json!({
                "userName": format!("user-{at}"), "externalId": external_id, "active": true,
            });
            let (user, group) = (UserId::new(ids.next()), GroupId::new(ids.next()));
            let made = User::create(user, document(&catalog.user, &body), Source::Scim, now);
            unit.users().insert(organization, &catalog, made.unwrap().outcome()).await.unwrap();
            let body = json!({ "displayName": format!("group-{at}") });
            let made = Group::create(group, document(&catalog.group, &body), now);
            unit.groups().insert(organization, &catalog, made.unwrap().outcome()).await.unwrap();
            unit.groups().add_members(organization, group, &[user], now).await.unwrap();
            unit.groups().add_members(organization, home, &[user], now).await.unwrap();
            if nested {
                unit.nestings().add(organization, home, &[group], now).await.unwrap();
            }
            users.push(user);
        }
        unit.commit().await.unwrap();
        Self { _fresh: fresh, store, admin, organization, users }
    }

    /// The answers, and how many statements they took.
    async fn asked(&self, lookups: &[Lookup]) -> (Vec<Answer>, u64) {
        let before = self.store.statements();
        let answers = self.admin.list_access(self.organization, lookups).await.unwrap();
        (answers, self.store.statements() - before)
    }

    /// So many look-ups of every kind, and some that find nobody.
    fn lookups(&self, number: usize) -> Vec<Lookup> {
        let of = |at: usize| match at % 5 {
            0 => Lookup::Id(self.users[at % 300].to_string()),
            1 => Lookup::UserName(format!("USER-{}", at % 300)),
            2 => Lookup::ExternalId(format!("x{}", 10 + at % 290)),
            3 => Lookup::NameId(format!("user-{}", at % 300)),
            _ => Lookup::UserName(format!("nobody-{at}")),
        };
        (0..number).map(of).collect()
    }
}

fn is_analyst(answer: &Answer) -> bool {
    matches!(answer, Answer::Known(access) if access.roles == [RoleKey::read("analyst")])
}

// V6
#[tokio::test]
async fn a_look_up_is_one_statement_beside_the_organization() {
    let house = House::new(false).await;
    let one = house.users[0].to_string();
    let lookups = [
        (Lookup::Id(one), true),
        (Lookup::UserName("user-7".to_owned()), true),
        (Lookup::NameId("USER-7".to_owned()), true),
        (Lookup::ExternalId("x4".to_owned()), false),
    ];
    for (lookup, known) in lookups {
        let (answers, statements) = house.asked(std::slice::from_ref(&lookup)).await;
        assert_eq!(statements, 2, "the organization, and {lookup:?}");
        assert_eq!(is_analyst(&answers[0]), known, "{answers:?}");
        assert_eq!(answers[0] == Answer::Ambiguous, !known);
    }
    // Who is not found may have been deleted.
    let (answers, statements) = house.asked(&[Lookup::UserName("nobody".to_owned())]).await;
    assert_eq!((answers, statements), (vec![Answer::Unknown], 3));
}

// V6
#[tokio::test]
async fn a_thousand_look_ups_are_as_many_statements_as_ten() {
    for (nested, expected) in [(false, 5), (true, 6)] {
        let house = House::new(nested).await;
        for number in [10, 1000] {
            let (answers, statements) = house.asked(&house.lookups(number)).await;
            assert_eq!(answers.len(), number);
            assert_eq!(statements, expected, "{number} look-ups, nested: {nested}");
            let count = |what: fn(&Answer) -> bool| answers.iter().filter(|it| what(it)).count();
            assert_eq!(count(is_analyst), number / 5 * 4, "{answers:?}");
            assert_eq!(count(|it| *it == Answer::Ambiguous), 0, "{answers:?}");
        }
        let ways = |answer: &Answer| match answer {
            Answer::Known(access) => access.through.len(),
            _ => 0,
        };
        let (answers, _) = house.asked(&[Lookup::Id(house.users[0].to_string())]).await;
        assert_eq!(ways(&answers[0]), 1, "a member of the group itself is told no longer way");
    }
}

fn plan(connection: &Connection, text: &str) -> Vec<String> {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
    for place in 1..=explain.parameter_count() {
        explain.raw_bind_parameter(place, Null).unwrap();
    }
    let mut rows = explain.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    steps
}

#[tokio::test]
async fn access_is_read_from_one_index_to_the_next() {
    let fresh = Fresh::new().await;
    let connection = Connection::open(&fresh.path).unwrap();
    let first = [
        ("users.access_by_ids", "sqlite_autoindex_users_1 (organization_id=? AND id=?)"),
        ("users.access_by_names", "users_user_name_key (organization_id=? AND user_name_key=?)"),
        ("users.access_by_external_id", "users_external_id (organization_id=? AND external_id=?)"),
        ("users.have_external_ids", "users_external_id (organization_id=? AND external_id=?)"),
        ("group_nestings.access_above", "group_members_user (organization_id=? AND user_id=?)"),
    ];
    for (name, index) in first {
        let kept = SqlStore::kept_statements();
        let of_name: Vec<_> = kept.iter().filter(|it| it.name == name).collect();
        assert!(!of_name.is_empty(), "{name}");
        for statement in of_name {
            let steps = plan(&connection, statement.sqlite);
            assert!(steps.iter().any(|it| it.contains(index)), "{name}: {steps:?}");
            // Every step after the users goes by the whole key of what came before.
            let weak =
                |it: &&String| it.starts_with("SEARCH") && it.ends_with("(organization_id=?)");
            assert!(!steps.iter().any(|it| weak(&it)), "{name}: {steps:?}");
            let begins = |it: &&String| it.starts_with("SEARCH");
            let first = steps.iter().find(begins).unwrap();
            assert!(first.contains(index), "{name} begins with {first}");
            assert!(!steps.iter().any(|it| it.contains("TEMP B-TREE")), "{name}: {steps:?}");
        }
    }
}
