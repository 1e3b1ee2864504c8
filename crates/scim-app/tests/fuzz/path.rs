//! The path of an operation is refused, or leads somewhere.

use proptest::prelude::*;
use scim_domain::{
    Json,
    resource::{
        Document,
        patch::{Op, Operation, PatchOptions, apply},
    },
    schema::ResourceType,
    testing::operations,
};

use crate::{
    driver::{Target, fuzz},
    patch::{confirmed, starts},
    seeds::{Recorded, drawn, kind_of, words},
};

const WORDS: [&str; 18] = [
    "[",
    "]",
    "[type eq \"work\"]",
    "[value eq \"a\"].",
    "].",
    ".",
    ":",
    "\"",
    "\\",
    " and ",
    " or ",
    "not (",
    "(",
    ")",
    " pr",
    "urn:",
    "schemas",
    "\u{a0}",
];

// I6
#[test]
fn a_path_is_refused_or_leads_somewhere() {
    fuzz(target);
}

fn target(seed: u64) -> Target {
    let starts = starts();
    let (of, start) = starts[0].clone();
    let shown = serde_json::from_str(&start.to_json(&of)).unwrap();
    let paths = operations::operations(&of, &shown, 1).prop_map(|it| {
        let json: serde_json::Value = serde_json::from_str(&it[0].to_json()).unwrap();
        json["path"].as_str().unwrap_or_default().to_owned()
    });
    let draw = drawn(seed, paths, |it| it);
    let seeds = Recorded::read().paths.into_iter().map(String::into_bytes).collect();
    let words = words(&of, &WORDS);
    let judge = Box::new(move |input: &[u8]| judge(&of, &start, input));
    Target { name: "path", words, seeds, draw, judge }
}

fn judge(of: &ResourceType, start: &Document, input: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(input) else { return "no text".to_owned() };
    let values = [r#""a""#, "true", "[]", r#"{"value":"a","type":"work"}"#, r#"[{"text":"b"}]"#];
    let mut outcome = String::new();
    for op in [Op::Add, Op::Remove, Op::Replace] {
        for value in values {
            let value = Some(Json::parse(value.as_bytes()).unwrap());
            let operation = Operation { op, path: Some(text.to_owned()), value };
            match apply(of, start, &[operation], PatchOptions::TOLERANT) {
                Ok(patched) => {
                    confirmed(of, &patched.document);
                    outcome.push_str(if patched.document == *start { "same " } else { "changed " });
                }
                Err(refusal) => {
                    assert!(
                        refusal.detail.len() < 1_000,
                        "a detail is for people: {}",
                        refusal.detail
                    );
                    outcome.push_str(&kind_of(&refusal.detail));
                }
            }
        }
    }
    outcome
}
