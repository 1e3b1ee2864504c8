//! Warnings before keys expire, told by the running service.

use serde_json::Value;

use crate::database;
use crate::instance::{Place, poll};
use crate::world::{Organization, text};

/// What the audit log says of expiring keys, newest first.
fn told(place: &Place, organization: &Organization) -> Vec<Value> {
    let entries = organization.ask(place, &["audit", "list"], &[]);
    let expiring = |it: &&Value| it["action"] == "api_key.expiring";
    entries.as_array().unwrap().iter().filter(expiring).cloned().collect()
}

#[test]
fn a_warning_that_was_due_while_nobody_served_is_told_at_the_next_start() {
    let instance = Place::development().serve();
    let acme = Organization::create(&instance.place, "Acme");
    let words = ["--name", "Short-lived", "--expires-in", "5d"];
    let key = text(&acme.ask(&instance.place, &["api-key", "create"], &words)["id"]);
    let place = instance.stop();
    let connection = database::open(&place);
    let late = format!("UPDATE api_keys SET warning_us = 1 WHERE id = x'{}'", database::hex(&key));
    assert_eq!(connection.execute(&late, []).unwrap(), 1);
    let instance = place.serve();
    poll("the warning", || !told(&instance.place, &acme).is_empty());
    let all = told(&instance.place, &acme);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["detail"]["daysLeft"], 5);
    assert_eq!(all[0]["actor"], "system");
    // The next one is due a day before the end.
    let next = "SELECT CAST((expires_us - warning_us) / 1000000 AS TEXT) FROM api_keys
        WHERE warning_us IS NOT NULL";
    assert_eq!(database::texts(&connection, next), ["86400"]);
}
