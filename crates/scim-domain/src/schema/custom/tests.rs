use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::schema::Found;

const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);
const BADGE: &str = "urn:acme:Badge";

fn read(json: &Value) -> Json {
    Json::parse(json.to_string().as_bytes()).unwrap()
}

fn declaration(urn: &str, attributes: &Value) -> Json {
    read(&json!({ "id": urn, "name": "Badge", "attributes": attributes }))
}

fn declare(urn: &str, others: &[CustomSchema]) -> Result<CustomSchema, Undeclarable> {
    let id = SchemaId::new(Uuid::from_u128(others.len() as u128 + 1));
    let json = declaration(urn, &json!([{ "name": "number" }]));
    let declared = CustomSchema::declare(id, ResourceKind::User, &json, others, NOW)?;
    Ok(declared.outcome().clone())
}

#[test]
fn a_urn_is_told_apart_from_all_others_whatever_its_case() {
    let badge = declare(BADGE, &[]).unwrap();
    let others = [badge];
    assert_eq!(declare("URN:ACME:badge", &others).unwrap_err().rule, Rule::Taken);
    for urn in ["urn:acme:badge:number", "urn:acme"] {
        let refused = declare(urn, &others).unwrap_err().rule;
        assert!(matches!(refused, Rule::Overlap(_) | Rule::Urn), "{urn}: {refused:?}");
    }
    for urn in ["urn:acme:Badge2", "urn:acme:badg"] {
        declare(urn, &others).unwrap();
    }
}

#[test]
fn an_organization_declares_at_most_so_many() {
    let mut all = Vec::new();
    for number in 0..SCHEMAS {
        all.push(declare(&format!("urn:acme:S{number}"), &all).unwrap());
    }
    let refused = declare("urn:acme:more", &all).unwrap_err().rule;
    assert!(matches!(refused, Rule::TooMany { most: SCHEMAS, .. }), "{refused:?}");
}

#[test]
fn a_declared_schema_extends_its_resource_type_alone() {
    let badge = declare(BADGE, &[]).unwrap();
    let catalog = Catalog::standard().with(std::slice::from_ref(&badge));
    let name = format!("{BADGE}:NUMBER");
    assert!(matches!(catalog.user.find(&name), Found::Attribute(_)));
    assert!(matches!(catalog.group.find(&name), Found::Foreign));
    assert!(matches!(Catalog::standard().user.find(&name), Found::Foreign));
}

#[test]
fn an_index_of_an_attribute_that_was_there_is_built() {
    let badge = declare(BADGE, &[]).unwrap();
    assert!(badge.building().is_empty());
    let same = badge.change(&declaration(BADGE, &json!([{ "name": "number" }])), NOW).unwrap();
    assert_eq!((same.outcome(), same.events()), (&badge, &[][..]));

    let indexed = json!([{ "name": "number", "indexed": true }, { "name": "colour" }]);
    let change = badge.change(&declaration(BADGE, &indexed), NOW).unwrap();
    assert_eq!(change.events()[0].kind, EventKind::SchemaUpdated);
    let started = change.outcome().clone();
    assert_eq!(started.building(), ["number"]);
    let halfway = CustomSchema { indexed_up_to: Some(UserId::new(Uuid::nil())), ..started };

    // Another attribute beside it: all users must be looked at once more.
    let both =
        json!([{ "name": "number", "indexed": true }, { "name": "colour", "indexed": true }]);
    let change = halfway.change(&declaration(BADGE, &both), NOW).unwrap();
    let started = change.outcome();
    assert_eq!((started.building(), started.indexed_up_to), (vec!["number", "colour"], None));

    let read = started.clone().with_building(&["colour".to_owned()]);
    assert_eq!(read.building(), ["colour"]);
    let done = read.indexed();
    assert_eq!(done.events()[0].kind, EventKind::SchemaIndexed);
    assert!(done.outcome().building().is_empty());
}
