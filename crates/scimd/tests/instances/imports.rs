//! An import that is killed, and given again.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use crate::instance::poll;
use crate::started::House;
use crate::whole::assert_whole;
use crate::world::Organization;

const USERS: i64 = 5_000;

on_both!(a_killed_import_left_whole_users_and_goes_on_when_it_is_given_again);

/// A file of users; its lines.
fn write(house: &House) -> String {
    let mut rows = "userName,name.givenName,name.familyName,emails.value\n".to_owned();
    for number in 0..USERS {
        writeln!(rows, "user{number}@acme.example,Given,Family{number},user{number}@acme.example")
            .unwrap();
    }
    std::fs::write(house.place.path("users.csv"), &rows).unwrap();
    rows
}

/// Begins the import, and kills it when it has taken somebody in, and not been told of everybody.
fn kill_halfway(house: &House, acme: &Organization, rows: &str) {
    let words = ["import", "-", "--format", "csv", "--organization", &acme.id];
    let mut import = house.place.command(&words);
    import.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut import = import.spawn().unwrap();
    let half = rows.len() / 2;
    // Its input stays open, so it waits for the rest, however quick it is.
    import.stdin.as_mut().unwrap().write_all(&rows.as_bytes()[..half]).unwrap();
    poll("the first users", || house.count("SELECT count(*) FROM users") > 0);
    import.kill().unwrap();
    import.wait().unwrap();
    // The server of the database may not have noticed yet, and be at a last commit.
    if let Some(database) = &house.database {
        let others = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let sql = database.open();
        poll("the end of its connections", || sql.count(others) == 0);
    }
}

/// The ids and versions of all users, in the order in which they were made.
fn users(house: &House) -> Vec<String> {
    let id = house.id_as_text();
    house.texts(&format!("SELECT {id} || ' ' || version FROM users ORDER BY id"))
}

fn import(house: &House, acme: &Organization) -> [i64; 4] {
    let said = acme.ask(&house.place, &["import", "users.csv"], &[]);
    ["created", "unchanged", "updated", "refused"].map(|it| said[it].as_i64().unwrap())
}

// R4
fn a_killed_import_left_whole_users_and_goes_on_when_it_is_given_again(house: &House) {
    house.place.ask(&["migrate", "up"]);
    let acme = Organization::create(&house.place, "Acme");
    let rows = write(house);
    kill_halfway(house, &acme, &rows);
    let before = users(house);
    let there = i64::try_from(before.len()).unwrap();
    assert!((1..USERS).contains(&there), "{there} users");
    assert_whole(|it| house.count(it));
    assert_eq!(import(house, &acme), [USERS - there, there, 0, 0]);
    let after = users(house);
    assert_eq!(i64::try_from(after.len()).unwrap(), USERS);
    assert_eq!(after[..before.len()], before);
    assert_whole(|it| house.count(it));
    assert_eq!(import(house, &acme), [0, USERS, 0, 0]);
    assert_eq!(users(house), after);
}
