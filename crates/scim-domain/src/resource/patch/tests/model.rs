//! PATCH against a plain model, and against itself one operation at a time.

use proptest::prelude::*;
use serde_json::{Map, Value as Plain, json};

use super::{PatchOptions, Resource, operations, user};
use crate::resource::patch::apply;

/// What the model knows: top-level texts, parts of the name, and lists of e-mails by type.
fn model(mut resource: Map<String, Plain>, operation: &Plain) -> Map<String, Plain> {
    let path = operation["path"].as_str().unwrap();
    let remove =
        operation["op"] == "remove" || operation["value"] == "" || operation["value"].is_null();
    let value = operation["value"].clone();
    if let Some((whole, part)) = path.split_once('.').filter(|_| !path.contains('[')) {
        let mut object = resource.remove(whole).unwrap_or_else(|| json!({}));
        let parts = object.as_object_mut().unwrap();
        set_or_remove(parts, part, value, remove);
        if !parts.is_empty() {
            resource.insert(whole.to_owned(), object);
        }
        return resource;
    }
    if let Some((list, rest)) = path.split_once('[') {
        let kind = rest.split('"').nth(1).unwrap();
        let mut all =
            resource.remove(list).map_or_else(Vec::new, |it| it.as_array().unwrap().clone());
        match all.iter_mut().find(|it| it["type"] == kind) {
            Some(_) if remove => all.retain(|it| it["type"] != kind),
            Some(found) => found["value"] = value,
            None if remove => {}
            None => all.push(json!({"type": kind, "value": value})),
        }
        if !all.is_empty() {
            resource.insert(list.to_owned(), Plain::Array(all));
        }
        return resource;
    }
    set_or_remove(&mut resource, path, value, remove);
    resource
}

fn set_or_remove(object: &mut Map<String, Plain>, name: &str, value: Plain, remove: bool) {
    if remove {
        object.remove(name);
    } else {
        object.insert(name.to_owned(), value);
    }
}

fn simple_operation() -> impl Strategy<Value = Plain> {
    let path = prop::sample::select(vec![
        "title",
        "nickName",
        "name.givenName",
        "name.familyName",
        "emails[type eq \"work\"].value",
        "emails[type eq \"home\"].value",
        "phoneNumbers[type eq \"mobile\"].value",
    ]);
    let op = prop::sample::select(vec!["add", "replace", "remove"]);
    let value = prop_oneof![4 => "[a-c]{1,2}".prop_map(Plain::from), 1 => Just(json!("")), 1 => Just(json!(null))];
    (op, path, value).prop_map(|(op, path, value)| match op {
        "remove" => json!({"op": op, "path": path}),
        _ => json!({"op": op, "path": path, "value": value}),
    })
}

/// Operations of every kind, most of them valid.
fn any_operation() -> impl Strategy<Value = Plain> {
    let email = (
        "[ab]",
        prop::option::of(prop::sample::select(vec!["work", "home"])),
        any::<Option<bool>>(),
    );
    let email = email.prop_map(|(value, kind, primary)| match (kind, primary) {
        (Some(kind), Some(primary)) => json!({"value": value, "type": kind, "primary": primary}),
        (Some(kind), None) => json!({"value": value, "type": kind}),
        (None, Some(primary)) => json!({"value": value, "primary": primary}),
        (None, None) => json!({"value": value}),
    });
    let emails = prop::collection::vec(email, 0..4);
    let list = (prop::sample::select(vec!["add", "replace", "remove"]), emails)
        .prop_map(|(op, value)| json!({"op": op, "path": "emails", "value": value}));
    let whole = (prop::sample::select(vec!["add", "replace"]), "[a-c]{0,2}", any::<bool>()).prop_map(
        |(op, text, active)| json!({"op": op, "value": {"title": text, "active": active, "name.givenName": text}}),
    );
    let chosen = (
        prop::sample::select(vec!["add", "replace", "remove"]),
        prop::sample::select(vec![
            "emails[type eq \"work\"]",
            "emails[value eq \"a\"].display",
            "emails[type eq \"home\"].primary",
            "emails.display",
            "emails[value eq \"b\" or type pr].type",
        ]),
        prop_oneof![Just(json!("true")), Just(json!({"value": "b"})), Just(json!(null))],
    );
    let chosen =
        chosen.prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}));
    prop_oneof![2 => simple_operation(), 2 => list, 1 => whole, 2 => chosen]
}

/// Any JSON, with the names that matter more often than others.
fn any_json() -> impl Strategy<Value = Plain> {
    let leaf = prop_oneof![
        Just(Plain::Null),
        any::<bool>().prop_map(Plain::from),
        any::<i8>().prop_map(Plain::from),
        "[a-c]{0,2}|True|work".prop_map(Plain::from),
    ];
    let name = "value|type|primary|givenName|emails|members|active|emails\\[type eq \"a\"\\]|[a-c]";
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Plain::from),
            prop::collection::hash_map(name, inner, 0..4)
                .prop_map(|all| Plain::Object(all.into_iter().collect())),
        ]
    })
}

fn odd_operation() -> impl Strategy<Value = Plain> {
    let path = prop::sample::select(vec![
        "userName",
        "title",
        "active",
        "name",
        "name.givenName",
        "emails",
        "emails.primary",
        "roles",
        "emails[type eq \"a\"]",
        "emails[primary eq true].value",
        "addresses",
        "password",
        "",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    ]);
    (prop::sample::select(vec!["add", "replace", "remove"]), path, any_json())
        .prop_filter("a remove has a path", |(op, path, _)| *op != "remove" || !path.is_empty())
        .prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}))
}

/// Whether there is nothing empty in a document: "no value" is absence.
fn is_tidy(value: &Plain) -> bool {
    match value {
        Plain::Null => false,
        Plain::String(text) => !text.is_empty(),
        Plain::Array(all) => !all.is_empty() && all.iter().all(is_tidy),
        Plain::Object(all) => !all.is_empty() && all.values().all(is_tidy),
        Plain::Bool(_) | Plain::Number(_) => true,
    }
}

fn one_by_one(start: &Resource, list: &[Plain]) -> Option<Resource> {
    let mut now = user(json!({"userName": "jane"}));
    now.document = start.document.clone();
    for operation in list {
        now.document = now.patch_as(PatchOptions::TOLERANT, &json!([operation])).ok()?.document;
    }
    Some(now)
}

fn primaries(resource: &Resource) -> usize {
    let emails = resource.document.get("emails").map(crate::resource::Value::elements);
    emails.unwrap_or_default().iter().filter(|it| super::super::primary::is_set(it)).count()
}

proptest! {
    // N8
    #[test]
    fn a_patch_of_simple_paths_equals_a_plain_model(list in prop::collection::vec(simple_operation(), 1..20)) {
        let mut expected = Map::from_iter([("userName".to_owned(), json!("jane"))]);
        for operation in &list {
            expected = model(expected, operation);
        }
        let patched = user(json!({"userName": "jane"})).patch(&Plain::Array(list));
        prop_assert_eq!(patched.document, user(Plain::Object(expected)).document);
    }

    // N8, N6
    #[test]
    fn a_patch_equals_its_operations_one_by_one(list in prop::collection::vec(any_operation(), 1..12)) {
        let start = user(json!({"userName": "jane", "emails": [{"value": "a", "type": "work", "primary": true}]}));
        let together = start.patch_as(PatchOptions::TOLERANT, &json!(list));
        let apart = one_by_one(&start, &list);
        prop_assert_eq!(together.is_ok(), apart.is_some());
        if let (Ok(together), Some(apart)) = (together, apart) {
            prop_assert_eq!(&together.document, &apart.document);
            prop_assert!(primaries(&apart) <= 1);
        }
    }

    // N9
    #[test]
    fn a_patched_document_is_read_back_from_what_is_stored(list in prop::collection::vec(any_operation(), 1..12)) {
        let start = user(json!({"userName": "jane"}));
        if let Ok(patched) = start.patch_as(PatchOptions::TOLERANT, &json!(list)) {
            let stored = patched.document.to_json(start.resource_type());
            let back = crate::resource::Document::read(start.resource_type(), &stored).unwrap();
            prop_assert_eq!(back, patched.document);
        }
    }

    // I6
    #[test]
    fn no_value_makes_a_document_that_its_schema_does_not_allow(
        list in prop::collection::vec(odd_operation(), 1..6),
    ) {
        let mut now = user(json!({"userName": "jane", "emails": [{"value": "a", "primary": true}]}));
        for operation in list {
            if let Ok(patched) = now.patch_as(PatchOptions::TOLERANT, &json!([operation])) {
                now.document = patched.document;
            }
        }
        let stored = now.document.to_json(now.resource_type());
        let back = crate::resource::Document::read(now.resource_type(), &stored).unwrap();
        prop_assert_eq!(&back, &now.document);
        prop_assert!(back.get("userName").is_some() && primaries(&now) <= 1);
        prop_assert!(is_tidy(&serde_json::from_str(&stored).unwrap()), "{}", stored);
    }

    // I6
    #[test]
    fn no_path_is_too_odd(path in "[a-z.:\\[\\]\" \\\\(]{0,40}|emails\\[\\PC{0,30}", value in "\\PC{0,8}") {
        let start = user(json!({"userName": "jane"}));
        let list = operations(&json!([{"op": "add", "path": path, "value": value}])).unwrap();
        // Refused or not, it comes back.
        let _ = apply(start.resource_type(), &start.document, &list, PatchOptions::TOLERANT);
    }
}
