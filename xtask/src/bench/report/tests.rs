use super::super::Database;
use super::super::measure::{Subject, Target};
use super::super::target::HANDLER;
use super::{Row, row};

fn subject(name: &'static str, database: Database, users: u32) -> Subject {
    Subject { database: Some(database), users: Some(users), ..Subject::named(name) }
}

#[test]
fn a_row_stands_beside_its_limit_and_its_smallest_size_on_the_same_database() {
    let get =
        |database, users, limit| Subject { limit: Some(limit), ..subject("get", database, users) };
    let bare = Subject { database: Some(Database::Postgres), ..Subject::named("bare look-up") };
    let targets = [
        Target::measured(Subject::named(HANDLER), 1_000),
        Target::measured(bare, 800),
        Target::measured(get(Database::Sqlite, 100, HANDLER), 600),
        Target::measured(get(Database::Sqlite, 100_000, HANDLER), 300),
        Target::measured(get(Database::Postgres, 100_000, "bare look-up"), 200),
        Target::measured(subject("create", Database::Sqlite, 100), 10),
    ];
    let rows: Vec<Row> = targets.iter().map(|target| row(target, &targets)).collect();
    let shown: Vec<_> = rows.iter().map(|row| (row.limit, row.growth)).collect();
    let expected = [
        (None, None),
        (None, None),
        (Some((HANDLER, 0.6)), Some(1.0)),
        (Some((HANDLER, 0.3)), Some(2.0)),
        (Some(("bare look-up", 0.25)), Some(1.0)),
        (None, Some(1.0)),
    ];
    assert_eq!(shown, expected);
}
