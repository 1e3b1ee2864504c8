//! How SQLite goes on from a place: by the index, and at the same cost wherever the place is.

use rusqlite::{Connection, Statement, StatementStatus};
use scim_app::ports::{Keyset, Place};
use scim_domain::resource::sort::SortKey;
use sea_orm::Value;

use super::*;
use crate::{
    dialect::Dialect,
    search::searched::{GroupSearch, UserSearch},
};

const ALL: Narrowed = Narrowed { condition: None, exact: true, indexed: false };

async fn database() -> (tempfile::TempDir, Connection) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scimd.db");
    scim_migrations::up(&format!("sqlite://{}", path.display())).await.unwrap();
    (directory, Connection::open(&path).unwrap())
}

fn by_name(column: &'static str, descending: bool) -> Order {
    Order::Column { column, nullable: false, descending }
}

/// A place by name: its key is that of a text.
fn at(name: &str, id: u128) -> Place {
    let key = [&[5], name.as_bytes()].concat();
    Place { key: SortKey::from_bytes(&key).unwrap(), id: Uuid::from_u128(id) }
}

/// The statement that goes on from a place, for SQLite.
fn text<K: Searched>(order: Order, place: &Place, backwards: bool) -> (String, Vec<Value>) {
    let keyset = Keyset { place: Some(place), backwards, limit: 100 };
    let condition = keyset::condition(order, keyset).unwrap();
    let asked = Asked { organization: Uuid::nil(), narrowed: &ALL, order };
    Dialect::Sqlite.build(&asked.select::<K>(condition, backwards, 101))
}

fn bind(statement: &mut Statement<'_>, values: &[Value]) {
    for (at, value) in values.iter().enumerate() {
        let at = at + 1;
        match value {
            Value::Uuid(Some(it)) => statement.raw_bind_parameter(at, it.as_bytes()),
            Value::String(Some(it)) => statement.raw_bind_parameter(at, it.as_str()),
            Value::BigUnsigned(Some(it)) => {
                statement.raw_bind_parameter(at, i64::try_from(*it).unwrap())
            }
            other => panic!("{other:?}"),
        }
        .unwrap();
    }
}

fn plan(connection: &Connection, (text, values): &(String, Vec<Value>)) -> String {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
    bind(&mut explain, values);
    let mut rows = explain.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    steps.join("; ")
}

// V3
#[tokio::test]
async fn an_index_leads_to_the_place() {
    let (_directory, connection) = database().await;
    let place = at("m", 7);
    for backwards in [false, true] {
        for descending in [false, true] {
            let sign = if backwards == descending { '>' } else { '<' };
            for (found, key) in [
                (text::<UserSearch>(Order::Id { descending }, &place, backwards), "id"),
                (text::<GroupSearch>(Order::Id { descending }, &place, backwards), "id"),
                (
                    text::<UserSearch>(by_name("user_name_key", descending), &place, backwards),
                    "user_name_key",
                ),
                (
                    text::<GroupSearch>(by_name("display_name_key", descending), &place, backwards),
                    "display_name_key",
                ),
            ] {
                let plan = plan(&connection, &found);
                assert!(plan.contains(&format!("(organization_id=? AND {key}{sign}?)")), "{plan}");
                assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
    }
}

/// How many steps SQLite takes for a page of 100 and one more.
fn steps(connection: &Connection, (text, values): &(String, Vec<Value>)) -> i32 {
    let mut statement = connection.prepare(text).unwrap();
    bind(&mut statement, values);
    let mut rows = statement.raw_query();
    let mut found = 0;
    while rows.next().unwrap().is_some() {
        found += 1;
    }
    assert_eq!(found, 101);
    drop(rows);
    statement.get_status(StatementStatus::VmStep)
}

// V3
#[tokio::test]
async fn page_1000_costs_what_page_1_costs() {
    let (_directory, connection) = database().await;
    let insert = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 100199)
        INSERT INTO users SELECT zeroblob(16), CAST(printf('%016d', i) AS BLOB),
        printf('%08d', i), NULL, NULL, 1, 'scim', 0, 0, 0, 1, '{}' FROM n";
    connection.execute(insert, ()).unwrap();
    let place = |number: u32| {
        let id = Uuid::from_slice(format!("{number:016}").as_bytes()).unwrap();
        at(&format!("{number:08}"), id.as_u128())
    };
    for order in [Order::Id { descending: false }, by_name("user_name_key", false)] {
        for backwards in [false, true] {
            let cost =
                |number| steps(&connection, &text::<UserSearch>(order, &place(number), backwards));
            let (first, late) = (cost(100), cost(100_000));
            assert!(first.abs_diff(late) <= 10, "{order:?} {backwards}: {first} and {late}");
        }
    }
}
