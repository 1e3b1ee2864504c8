//! Migrating: at start, by hand, and two at once.

use serde_json::Value;

use crate::http::Request;
use crate::instance::Place;

fn applied(status: &Value) -> Vec<bool> {
    status.as_array().unwrap().iter().map(|it| it["applied"].as_bool().unwrap()).collect()
}

#[test]
fn migrations_go_up_and_down_and_tell_where_they_are() {
    let place = Place::development();
    let before = place.ask(&["migrate", "status"]);
    assert!(!applied(&before).is_empty());
    assert!(applied(&before).iter().all(|applied| !applied));
    assert!(!place.path("data/scimd.db").exists(), "asking makes no database");

    place.ask(&["migrate", "up"]);
    assert!(applied(&place.ask(&["migrate", "status"])).iter().all(|applied| *applied));
    place.ask(&["migrate", "up"]);

    place.ask(&["migrate", "down", "--steps", "1"]);
    assert_eq!(applied(&place.ask(&["migrate", "status"])).last(), Some(&false));
    place.ask(&["migrate", "up"]);
    place.ask(&["migrate", "down", "--all"]);
    assert!(applied(&place.ask(&["migrate", "status"])).iter().all(|applied| !applied));
}

#[test]
fn a_schema_that_is_not_the_programs_is_refused() {
    let place = Place::development().with("SCIMD__DATABASE__MIGRATE", "false");
    for words in [&["serve"][..], &["organization", "list"]] {
        let reason = place.refused(words);
        assert!(reason.contains("scimd migrate up"), "{reason}");
    }
    place.ask(&["migrate", "up"]);
    assert_eq!(place.ask(&["organization", "list"]), serde_json::json!([]));
    place.ask(&["migrate", "down"]);
    for words in [&["serve"][..], &["organization", "list"]] {
        let reason = place.refused(words);
        assert!(reason.contains("scimd migrate up"), "{reason}");
    }
}

#[test]
fn a_schema_from_a_newer_program_is_refused_and_left_alone() {
    let place = Place::development();
    place.ask(&["migrate", "up"]);
    let database = rusqlite::Connection::open(place.path("data/scimd.db")).unwrap();
    let newer = "INSERT INTO seaql_migrations VALUES ('m20990101_000001_newer', 0)";
    assert_eq!(database.execute(newer, ()).unwrap(), 1);
    for words in
        [&["serve"][..], &["organization", "list"], &["migrate", "up"], &["migrate", "down"]]
    {
        let reason = place.refused(words);
        assert!(reason.contains("it may be from a newer one"), "{reason}");
        assert!(reason.contains("m20990101_000001_newer"), "{reason}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let place = Place::bare()
        .with("SCIMD__DATABASE__URL", "sqlite://notes.txt")
        .with("SCIMD__SERVER__BIND", "127.0.0.1:0");
    let notes = "milk, bread, and much more text than the head of a database has: ".repeat(20);
    std::fs::write(place.path("notes.txt"), &notes).unwrap();
    for words in
        [&["serve"][..], &["migrate", "up"], &["migrate", "status"], &["organization", "list"]]
    {
        let reason = place.refused(words);
        assert!(reason.contains("notes.txt is no database"), "{reason}");
    }
    assert_eq!(std::fs::read_to_string(place.path("notes.txt")).unwrap(), notes);
}

// R6
#[test]
fn two_that_start_on_an_empty_database_migrate_it_once() {
    let shared = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/scimd.db", shared.path().display());
    let place = || Place::development().with("SCIMD__DATABASE__URL", &url);
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| place().serve());
        let second = scope.spawn(|| place().serve());
        (first.join().unwrap(), second.join().unwrap())
    });
    for instance in [&first, &second] {
        assert_eq!(instance.send(&Request::get("/readyz")).status, 200);
    }
    let organizations = first.place.ask(&["organization", "list"]);
    assert_eq!(organizations.as_array().unwrap().len(), 1, "{organizations}");
    let told =
        [&first, &second].iter().filter(|it| it.announced["firstKeyFile"].is_string()).count();
    assert_eq!(told, 1, "one of them makes the first organization");
}
