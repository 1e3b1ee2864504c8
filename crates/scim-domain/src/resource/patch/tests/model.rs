//! PATCH against a plain model, and against itself one operation at a time.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value as Plain, json};

use super::{PatchOptions, RowChange, STRICT, operations, user};
use crate::{
    Invalid,
    resource::{
        Document, Value,
        document::Strictness,
        patch::{self, Patched, apply},
    },
    schema::ResourceType,
    testing::{
        operations::{self as drawn, Operation},
        resources,
        schemas::{self, Drawn},
    },
};

mod conditions;
mod lists;
mod plain;
mod values;

/// A resource type, a resource of it, and operations on that.
fn case(most: usize) -> impl Strategy<Value = (Drawn, Plain, Vec<Operation>)> {
    schemas::any().prop_flat_map(move |of| {
        resources::body(&of).prop_flat_map(move |body| {
            let operations = drawn::operations(&of, &body, most);
            (Just(of.clone()), Just(body), operations)
        })
    })
}

/// Applies operations as a request with them is.
fn patched(
    of: &ResourceType,
    document: &Document,
    list: &[Operation],
    options: PatchOptions,
) -> Result<Patched, Invalid> {
    let body = crate::Json::parse(drawn::body(list).as_bytes()).unwrap();
    let read = patch::read_operations(&body)?;
    apply(of, document, &read, options)
}

/// A document as plain JSON.
fn shown(of: &ResourceType, document: &Document) -> Map<String, Plain> {
    let mut all: Map<String, Plain> = serde_json::from_str(&document.to_json(of)).unwrap();
    all.remove("schemas");
    all
}

/// The members after these changes.
fn after(of: &ResourceType, members: &BTreeSet<String>, changes: &[RowChange]) -> BTreeSet<String> {
    let mut members = members.clone();
    for change in changes {
        match change {
            RowChange::Add(ids) => members.extend(ids.iter().cloned()),
            RowChange::Remove(ids) => members.retain(|it| !ids.contains(it)),
            RowChange::Replace(ids) => members = ids.iter().cloned().collect(),
            RowChange::Clear => members.clear(),
            RowChange::RemoveMatching(filter) => {
                let rows = of.schema.attributes.iter().find(|it| it.in_rows).unwrap();
                let part = |name: &str, it: &str| (name.into(), Value::String(it.to_owned()));
                members.retain(|id| {
                    let member = [part("value", id), part("type", "User")].into_iter().collect();
                    !filter.matches_element(rows, &Value::Complex(member))
                });
            }
        }
    }
    members
}

fn some_members() -> BTreeSet<String> {
    ["a", "b", "anna", "work"].map(str::to_owned).into()
}

/// At most one primary element in every list.
fn has_one_primary(value: &Plain) -> bool {
    match value {
        Plain::Array(all) => all.iter().filter(|it| it["primary"] == true).count() <= 1,
        Plain::Object(all) => all.values().all(has_one_primary),
        Plain::Null | Plain::Bool(_) | Plain::Number(_) | Plain::String(_) => true,
    }
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

proptest! {
    #![proptest_config(crate::testing::runs::config())]

    // N8
    #[test]
    fn a_patch_equals_a_plain_model((of, body, list) in case(6), strict in any::<bool>()) {
        let document = resources::checked(&of, &body);
        let mut model = plain::Plain { document: shown(&of, &document), members: some_members(), strict };
        let expected = list.iter().try_for_each(|it| model.apply(&of, it));
        let options = if strict { STRICT } else { PatchOptions::TOLERANT };
        match patched(&of, &document, &list, options) {
            Ok(patched) => {
                prop_assert_eq!(expected, Ok(()), "{:?}", list);
                prop_assert_eq!(shown(&of, &patched.document), model.document, "{:?}", list);
                prop_assert_eq!(after(&of, &some_members(), &patched.rows), model.members, "{:?}", list);
            }
            Err(refusal) => prop_assert_eq!(expected, Err(refusal.reason), "{:?}: {}", list, refusal),
        }
    }

    // N8, N6
    #[test]
    fn a_patch_equals_its_operations_one_by_one((of, body, list) in case(8)) {
        let start = resources::checked(&of, &body);
        let together = patched(&of, &start, &list, PatchOptions::TOLERANT);
        let mut now = (start, some_members());
        let apart = list.iter().try_for_each(|it| {
            let patched = patched(&of, &now.0, std::slice::from_ref(it), PatchOptions::TOLERANT)?;
            let members = after(&of, &now.1, &patched.rows);
            now = (patched.document, members);
            Ok::<_, Invalid>(())
        });
        match together {
            Ok(together) => {
                prop_assert_eq!(apart, Ok(()));
                prop_assert_eq!(together.document, now.0);
                prop_assert_eq!(after(&of, &some_members(), &together.rows), now.1);
            }
            Err(refusal) => prop_assert_eq!(apart.unwrap_err().reason, refusal.reason),
        }
    }

    // N9
    #[test]
    fn a_patched_document_is_one_that_its_schema_confirms((of, body, list) in case(8)) {
        let mut document = resources::checked(&of, &body);
        for operation in &list {
            if let Ok(patched) = patched(&of, &document, std::slice::from_ref(operation), PatchOptions::TOLERANT) {
                document = patched.document;
            }
        }
        let stored = document.to_json(&of);
        let plain = Plain::Object(shown(&of, &document));
        prop_assert!(is_tidy(&plain) && has_one_primary(&plain), "{}", stored);
        prop_assert_eq!(&Document::read(&of, &stored).unwrap(), &document);
        let sent_back = crate::Json::parse(stored.as_bytes()).unwrap();
        let read = Document::from_request(&of, &sent_back, Strictness::Strict).unwrap();
        prop_assert_eq!(read.document, document);
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
        let back = Document::read(now.resource_type(), &stored).unwrap();
        prop_assert_eq!(&back, &now.document);
        prop_assert!(back.get("userName").is_some() && has_one_primary(&serde_json::from_str(&stored).unwrap()));
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
