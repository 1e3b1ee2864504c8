use super::super::Database;
use super::super::measure::{Subject, Target};
use super::super::report::{Report, row};
use super::{decades, draw};

#[test]
fn every_operation_has_its_line_and_its_name() {
    let of = |name, users, members| Subject {
        database: Some(Database::Sqlite),
        users: Some(users),
        members,
        ..Subject::named(name)
    };
    let targets = [
        Target::measured(Subject::named("bare"), &[1_000]),
        Target::measured(of("get a user", 100, None), &[600]),
        Target::measured(of("get a user", 10_000, None), &[500]),
        Target::measured(of("add a member", 10_000, Some(10)), &[50]),
    ];
    let report = Report::of(targets.iter().map(|target| row(target, &targets)).collect());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cost.svg");
    draw(&report, &file).unwrap();
    let drawn = std::fs::read_to_string(file).unwrap();
    for name in ["<svg", "get a user, SQLite", "add a member, SQLite"] {
        assert!(drawn.contains(name), "{name}");
    }
}

#[test]
fn an_axis_goes_from_one_power_of_ten_to_another() {
    let ends = |numbers: &[f64]| {
        let range = decades(numbers.iter().copied());
        (range.start.round(), range.end.round())
    };
    assert_eq!(ends(&[25.0, 1_200.0]), (10.0, 10_000.0));
    assert_eq!(ends(&[100.0]), (100.0, 1_000.0));
}
