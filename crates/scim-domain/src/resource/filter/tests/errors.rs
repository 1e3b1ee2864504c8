use std::time::{Duration, Instant};

use super::*;
use crate::resource::limits::{FILTER_BYTES, FILTER_DEPTH, FILTER_TERMS};

#[test]
fn a_syntax_error_names_its_position_and_what_was_expected() {
    for (text, character, what) in [
        ("", 1, "the name of an attribute was expected"),
        ("   ", 4, "the name of an attribute was expected"),
        ("title", 6, "an operator was expected: eq, ne,"),
        ("title is \"x\"", 7, "an operator was expected"),
        ("title eq", 9, "a value to compare with was expected"),
        ("title eq )", 10, "a value to compare with was expected"),
        ("title eq \"é\" x", 14, "and, or, or the end"),
        ("title pr title pr", 10, "and, or, or the end"),
        ("title pr and", 13, "the name of an attribute"),
        ("(title pr", 10, "a closing ) was expected"),
        ("title pr)", 9, "the end of the filter"),
        ("emails[type pr", 15, "a closing ] was expected"),
        ("emails[type pr)", 15, "a closing ] was expected"),
        ("emails[] pr", 8, "the name of an attribute"),
        ("emails[type pr].", 17, "emails has no sub-attribute of this name"),
        ("emails[type pr].value", 22, "an operator was expected"),
        ("emails[nothing pr]", 8, "emails has no sub-attribute of this name"),
        ("userName[value pr]", 9, "only a complex or multi-valued attribute takes brackets"),
        ("emails.value[value pr]", 13, "only a complex or multi-valued attribute takes brackets"),
        ("name eq \"x\"", 1, "name is complex"),
        ("not title pr", 1, "no attribute of this name"),
        ("not (title pr", 14, "a closing )"),
        ("urn:ietf:params:scim:schemas:core:2.0:User pr", 1, "behind the URN of the schema"),
        ("urn:example:User:title pr", 1, "no schema of User has this attribute"),
    ] {
        let detail = refusal(text);
        let start = format!("The filter is not valid at character {character}: ");
        assert!(detail.starts_with(&start) && detail.contains(what), "{text}: {detail}");
    }
}

#[test]
fn positions_count_characters_and_not_bytes() {
    assert!(refusal("title eq \"äöü😀\" and nope pr").contains("at character 21: "));
}

#[test]
fn an_unknown_attribute_is_refused_with_the_nearest_name() {
    let detail = refusal(r#"usrName eq "x""#);
    assert!(detail.contains("at character 1: ") && detail.contains("userName"), "{detail}");
}

#[test]
fn a_refusal_never_repeats_what_the_filter_holds() {
    // A3
    for text in [r#"canary eq "canary""#, "title eq canary canary", "canary", "title canary"] {
        assert!(!refusal(text).contains("canary"), "{text}");
    }
}

#[test]
fn a_password_cannot_be_filtered_on() {
    for text in [r#"password eq "x""#, "PASSWORD pr", r#"title pr and not (password sw "a")"#] {
        assert!(refusal(text).contains("can never be read"), "{text}");
    }
}

#[test]
fn booleans_and_binaries_have_no_order() {
    for operator in ["gt", "ge", "lt", "le", "co", "sw", "ew"] {
        assert!(refusal(&format!("active {operator} true")).contains("at character 8: "));
    }
    for operator in ["gt", "ge", "lt", "le"] {
        let detail = refusal(&format!(r#"x509Certificates.value {operator} "YQ==""#));
        assert!(detail.contains("at character 24: value cannot be compared"), "{detail}");
    }
    parse(r#"x509Certificates eq "YQ==""#);
}

#[test]
fn a_filter_may_be_as_long_deep_and_wide_as_the_limits_say_and_no_more() {
    // I3
    let long = |bytes: usize| format!("title eq \"{}\"", "x".repeat(bytes - "title eq \"\"".len()));
    parse(&long(FILTER_BYTES));
    assert!(refusal(&long(FILTER_BYTES + 1)).contains("4096 bytes"));

    let deep = |levels| format!("{}title pr{}", "(".repeat(levels), ")".repeat(levels));
    parse(&deep(FILTER_DEPTH));
    assert!(refusal(&deep(FILTER_DEPTH + 1)).contains("16 levels"));
    let negated = |levels| format!("{}title pr{}", "not (".repeat(levels), ")".repeat(levels));
    parse(&negated(FILTER_DEPTH));
    assert!(refusal(&negated(FILTER_DEPTH + 1)).contains("16 levels"));
    let inside = format!("{}emails[type pr]{}", "(".repeat(FILTER_DEPTH), ")".repeat(FILTER_DEPTH));
    assert!(refusal(&inside).contains("16 levels"));

    let wide = |terms| vec!["title pr"; terms].join(" or ");
    parse(&wide(FILTER_TERMS));
    assert!(refusal(&wide(FILTER_TERMS + 1)).contains("64 allowed"));
}

/// The shortest time of a few, so that a busy machine does not count.
fn cost(text: &str) -> Duration {
    let once = |_| {
        let start = Instant::now();
        assert!(!refusal(text).is_empty());
        start.elapsed()
    };
    (0..5).map(once).min().unwrap()
}

#[test]
fn hostile_text_is_answered_at_once() {
    // I3
    let parts = [
        "(",
        "not (",
        "not(",
        "emails[",
        "\"",
        "[",
        "title pr and (",
        "((((title pr or ",
        "a",
        "a.",
        "a:",
        "userNam",
        "urn:ietf:params:scim:schemas:core:2.0:User:",
        "title eq \"\\",
    ];
    for part in parts {
        for count in [FILTER_BYTES / part.len(), 100_000] {
            // The bar of 5 ms is for the whole request.
            assert!(cost(&part.repeat(count)) < Duration::from_millis(5), "{part} × {count}");
        }
    }
}
