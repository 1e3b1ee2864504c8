//! A filter is refused, or prints as one that reads back to the same, and decides.

use proptest::prelude::*;
use scim_domain::{
    Reason,
    resource::{Object, filter::Filter, limits::FILTER_BYTES},
    schema::{Catalog, ResourceType},
    testing::{
        filters::{self, Literals},
        resources, schemas,
    },
};

use crate::{
    driver::{Target, fuzz},
    seeds::{Recorded, drawn, kind_of, words},
};

const WORDS: [&str; 24] = [
    " and ",
    " or ",
    "not (",
    "(",
    ")",
    "[",
    "]",
    " eq ",
    " ne ",
    " co ",
    " gt ",
    " pr",
    " pr and ",
    "\"",
    "\\",
    "null",
    "true",
    "-1e9",
    "\"2026-01-01T00:00:00Z\"",
    ".",
    ":",
    " ",
    "value",
    "\u{2003}",
];

// I6
#[test]
fn a_filter_is_refused_or_reads_back_to_the_same() {
    fuzz(target);
}

fn target(seed: u64) -> Target {
    let odd = schemas::every_kind();
    let recorded = Recorded::read().filters.into_iter().map(String::into_bytes).collect();
    let written = filters::filter(&odd, &Literals::default()).prop_map(|it| it.to_string());
    let draw = drawn(seed, prop_oneof![written, filters::ill_typed(&odd)], |it| it);
    let body = serde_json::json!({
        "userName": "anna", "active": true, "emails": [{"value": "a", "type": "work"}, {"value": "b"}],
        schemas::ODD: {"levels": [1, 2], "since": "2026-01-01T00:00:00Z", "parts": [{"text": "a", "flag": true}]},
    });
    let user = resources::checked(&odd, &body).attributes().clone();
    let words = words(&odd, &WORDS);
    let judge = Box::new(move |input: &[u8]| judge(&odd, &user, input));
    Target { name: "filter", words, seeds: recorded, draw, judge }
}

fn judge(odd: &ResourceType, user: &Object, input: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(input) else { return "no text".to_owned() };
    let group = &Catalog::standard().group;
    let filter = match Filter::parse(text, odd, &[group]) {
        Ok(filter) => filter,
        Err(refusal) => {
            assert_eq!(refusal.reason, Reason::InvalidFilter);
            assert!(refusal.detail.len() < 1_000, "a detail is for people: {}", refusal.detail);
            return kind_of(&refusal.detail);
        }
    };
    assert!(text.len() <= FILTER_BYTES);
    let printed = filter.to_string();
    // What only groups have prints as a condition with the same outcome; the rest as it was.
    match Filter::parse(&printed, odd, &[]) {
        Ok(back) if text.contains("members") => {
            assert_eq!(back.matches(odd, user), filter.matches(odd, user));
        }
        Ok(back) => assert_eq!(back, filter, "{printed}"),
        Err(refusal) => assert!(printed.len() > FILTER_BYTES, "{printed}: {refusal}"),
    }
    let outcome = filter.matches(odd, user);
    let shape: String = printed.chars().filter(|it| "()[]. ".contains(*it)).take(24).collect();
    let negated = Filter::Not(Box::new(filter));
    assert_ne!(negated.matches(odd, user), outcome);
    format!("{outcome} {shape}")
}
