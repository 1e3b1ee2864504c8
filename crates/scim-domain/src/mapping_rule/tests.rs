//! Tests of mapping rules.

use super::*;

fn pattern(matching: Matching, name: &str) -> NamePattern {
    NamePattern::new(matching, name).unwrap()
}

fn matches(pattern: &NamePattern, name: &str) -> bool {
    pattern.matches(&FoldedText::of(name))
}

#[test]
fn an_exact_rule_matches_its_name_in_any_case_and_nothing_longer() {
    let rule = pattern(Matching::Exact, " Engineering ");
    assert!(matches(&rule, "ENGINEERING") && matches(&rule, "\u{ff25}ngineering"));
    assert!(!matches(&rule, "Engineering Leads") && !matches(&rule, "Engineerin"));
}

#[test]
fn a_prefix_rule_matches_what_begins_with_it_in_any_case() {
    let rule = pattern(Matching::Prefix, "eng-");
    assert!(
        matches(&rule, "Eng-Berlin") && matches(&rule, "ENG-") && !matches(&rule, "Eng Berlin")
    );
    assert!(!matches(&rule, "xeng-"));
}

#[test]
fn a_prefix_that_ends_with_a_blank_is_refused_as_it_would_match_more_than_it_says() {
    let refused = NamePattern::new(Matching::Prefix, "Team ").unwrap_err();
    assert!(refused.detail.contains("begins with \"Team\""), "{}", refused.detail);
    assert!(NamePattern::new(Matching::Exact, "Team ").is_ok());
}

#[test]
fn a_rule_needs_a_name_that_a_group_could_have() {
    for name in ["", "  ", "a\u{202e}b", "a\u{0}b", &"x".repeat(201)] {
        for matching in Matching::ALL {
            assert!(NamePattern::new(*matching, name).is_err(), "{name:?}");
        }
    }
}

#[test]
fn the_filter_of_a_rule_finds_what_the_rule_matches_whatever_is_in_its_name() {
    use crate::{resource::filter::Filter, schema::Catalog};
    for name in ["Eng", "a \"quoted\" name", "back\\slash", "ſtraße) or (id pr"] {
        for matching in Matching::ALL {
            let text = pattern(*matching, name).filter();
            let filter = Filter::parse(&text, &Catalog::standard().group, &[]).unwrap();
            assert!(matches!(filter, Filter::Compare(..)), "{text}");
        }
    }
}
