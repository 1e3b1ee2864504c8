//! Random users and random filters, drawn anew in every run.

use proptest::{
    prelude::*,
    sample::select,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::{Value, json};

/// Few texts, so that equals, prefixes and odd characters meet each other often.
const TEXTS: [&str; 14] = [
    "anna",
    "Anna",
    "ANNA@acme.example",
    "an",
    "ann%",
    "ann_a",
    "Ä",
    "ä",
    "straße",
    "STRASSE",
    "\u{212A}elvin",
    "a\\b",
    " padded ",
    "\u{10FFFD}",
];

/// The URN of a declared schema with `number`, `tags` and `note`.
pub const BADGE: &str = "urn:acme:Badge:2.0";

const MOMENTS: [&str; 3] =
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:03Z", "2025-12-31T23:59:59.999999Z"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![select(&TEXTS[..]).prop_map(str::to_owned), "[a-cA-C]{1,3}"]
}

fn body() -> impl Strategy<Value = Value> {
    let emails = prop::collection::vec((text(), select(vec!["work", "home"])), 0..3);
    let parts = (
        text(),
        prop::option::of(text()),
        prop::option::of(text()),
        prop::option::of(any::<bool>()),
        emails,
        prop::option::of(text()),
        (prop::option::of(text()), prop::collection::vec(text(), 0..3), prop::option::of(text())),
    );
    parts.prop_map(|(name, external_id, display_name, active, emails, title, badge)| {
        let emails: Vec<_> = emails
            .into_iter()
            .map(|(value, kind)| json!({ "value": value, "type": kind }))
            .collect();
        json!({
            "userName": name, "externalId": external_id, "displayName": display_name,
            "active": active, "emails": emails, "title": title,
            BADGE: { "number": badge.0, "tags": badge.1, "note": badge.2 },
        })
    })
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// A comparison; the ids are those of users and groups that exist.
fn comparison(ids: Vec<String>) -> impl Strategy<Value = String> {
    let texts = select(vec![
        "userName",
        "externalId",
        "displayName",
        "title",
        "emails.value",
        "emails",
        "emails.type",
        "name.givenName",
        "groups.display",
        "urn:acme:Badge:2.0:number",
        "urn:acme:Badge:2.0:tags",
        "urn:acme:Badge:2.0:note",
    ]);
    let operators = || select(vec!["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]);
    let orders = select(vec!["eq", "ne", "gt", "ge", "lt", "le"]);
    let moments = select(vec!["meta.created", "meta.lastModified"]);
    let equality = || select(vec!["eq", "ne"]);
    let paths = select(vec![
        "userName",
        "externalId",
        "displayName",
        "active",
        "emails",
        "emails.value",
        "groups",
        "groups.value",
        "title",
        "id",
        "meta.created",
        "urn:acme:Badge:2.0:number",
        "urn:acme:Badge:2.0:tags",
    ]);
    prop_oneof![
        4 => (texts, operators(), text()).prop_map(|(path, op, it)| format!("{path} {op} {}", quoted(&it))),
        1 => (moments, orders, select(&MOMENTS[..]))
            .prop_map(|(path, op, it)| format!("{path} {op} \"{it}\"")),
        1 => (equality(), any::<bool>()).prop_map(|(op, it)| format!("active {op} {it}")),
        2 => (select(vec!["id", "groups", "groups.value"]), operators(), select(ids))
            .prop_map(|(path, op, it)| format!("{path} {op} \"{it}\"")),
        1 => paths.clone().prop_map(|path| format!("{path} pr")),
        1 => (select(vec!["userName", "externalId", "displayName", "active", "emails.value", "title"]), equality())
            .prop_map(|(path, op)| format!("{path} {op} null")),
        2 => (operators(), text(), equality(), select(vec!["work", "home"]), 0..4_u8).prop_map(
            |(op, it, equal, kind, form)| {
                let value = format!("value {op} {}", quoted(&it));
                match form {
                    0 => format!("emails[{value}]"),
                    1 => format!("emails[{value} and type {equal} \"{kind}\"]"),
                    2 => format!("emails[{value} or type {equal} \"{kind}\"]"),
                    _ => format!("emails[not ({value})]"),
                }
            }
        ),
    ]
}

fn filter(ids: Vec<String>) -> impl Strategy<Value = String> {
    comparison(ids).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| format!("not ({it})")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} and {other})")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("({one} or {other})")),
        ]
    })
}

/// So many filters.
pub fn filters(ids: Vec<String>, number: usize) -> Vec<String> {
    let mut runner = TestRunner::default();
    let strategy = filter(ids);
    (0..number).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// So many bodies of users.
pub fn bodies(number: usize) -> Vec<Value> {
    let mut runner = TestRunner::default();
    let strategy = body();
    (0..number).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}
