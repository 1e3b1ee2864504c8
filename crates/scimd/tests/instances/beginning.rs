//! Instances that start on nothing.

use serde_json::Value;

use crate::started::House;

on_both!(two_that_start_together_migrate_once, three_that_start_together_migrate_once);

// R6
fn two_that_start_together_migrate_once(house: &House) {
    migrate_once(house, 2);
}

// R6
fn three_that_start_together_migrate_once(house: &House) {
    migrate_once(house, 3);
}

fn migrate_once(house: &House, count: usize) {
    let started = house.start(count);
    let organizations = house.place.ask(&["organization", "list"]);
    assert_eq!(organizations.as_array().unwrap().len(), 1, "{organizations}");
    let with_key = started.announced.iter().filter(|it| !it["firstKeyFile"].is_null()).count();
    assert_eq!(with_key, 1, "{:?}", started.announced);
    let steps = house.place.ask(&["migrate", "status"]);
    let steps = steps.as_array().unwrap();
    assert!(steps.iter().all(|it| it["applied"] == Value::Bool(true)), "{steps:?}");
    let applied = house.texts("SELECT version FROM seaql_migrations");
    assert_eq!(applied.len(), steps.len(), "{applied:?}");
}
