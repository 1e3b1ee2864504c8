//! A PATCH body is refused, or makes a document that its schema confirms.

use proptest::prelude::*;
use scim_domain::{
    Json,
    resource::{
        Document, Value,
        document::Strictness,
        patch::{PatchOptions, apply, read_operations},
    },
    schema::{Catalog, ResourceType},
    testing::{operations, resources, schemas},
};

use crate::{
    driver::{Target, fuzz},
    seeds::{Recorded, drawn, kind_of, words},
};

pub const WORDS: [&str; 26] = [
    "{\"Operations\":[",
    "{\"op\":\"add\",\"path\":\"",
    "{\"op\":\"remove\",\"path\":\"",
    "{\"op\":\"replace\",\"value\":{",
    "\"value\":",
    "\"primary\":true",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"\"",
    "null",
    "true",
    "\"True\"",
    "1.0",
    "-0",
    "1e400",
    "[type eq \\\"work\\\"]",
    "[value eq \\\"a\\\"].type",
    "[not (primary pr)]",
    ".",
    "\\u0000",
    "\\ud800",
    "[]",
];

// I6
#[test]
fn a_patch_is_refused_or_makes_what_the_schema_confirms() {
    fuzz(target);
}

fn target(seed: u64) -> Target {
    let starts = starts();
    let drawn_from = starts.clone();
    let bodies = proptest::sample::select(drawn_from).prop_flat_map(|(of, start)| {
        let shown: serde_json::Value = serde_json::from_str(&start.to_json(&of)).unwrap();
        operations::operations(&of, &shown, 4)
    });
    let draw = drawn(seed, bodies, |it| operations::body(&it));
    let seeds = Recorded::read().patches.iter().map(|it| it.to_string().into_bytes()).collect();
    let words = words(&starts[0].0, &WORDS);
    let judge = Box::new(move |input: &[u8]| judge(&starts, input));
    Target { name: "patch", words, seeds, draw, judge }
}

/// A user with something of everything, and a group.
pub fn starts() -> Vec<(ResourceType, Document)> {
    let odd = schemas::every_kind();
    let body = serde_json::json!({
        "userName": "anna", "active": true, "name": {"givenName": "A"},
        "emails": [{"value": "a", "type": "work", "primary": true}, {"value": "b", "type": "home"}],
        "roles": [{"value": "r"}], "addresses": [{"type": "work", "locality": "B"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "m", "$ref": "u"}},
        schemas::ODD: {"texts": ["a", "b"], "parts": [{"texts": ["a"], "flag": true}], "whole": {"level": 1}},
    });
    let user = resources::checked(&odd, &body);
    let group = Catalog::standard().group.clone();
    let named = resources::checked(&group, &serde_json::json!({"displayName": "Staff"}));
    vec![(odd, user), (group, named)]
}

fn judge(starts: &[(ResourceType, Document)], input: &[u8]) -> String {
    let operations = match Json::parse(input).and_then(|it| read_operations(&it)) {
        Ok(operations) => operations,
        Err(refusal) => return kind_of(&refusal.detail),
    };
    let mut outcome = String::new();
    for (of, start) in starts {
        for options in
            [PatchOptions::TOLERANT, PatchOptions { make_missing_elements: false, strict: true }]
        {
            match apply(of, start, &operations, options) {
                Ok(patched) => {
                    confirmed(of, &patched.document);
                    assert!(patched.ignored.len() <= 50);
                    let changed = patched.document != *start;
                    outcome += if changed { "changed " } else { "same " };
                    outcome += &patched.rows.len().min(4).to_string();
                }
                Err(refusal) => outcome.push_str(&kind_of(&refusal.detail)),
            }
        }
    }
    outcome
}

/// A document is one that could have been sent and is read back from the store as it is.
pub fn confirmed(of: &ResourceType, document: &Document) {
    let stored = document.to_json(of);
    assert_eq!(&Document::read(of, &stored).unwrap(), document, "{stored}");
    let sent = Json::parse(stored.as_bytes()).unwrap();
    let read = Document::from_request(of, &sent, Strictness::Strict).unwrap();
    assert_eq!(&read.document, document, "{stored}");
    for (_, value) in document.attributes().iter() {
        let primary = |it: &&Value| {
            it.as_object().and_then(|it| it.get("primary")).and_then(Value::as_bool) == Some(true)
        };
        assert!(value.elements().iter().filter(primary).count() <= 1, "{stored}");
    }
}
