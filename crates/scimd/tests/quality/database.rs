//! The database file, looked at from beside the running server.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Row};

use crate::instance::{BOUND, Place};

pub fn open(place: &Place) -> Connection {
    let connection = Connection::open(place.path("data/scimd.db")).unwrap();
    connection.busy_timeout(BOUND).unwrap();
    connection
}

pub fn count(connection: &Connection, query: &str) -> i64 {
    rows(connection, query, |row| row.get(0).unwrap())[0]
}

/// The rows of a query with one column of text.
pub fn texts(connection: &Connection, query: &str) -> Vec<String> {
    rows(connection, query, |row| row.get(0).unwrap())
}

pub fn rows<T>(connection: &Connection, query: &str, read: impl Fn(&Row<'_>) -> T) -> Vec<T> {
    let mut statement = connection.prepare(query).unwrap();
    let rows = statement.query_map([], |row| Ok(read(row))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// An id as SQLite's `hex` shows it, in lower case.
pub fn hex(id: &str) -> String {
    id.replace('-', "")
}

/// Every row of an organization, by table, but for what is gathered about requests.
pub fn dump(connection: &Connection, organization: &str) -> BTreeMap<String, Vec<Vec<Value>>> {
    let owned = "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND c.name = 'organization_id'
          AND m.name NOT IN ('activity', 'api_key_uses')";
    let mut dump = BTreeMap::new();
    for table in texts(connection, owned) {
        let select =
            format!("SELECT * FROM {table} WHERE organization_id = x'{}'", hex(organization));
        let columns = connection.prepare(&select).unwrap().column_count();
        // No key of a table has more columns that tell its rows apart.
        let order: Vec<_> = (1..=columns.min(3)).map(|it| it.to_string()).collect();
        let all = format!("{select} ORDER BY {}", order.join(", "));
        let read = |row: &Row<'_>| (0..columns).map(|at| row.get(at).unwrap()).collect();
        dump.insert(table, rows(connection, &all, read));
    }
    dump
}

/// Makes users without asking the server, as copies of one that it has made: a test of large
/// groups need not wait for their creation. Returns their ids.
pub fn copy_user(connection: &mut Connection, id: &str, name: &str, copies: usize) -> Vec<String> {
    let count = i64::try_from(copies).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction
        .execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
             INSERT INTO users (organization_id, id, user_name_key, external_id, display_name_key,
                 active, source, protected, created_us, updated_us, version, document)
             SELECT organization_id, unhex(substr(hex(id), 1, 22) || printf('%010x', i)),
                 user_name_key || i, external_id, display_name_key, active, source, protected,
                 created_us, updated_us, version, replace(document, ?3, ?3 || i)
             FROM n, users WHERE hex(id) = upper(?2)",
            rusqlite::params![count, hex(id), name],
        )
        .unwrap();
    transaction.commit().unwrap();
    // Everything but the last group of digits, whose first two are random and stay.
    let stem = &id[..26];
    (1..=copies).map(|at| format!("{stem}{at:010x}")).collect()
}
