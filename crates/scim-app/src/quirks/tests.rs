//! Each quirk as it is sent, and as the core wants it.

use std::path::Path;

use scim_domain::schema::{Catalog, ENTERPRISE_USER, ResourceKind};
use serde_json::{Value as Plain, json};

use super::*;

mod patch;
mod resource;
mod scim_1_1;

fn read(json: &Plain) -> Json {
    Json::parse(json.to_string().as_bytes()).expect("JSON of the test")
}

/// These bodies mean the same, and show these quirks.
fn means(kind: ResourceKind, message: Message, sent: &Plain, meant: &Plain, quirks: &[Quirk]) {
    let catalog = Catalog::standard();
    let rewritten = rewrite(catalog.of(kind), message, read(sent));
    assert_eq!(sorted(rewritten.body), sorted(read(meant)), "of {sent}");
    assert_eq!(rewritten.quirks, quirks, "of {sent}");
}

/// This body stays as it is, and shows no quirk.
fn stays(kind: ResourceKind, message: Message, sent: &Plain) {
    means(kind, message, sent, sent, &[]);
}

/// The order of members says nothing.
fn sorted(json: Json) -> Json {
    match json {
        Json::Array(all) => Json::Array(all.into_iter().map(sorted).collect()),
        Json::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Json::Object(members)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => json,
    }
}

#[test]
fn every_quirk_has_a_name_of_its_own_and_a_sentence() {
    let names: BTreeSet<_> = Quirk::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(names.len(), Quirk::ALL.len());
    for quirk in Quirk::ALL {
        let name = quirk.name();
        assert_eq!(Quirk::parse(name), Some(quirk));
        assert!(name.bytes().all(|it| it.is_ascii_lowercase() || b"_1".contains(&it)), "{name}");
        assert!(quirk.sentence().ends_with('.'), "{name}");
    }
    assert_eq!(Quirk::parse("Replace"), None);
}

#[test]
fn what_is_no_object_stays_as_it_is() {
    for body in [json!(null), json!([]), json!("x"), json!(1), json!({}), json!([{"op": "Add"}])] {
        for message in [Message::Resource, Message::Patch] {
            stays(ResourceKind::User, message, &body);
            stays(ResourceKind::Group, message, &body);
        }
    }
}

/// The comments of the quirks name recorded requests, in the order of `ALL`: they must be there.
#[test]
fn every_quirk_has_a_recorded_request() {
    let source = include_str!("../quirks.rs");
    let home = concat!(env!("CARGO_MANIFEST_DIR"), "/../scim-http/tests/identity_providers");
    let mut rest = source.split_once("pub enum Quirk {").expect("the enum").1;
    for quirk in Quirk::ALL {
        let (comment, after) = rest.split_once(&format!("\n    {quirk:?},")).expect("its comment");
        rest = after;
        // A comment may break before the name of its record.
        let mut names = comment.split('`').filter(|it| it.contains('/') && !it.contains(' '));
        let recorded = names.any(|it| Path::new(home).join(format!("{it}.json")).is_file());
        assert!(recorded, "no recorded request: {comment}");
    }
}
