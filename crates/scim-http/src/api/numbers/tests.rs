use serde::Deserialize;

use super::{in_body, in_query};

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
        assert!(in_body(&said).contains(words), "{text}: {}", in_body(&said));
    }
}

#[test]
fn a_parameter_that_is_no_number_is_named() {
    let refusal = |query: &str| {
        let read = actix_web::web::Query::<Asked>::from_query(query).err()?;
        Some(read.to_string().rsplit_once("error: ")?.1.to_owned())
    };
    for (query, words) in [
        ("seconds=1&limit=-1", "limit must be a whole number, 0 or more"),
        ("limit=1&seconds=x", "seconds must be a whole number, 0 or more"),
        ("limit=", "limit must be a whole number, 0 or more, and is empty"),
        ("limit=18446744073709551616", "limit is too large a number"),
    ] {
        assert_eq!(in_query(&refusal(query).unwrap(), query, refusal), words);
    }
}

#[test]
fn nothing_else_is_changed() {
    for said in ["unknown field `u64`, expected `limit`", "expected u64s", "expected a string"] {
        assert_eq!(in_body(said), said);
        assert_eq!(in_query(said, "limit=x", |_| Some(said.to_owned())), said);
    }
}
