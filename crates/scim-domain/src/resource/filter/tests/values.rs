use super::*;

fn literal(text: &str) -> Literal {
    match parse(text) {
        Filter::Compare(_, _, literal) => literal,
        other => panic!("{text} is {other:?}"),
    }
}

fn text(text: &str) -> Literal {
    Literal::Text(text.to_owned())
}

#[test]
fn texts_are_json_strings_with_their_escapes() {
    assert_eq!(
        literal(r#"title eq "a \"b\" \\ \/ \n \u00e9 \ud83d\ude00""#),
        text("a \"b\" \\ / \n é 😀")
    );
    assert_eq!(literal(r#"title eq "ends with \\""#), text("ends with \\"));
    assert_eq!(literal(r#"title eq """#), text(""));
    assert_eq!(literal(r#"title eq "(a [b] and c)""#), text("(a [b] and c)"));
}

#[test]
fn an_unquoted_run_is_a_text() {
    // authentik sends its values without quotes.
    assert_eq!(literal("userName eq jane.doe+x@example.com"), text("jane.doe+x@example.com"));
    assert_eq!(literal("externalId eq 007a"), text("007a"));
    assert_eq!(
        parse("(userName eq jane) and title pr"),
        parse(r#"userName eq "jane" and title pr"#)
    );
    assert_eq!(parse("emails[type eq work]"), parse(r#"emails[type eq "work"]"#));
    assert_eq!(literal("meta.created ge 2026-01-01T00:00:00Z"), text("2026-01-01T00:00:00Z"));
}

#[test]
fn booleans_may_be_texts_in_any_case() {
    // Entra sends "True" and "False".
    for written in ["true", "True", "TRUE", r#""true""#, r#""True""#] {
        assert_eq!(literal(&format!("active eq {written}")), Literal::Boolean(true), "{written}");
    }
    assert_eq!(literal(r#"active ne "False""#), Literal::Boolean(false));
    assert_eq!(literal("active eq NULL"), Literal::Null);
}

#[test]
fn true_null_and_numbers_keep_their_type_without_quotes() {
    assert_eq!(literal("title eq null"), Literal::Null);
    assert_eq!(literal(r#"title eq "null""#), text("null"));
    assert_eq!(literal(r#"title eq "5""#), text("5"));
    for written in ["true", "5", "-1.5e3"] {
        let detail = refusal(&format!("title eq {written}"));
        assert_eq!(
            detail,
            "The filter is not valid at character 10: a text in double quotes was expected, since \
             title is a text."
        );
    }
}

#[test]
fn a_literal_must_suit_the_attribute() {
    assert!(refusal(r#"active eq "maybe""#).contains("true or false was expected"));
    assert!(refusal("active eq 1").contains("character 11"));
    assert!(refusal(r#"meta.created gt "yesterday""#).contains("a date and time"));
    assert!(refusal("meta.created eq 5").contains("a date and time"));
    assert!(refusal("title co null").contains("null can only be compared by eq and ne"));
    assert!(refusal("emails gt null").contains("null can only be compared by eq and ne"));
}

#[test]
fn what_is_no_string_of_json_is_refused_with_its_position() {
    for (written, what) in [
        (r#""open"#, "no closing double quote"),
        (r#""open \""#, "no closing double quote"),
        ("\"tab\there\"", "control character"),
        (r#""\x""#, "escape"),
        (r#""\ud800""#, "escape"),
        (r#""\udc00\ud800""#, "escape"),
        (r#""nul \u0000""#, "NUL"),
        ("nul\0", "NUL"),
        ("'single'", "double quotes"),
    ] {
        let detail = refusal(&format!("title eq {written}"));
        assert!(detail.contains("at character 10: ") && detail.contains(what), "{detail}");
    }
}
