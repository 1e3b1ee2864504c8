//! What only custom schemas have: fixed attributes, required parts, lists of simple values.

use std::sync::Arc;

use serde_json::{Value as Plain, json};

use super::{PatchOptions, Resource, apply, document, in_catalog, operations};
use crate::{
    Reason,
    resource::Document,
    schema::{Attribute, Catalog, Extension, Kind, Mutability, Schema},
    testing::schemas,
};

const BADGE: &str = "urn:example:badge:2.0:User";

fn text(name: &str) -> Attribute {
    let catalog = Catalog::standard();
    let title = catalog.user.schema.attributes.iter().find(|it| &*it.name == "title");
    Attribute { name: name.into(), ..title.expect("a title").clone() }
}

fn attributes() -> Vec<Attribute> {
    let fixed = |it: Attribute| Attribute { mutability: Mutability::Immutable, ..it };
    let desk =
        vec![fixed(text("building")), text("room"), Attribute { required: true, ..text("seat") }];
    let desk = Attribute { kind: Kind::Complex, sub_attributes: desk, ..text("desk") };
    vec![
        fixed(text("number")),
        Attribute { multi_valued: true, ..text("colours") },
        Attribute { name: "desks".into(), multi_valued: true, ..desk.clone() },
        desk,
        Attribute { mutability: Mutability::WriteOnly, ..text("pin") },
    ]
}

fn jane(badge: Plain) -> Resource {
    let mut catalog = (*Catalog::standard()).clone();
    let schema = Schema {
        id: BADGE.into(),
        name: "Badge".to_owned(),
        description: "A badge".to_owned(),
        attributes: attributes(),
    };
    catalog.user.extensions.push(Extension {
        schema: Arc::new(schema),
        required: false,
        declared: false,
    });
    in_catalog(Arc::new(catalog), |it| &it.user, with(badge))
}

fn with(badge: Plain) -> Plain {
    json!({"userName": "jane", BADGE: badge})
}

fn path(rest: &str) -> String {
    format!("{BADGE}:{rest}")
}

#[test]
fn what_is_immutable_is_set_once() {
    let set = json!({"op": "add", "path": path("number"), "value": "7"});
    jane(json!({"desk": {"seat": "1"}}))
        .becomes(set.clone(), with(json!({"desk": {"seat": "1"}, "number": "7"})));
    let before = jane(json!({"number": "7"}));
    before.stays(set);
    for operation in [
        json!({"op": "replace", "path": path("number"), "value": "8"}),
        json!({"op": "replace", "path": path("number"), "value": null}),
        json!({"op": "remove", "path": path("number")}),
        json!({"op": "replace", "value": {BADGE: {"number": "8"}}}),
        json!({"op": "remove", "path": BADGE}),
    ] {
        before.refuses(operation, Reason::Mutability);
    }
}

#[test]
fn an_immutable_part_is_set_once() {
    let desk = json!({"building": "A", "seat": "1"});
    let before = jane(json!({"desk": desk, "desks": [desk]}));
    for operation in [
        json!({"op": "replace", "path": path("desk.building"), "value": "B"}),
        json!({"op": "replace", "path": path("desk"), "value": {"building": "B"}}),
        json!({"op": "remove", "path": path("desk.building")}),
        json!({"op": "replace", "path": path("desks[seat eq \"1\"].building"), "value": "B"}),
        json!({"op": "replace", "path": path("desks[seat eq \"1\"]"), "value": {"building": "B", "seat": "1"}}),
        json!({"op": "remove", "path": path("desks[seat eq \"1\"].building")}),
    ] {
        before.refuses(operation, Reason::Mutability);
    }
    before.becomes(
        json!({"op": "replace", "path": path("desks[seat eq \"1\"]"), "value": {"room": "r", "seat": "2"}}),
        with(json!({"desk": desk, "desks": [{"building": "A", "room": "r", "seat": "2"}]})),
    );
}

#[test]
fn a_required_part_stays_or_takes_its_element_along() {
    let desk = json!({"room": "r", "seat": "1"});
    let before = jane(json!({"desk": desk, "desks": [desk]}));
    before.refuses(json!({"op": "remove", "path": path("desk.seat")}), Reason::Mutability);
    let empty = json!({"op": "replace", "path": path("desk.seat"), "value": ""});
    before.refuses(empty, Reason::InvalidValue);
    before.becomes(
        json!({"op": "remove", "path": path("desks[room eq \"r\"].seat")}),
        with(json!({"desk": desk})),
    );
}

#[test]
fn a_list_of_simple_values_is_changed_like_any_other() {
    let before = jane(json!({"colours": ["red", "green"]}));
    for (operation, after) in [
        (
            json!({"op": "add", "path": path("colours"), "value": ["RED", "blue"]}),
            json!(["red", "green", "blue"]),
        ),
        (
            json!({"op": "add", "path": path("colours"), "value": "blue"}),
            json!(["red", "green", "blue"]),
        ),
        (json!({"op": "remove", "path": path("colours"), "value": ["Red"]}), json!(["green"])),
        (json!({"op": "remove", "path": path("colours[value eq \"red\"]")}), json!(["green"])),
        (
            json!({"op": "replace", "path": path("colours[value eq \"red\"]"), "value": "blue"}),
            json!(["blue", "green"]),
        ),
        (json!({"op": "replace", "path": path("colours"), "value": "blue"}), json!(["blue"])),
    ] {
        before.becomes(operation, with(json!({"colours": after})));
    }
    let missing =
        json!({"op": "replace", "path": path("colours[value eq \"pink\"]"), "value": "blue"});
    before.refuses(missing, Reason::NoTarget);
}

#[test]
fn a_write_only_attribute_of_an_extension_is_dropped() {
    let before = jane(json!({"number": "7"}));
    before.stays(json!({"op": "add", "path": path("pin"), "value": "1234"}));
    before.stays(json!({"op": "replace", "value": {BADGE: {"pin": "1234"}}}));
}

#[test]
fn an_element_that_is_made_has_lists_where_its_schema_says_so() {
    let odd = schemas::every_kind();
    let document = document(&odd, &json!({"userName": "jane"}));
    let path = format!("{}:parts[texts eq \"a\"].text", schemas::ODD);
    let made = operations(&json!([{"op": "add", "path": path, "value": "x"}])).unwrap();
    let patched = apply(&odd, &document, &made, PatchOptions::TOLERANT).unwrap().document;
    let stored = patched.to_json(&odd);
    assert!(stored.ends_with(r#"{"parts":[{"texts":["a"],"text":"x"}]}}"#), "{stored}");
    assert_eq!(Document::read(&odd, &stored).unwrap(), patched);
}
