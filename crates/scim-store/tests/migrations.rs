//! The schema history on SQLite: up, down, and what the status tells.
#![cfg(test)]

use rusqlite::Connection;
use scim_migrations::{LATEST, down, fresh, pending, status, up};

fn tables(path: &std::path::Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut names = connection
        .prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        .unwrap();
    names.query_map([], |it| it.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn every_step_goes_up_and_down_and_up_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scimd.db");
    let url = format!("sqlite://{}", path.display());
    assert!(status(&url).await.is_err(), "there is no such database");
    up(&url).await.unwrap();
    let steps = status(&url).await.unwrap();
    assert!(steps.iter().all(|(_, applied)| *applied));
    assert_eq!(steps.last().unwrap().0, LATEST);
    assert!(pending(&url).await.unwrap().is_empty());
    let whole = tables(&path);
    for left in (0..steps.len()).rev() {
        down(&url, 1).await.unwrap();
        let applied = status(&url).await.unwrap().into_iter().filter(|(_, applied)| *applied);
        assert_eq!(applied.count(), left);
    }
    assert_eq!(tables(&path), ["seaql_migrations"]);
    assert_eq!(pending(&url).await.unwrap().len(), steps.len());
    up(&url).await.unwrap();
    up(&url).await.unwrap();
    assert_eq!(tables(&path), whole);
}

#[tokio::test]
async fn fresh_leaves_an_empty_schema_of_today() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scimd.db");
    let url = format!("sqlite://{}", path.display());
    up(&url).await.unwrap();
    let insert = "INSERT INTO organizations (id, name, plan, created_us)\
         VALUES (randomblob(16), 'Acme', 'growth', 0)";
    Connection::open(&path).unwrap().execute(insert, []).unwrap();
    fresh(&url).await.unwrap();
    assert!(pending(&url).await.unwrap().is_empty());
    let left: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT COUNT(*) FROM organizations", [], |it| it.get(0))
        .unwrap();
    // The operator's own.
    assert_eq!(left, 1);
}
