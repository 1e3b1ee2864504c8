use super::super::Database;
use super::super::measure::{Spread, Subject, Target};
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
        Target::measured(Subject::named(HANDLER), &[1_000]),
        Target::measured(bare, &[800]),
        Target::measured(get(Database::Sqlite, 100, HANDLER), &[600]),
        Target::measured(get(Database::Sqlite, 100_000, HANDLER), &[300]),
        Target::measured(get(Database::Postgres, 100_000, "bare look-up"), &[200]),
        Target::measured(subject("create", Database::Sqlite, 100), &[10]),
    ];
    let rows: Vec<Row> = targets.iter().map(|target| row(target, &targets)).collect();
    let median = |it: Spread| it.median;
    let limit = |row: &Row| row.limit.map(|(name, part)| (name, part.median));
    let shown: Vec<_> = rows.iter().map(|it| (limit(it), it.growth.map(median))).collect();
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

#[test]
fn a_ratio_is_that_of_each_round() {
    let limit = Subject { database: Some(Database::Sqlite), ..Subject::named("bare") };
    let get = Subject { limit: Some("bare"), ..subject("get", Database::Sqlite, 100) };
    // The machine was half as quick in the second round, and nobody measured the limit in the last.
    let targets = [Target::measured(limit, &[100, 50]), Target::measured(get, &[80, 40, 20])];
    let row = row(&targets[1], &targets);
    assert_eq!(row.limit, Some(("bare", Spread { low: 0.8, median: 0.8, high: 0.8 })));
    assert_eq!(row.rate, Spread { low: 20.0, median: 40.0, high: 80.0 });
    assert!(
        row.line().contains(" 20.0–80.0 ") && row.line().contains(" 0.80–0.80 "),
        "{}",
        row.line()
    );
}

#[test]
fn what_has_fewer_connections_says_so() {
    let few = Subject { connections: Some(2), ..subject("get all", Database::Sqlite, 100) };
    let targets = [Target::measured(few, &[10])];
    assert!(row(&targets[0], &targets).line().starts_with("get all (2) "));
}
