//! An erased organization leaves no row in any table there is, whoever adds one.
#![cfg(test)]

#[path = "common/fresh.rs"]
mod fresh;

use rusqlite::{Connection, types::Value};
use scim_app::ports::Store;
use scim_domain::OrganizationId;
use uuid::Uuid;

const ACME: Uuid = Uuid::from_u128(0xac);
const BOLT: Uuid = Uuid::from_u128(0xb0);

/// The tables that hold anything of an organization, with the names and types of their columns.
fn tenant_tables(connection: &Connection) -> Vec<(String, Vec<(String, String)>)> {
    let mut names =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let names: Vec<String> =
        names.query_map([], |it| it.get(0)).unwrap().map(Result::unwrap).collect();
    let with_columns = names.into_iter().map(|name| {
        let mut columns =
            connection.prepare("SELECT name, type FROM pragma_table_info(?1)").unwrap();
        let columns = columns.query_map([&name], |it| Ok((it.get(0)?, it.get(1)?))).unwrap();
        let columns: Vec<(String, String)> = columns.map(Result::unwrap).collect();
        (name, columns)
    });
    let of_tenants =
        |columns: &[(String, String)]| columns.iter().any(|(name, _)| name == "organization_id");
    with_columns.filter(|(_, columns)| of_tenants(columns)).collect()
}

/// A row with something of its own in every column.
fn fill(connection: &Connection, table: &str, columns: &[(String, String)], of: Uuid, number: i64) {
    let values = columns.iter().map(|(name, kind)| match (name.as_str(), kind.as_str()) {
        ("organization_id", _) => Value::Blob(of.as_bytes().to_vec()),
        (_, "BLOB") => {
            let number = u128::try_from(number).unwrap();
            Value::Blob(Uuid::from_u128(number).as_bytes().to_vec())
        }
        (_, "INTEGER") => Value::Integer(number),
        _ => Value::Text(format!("text {number}")),
    });
    let places = vec!["?"; columns.len()].join(", ");
    let insert = format!("INSERT INTO \"{table}\" VALUES ({places})");
    connection
        .execute(&insert, rusqlite::params_from_iter(values))
        .unwrap_or_else(|error| panic!("{table}: {error}"));
}

fn count(connection: &Connection, table: &str, of: Uuid) -> i64 {
    let count = format!("SELECT COUNT(*) FROM \"{table}\" WHERE organization_id = ?1");
    connection.query_row(&count, [of.as_bytes()], |it| it.get(0)).unwrap()
}

#[tokio::test]
async fn no_table_keeps_a_row_of_an_organization_that_was_erased() {
    let fresh = fresh::Fresh::new().await;
    let connection = Connection::open(&fresh.path).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    for of in [ACME, BOLT] {
        let insert = "INSERT INTO organizations (id, name, plan, created_us)
            VALUES (?1, 'name', 'growth', 0)";
        connection.execute(insert, [of.as_bytes()]).unwrap();
    }
    let tables = tenant_tables(&connection);
    assert!(tables.len() > 15, "{tables:?}");
    for (table, columns) in &tables {
        // One row for each organization is all that some keys allow.
        let alone = ["organization_seats", "feeds"].contains(&table.as_str());
        for number in 1..=if alone { 1 } else { 3 } {
            fill(&connection, table, columns, ACME, number);
        }
        fill(&connection, table, columns, BOLT, 9);
    }
    let store = fresh.open();
    let mut rounds = 0;
    loop {
        let mut unit = store.begin().await.unwrap();
        let gone = unit.organizations().purge(OrganizationId::new(ACME), 5).await.unwrap();
        unit.commit().await.unwrap();
        assert!(gone <= 5, "{gone}");
        rounds += 1;
        if gone == 0 {
            break;
        }
        assert!(rounds < 100);
    }
    for (table, _) in &tables {
        assert_eq!(
            count(&connection, table, ACME),
            0,
            "{table} keeps rows: see statements/purge.rs"
        );
        assert_eq!(count(&connection, table, BOLT), 1, "{table}");
    }
}
