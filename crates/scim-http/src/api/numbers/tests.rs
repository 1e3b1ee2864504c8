use serde::Deserialize;

use super::in_words;

#[derive(Debug, Deserialize)]
struct Asked {
    #[expect(dead_code, reason = "what matters is that it cannot be read")]
    limit: Option<u64>,
    #[expect(dead_code, reason = "what matters is that it cannot be read")]
    seconds: Option<u32>,
}

#[test]
fn a_number_that_is_none_is_told_without_the_name_of_a_type() {
    for (text, words) in [
        (r#"{"limit":-1}"#, "integer `-1`, expected a whole number, 0 or more at line 1"),
        (r#"{"limit":1.5}"#, "expected a whole number, 0 or more at line 1"),
        (r#"{"limit":"ten"}"#, "string \"ten\", expected a whole number, 0 or more at line 1"),
        (r#"{"seconds":4294967296}"#, "expected a whole number from 0 to 4294967295 at line 1"),
    ] {
        let said = serde_json::from_str::<Asked>(text).unwrap_err().to_string();
        assert!(in_words(&said).contains(words), "{text}: {}", in_words(&said));
    }
}

#[test]
fn a_number_of_a_query_too() {
    let read = |query: &str| {
        let read = actix_web::web::Query::<Asked>::from_query(query);
        in_words(&read.unwrap_err().to_string())
    };
    assert!(read("limit=-1").contains("must be a whole number, 0 or more, is none"));
    assert!(read("limit=").contains("is empty"));
    assert!(read("limit=18446744073709551616").contains("too large"));
}

#[test]
fn nothing_else_is_changed() {
    for said in ["unknown field `u64`, expected `limit`", "expected u64s", "expected a string"] {
        assert_eq!(in_words(said), said);
    }
}
