//! A backup that is made while somebody writes, and a second scimd that starts on it.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use serde_json::json;

use crate::http::Request;
use crate::instance::{Instance, Place, mode, poll, text};

/// What must be in every copy.
struct Before {
    organization: String,
    key: String,
    user: String,
}

fn create(instance: &Instance, key: &str, path: &str, body: &serde_json::Value) -> Option<String> {
    let created = instance.send(&Request::post(path, body).key(key));
    (created.status == 201).then(|| created.json()["id"].as_str().unwrap().to_owned())
}

/// An organization with a user who is an admin.
fn before(instance: &Instance) -> Before {
    let place = &instance.place;
    let made = place.ask(&["organization", "create", "--name", "Acme", "--plan", "growth"]);
    let organization = made["id"].as_str().unwrap().to_owned();
    let words = ["api-key", "create", "--name", "Okta", "--permission", "scim"];
    let words = [&words[..], &["--organization", &organization]].concat();
    let key = place.ask(&words)["token"].as_str().unwrap().to_owned();
    let user = create(instance, &key, "/scim/v2/Users", &json!({ "userName": "ann" })).unwrap();
    let group = json!({ "displayName": "Crew", "members": [{ "value": user }] });
    let group = create(instance, &key, "/scim/v2/Groups", &group).unwrap();
    let words = ["group", "map", "--role", "admin", "--group", &group];
    place.ask(&[&words[..], &["--organization", &organization]].concat());
    Before { organization, key, user }
}

/// Writes users one after the other until told to stop, while backups are made.
fn back_up_under_writes(instance: &Instance, before: &Before, files: &[&str]) {
    let (written, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let name = format!("user-{}", written.load(Ordering::Relaxed));
                let body = json!({ "userName": name });
                assert!(create(instance, &before.key, "/scim/v2/Users", &body).is_some());
                written.fetch_add(1, Ordering::Relaxed);
            }
        });
        for file in files {
            let begun = written.load(Ordering::Relaxed);
            poll("a write", || written.load(Ordering::Relaxed) > begun);
            let said = instance.place.ask(&["backup", "--output", file]);
            assert_eq!(said["file"], *file);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

// R1
#[test]
fn a_backup_made_under_writes_is_a_database_that_scimd_starts_on() {
    let instance = Place::development().serve();
    let before = before(&instance);
    back_up_under_writes(&instance, &before, &["one.db", "two.db"]);
    let copy = instance.place.path("two.db");
    assert_eq!(mode(&copy), 0o600);
    for beside in ["two.db-wal", "two.db-shm", "two.db-journal"] {
        assert!(!instance.place.path(beside).exists(), "{beside}");
    }
    let restored = Place::development();
    fs::create_dir(restored.path("data")).unwrap();
    fs::copy(&copy, restored.path("data/scimd.db")).unwrap();
    let restored = restored.serve();
    let get = |path: &str| restored.send(&Request::get(path).key(&before.key));
    let user = get(&format!("/scim/v2/Users/{}", before.user)).json();
    assert_eq!((&user["userName"], &user["groups"][0]["display"]), (&json!("ann"), &json!("Crew")));
    let found = get("/scim/v2/Users?count=1000").json();
    assert!(found["totalResults"].as_u64().unwrap() > 2, "{found}");
    let organization = ["--organization", before.organization.as_str()];
    let ask = |words: &[&str]| restored.place.ask(&[words, &organization].concat());
    assert_eq!(ask(&["access", "show", "--user-name", "ann"])["roles"], json!(["admin"]));
    // What was not sealed in the copy is sealed now, and goes on where the chain was.
    let body = json!({ "userName": "after" });
    assert!(create(&restored, &before.key, "/scim/v2/Users", &body).is_some());
    poll("the sealing of the copy", || {
        let verified = ask(&["audit", "verify"]);
        verified["valid"] == true && verified["unsealed"] == 0
    });
}

#[test]
fn a_backup_overwrites_nothing_and_leaves_nothing_where_it_fails() {
    let place = Place::development();
    let said = place.refused(&["backup", "--output", "copy.db"]);
    assert!(said.contains("no database"), "{said}");
    place.ask(&["migrate", "up"]);
    fs::write(place.path("copy.db"), "mine").unwrap();
    let said = place.refused(&["backup", "--output", "copy.db"]);
    assert!(said.contains("overwrites nothing"), "{said}");
    assert_eq!(fs::read_to_string(place.path("copy.db")).unwrap(), "mine");
    let said = place.refused(&["backup", "--output", "nowhere/copy.db"]);
    assert!(said.contains("nowhere"), "{said}");
    let names = fs::read_dir(place.path("")).unwrap().map(|it| it.unwrap().file_name());
    let partial: Vec<_> = names.filter(|it| it.to_string_lossy().contains("partial")).collect();
    assert!(partial.is_empty(), "{partial:?}");
}

#[test]
fn a_database_that_is_damaged_has_no_backup() {
    let place = Place::development();
    place.ask(&["migrate", "up"]);
    let database = place.path("data/scimd.db");
    let mut bytes = fs::read(&database).unwrap();
    let end = bytes.len();
    bytes[end / 2..].fill(0x5a);
    fs::write(&database, bytes).unwrap();
    let output = place.run(&["backup", "--output", "copy.db"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!place.path("copy.db").exists());
}

#[test]
fn a_backup_that_is_stopped_leaves_nothing() {
    let place = Place::development();
    place.ask(&["migrate", "up"]);
    // Something to be copied for a while.
    let database = rusqlite::Connection::open(place.path("data/scimd.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE more (number INTEGER PRIMARY KEY, text TEXT UNIQUE);
             WITH RECURSIVE some(number) AS (
                SELECT 1 UNION ALL SELECT number + 1 FROM some WHERE number < 200000)
             INSERT INTO more SELECT number, hex(number) FROM some",
        )
        .unwrap();
    drop(database);
    // It may be whole before it hears of the signal.
    let stopped = (0..20).any(|_| {
        let mut backup = place.command(&["backup", "--output", "copy.db"]);
        let mut backup = backup.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let partial = place.path("copy.db.partial");
        while !partial.exists() && backup.try_wait().unwrap().is_none() {
            thread::yield_now();
        }
        Command::new("kill").args(["-TERM", &backup.id().to_string()]).output().unwrap();
        let output = backup.wait_with_output().unwrap();
        let names: Vec<_> = fs::read_dir(place.path(""))
            .unwrap()
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .filter(|it| it != "data")
            .collect();
        if output.status.success() {
            assert_eq!(names, ["copy.db"]);
            fs::remove_file(place.path("copy.db")).unwrap();
            return false;
        }
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("stopped by SIGTERM: there is no copy"), "{said}");
        assert!(names.is_empty(), "{names:?}");
        true
    });
    assert!(stopped, "never heard of a signal in time");
}
