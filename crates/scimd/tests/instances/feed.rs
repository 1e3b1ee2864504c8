//! The events of an organization that is written through several instances.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::Client;
use crate::instance::poll;
use crate::started::House;
use crate::world::{merge, text, user};

const USERS: &str = "/scim/v2/Users";

on_both!(events_are_numbered_without_gaps_and_in_order);

/// All events after the beginning, in pages.
fn events(client: &mut Client) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = client.get(&format!("/api/v1/events?limit=100&after={after}"));
        assert_eq!(page.status, 200, "{page:?}");
        let page = page.json();
        let items = page["items"].as_array().unwrap();
        if items.is_empty() {
            return all;
        }
        all.extend(items.iter().cloned());
        after = page["nextAfter"].as_u64().unwrap();
    }
}

// W1, W2
fn events_are_numbered_without_gaps_and_in_order(house: &House) {
    const EACH: usize = 8;
    const WRITERS: usize = 6;

    let (started, acme) = house.serve();
    let words = ["--name", "Backend", "--permission", "events.read"];
    let backend = text(&acme.ask(&house.place, &["api-key", "create"], &words)["token"]);
    // Each step of a user's life through another instance than the one before.
    started.at_once(&acme.token, WRITERS, |writer, first| {
        let mut others = started.clients(&acme.token);
        for number in 0..EACH {
            let id = first.create(USERS, &user(&format!("user-{writer}-{number}@acme.example")));
            let path = format!("{USERS}/{id}");
            for step in 1..=3 {
                let titled = merge(&json!({ "title": format!("Step {step}") }));
                assert_eq!(others[(writer + step) % 3].patch(&path, &titled).status, 200);
            }
            assert_eq!(others[(writer + number) % 3].delete(&path).status, 204);
        }
    });
    let mut readers = started.clients(&backend);
    let deleted = |all: &[Value]| all.iter().filter(|it| it["type"] == "user.deleted").count();
    let mut told = Vec::new();
    poll("the last events", || {
        told = events(&mut readers[0]);
        deleted(&told) == WRITERS * EACH
    });
    for reader in &mut readers {
        assert_eq!(events(reader), told);
    }
    let numbers: Vec<_> = told.iter().map(|it| it["sequence"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=told.len() as u64).collect::<Vec<_>>());
    let mut lives = BTreeMap::<&str, Vec<&str>>::new();
    for event in told.iter().filter(|it| it["subject"]["type"] == "user") {
        let subject = event["subject"]["id"].as_str().unwrap();
        lives.entry(subject).or_default().push(event["type"].as_str().unwrap());
    }
    assert_eq!(lives.len(), WRITERS * EACH);
    let whole = ["user.created", "user.updated", "user.updated", "user.updated", "user.deleted"];
    for life in lives.values() {
        assert_eq!(*life, whole);
    }
}
