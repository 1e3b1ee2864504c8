use proptest::prelude::*;

use super::*;
use crate::{Reason, resource::limits::JSON_DEPTH};

fn refused(text: impl AsRef<[u8]>) -> String {
    let refusal = Json::parse(text.as_ref()).unwrap_err();
    assert_eq!(refusal.reason, Reason::InvalidSyntax);
    refusal.detail
}

#[test]
fn every_kind_of_value_is_read_in_the_order_sent() {
    let json = Json::parse(br#" {"b":[null,true,1,-2,1.5,"x\u00e9\n"],"a":{}} "#).unwrap();
    let expected = Json::Object(vec![
        (
            "b".to_owned(),
            Json::Array(vec![
                Json::Null,
                Json::Bool(true),
                Json::Number(1.into()),
                Json::Number((-2).into()),
                Json::Number(serde_json::Number::from_f64(1.5).unwrap()),
                Json::String("x\u{e9}\n".to_owned()),
            ]),
        ),
        ("a".to_owned(), Json::Object(Vec::new())),
    ]);
    assert_eq!(json, expected);
}

#[test]
fn a_member_is_found_whatever_its_case() {
    let json = Json::parse(br#"{"userName":"anna"}"#).unwrap();
    assert_eq!(json.get("USERNAME").and_then(Json::as_str), Some("anna"));
    assert_eq!(json.get("user"), None);
    assert_eq!(Json::Null.get("a"), None);
}

// I2
#[test]
fn nesting_ends_at_the_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::parse(nested(JSON_DEPTH).as_bytes()).is_ok());
    assert!(refused(nested(JSON_DEPTH + 1)).contains("deeper than 32"));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(33), "}".repeat(33));
    assert!(refused(objects).contains("deeper than 32"));
    refused("[".repeat(1_000_000));
}

// I2
#[test]
fn a_name_may_not_occur_twice_in_any_case_at_any_level() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"active":true,"ACTIVE":false}"#,
        r#"{"a":[{"b":{"Value":1,"value":2}}]}"#,
        r#"{"a":1,"\u0041":1}"#,
    ] {
        assert!(refused(text).contains("same name twice"), "{text}");
    }
    // Equal names in different objects are no duplicates.
    assert!(Json::parse(br#"{"a":{"a":1},"b":{"a":1}}"#).is_ok());
}

// I2
#[test]
fn a_duplicate_is_found_among_a_hundred_thousand_names() {
    let mut members: Vec<String> = (0..100_000).map(|it| format!(r#""n{it}":0"#)).collect();
    assert!(Json::parse(format!("{{{}}}", members.join(",")).as_bytes()).is_ok());
    members.push(r#""N5":0"#.to_owned());
    assert!(refused(format!("{{{}}}", members.join(","))).contains("same name twice"));
}

// I2
#[test]
fn nul_is_refused_in_texts_and_names() {
    assert!(refused(r#"{"a":"x\u0000y"}"#).contains("U+0000"));
    assert!(refused(r#"{"a\u0000":1}"#).contains("U+0000"));
    refused(b"{\"a\":\"x\0y\"}");
    refused(b"[1]\0");
}

// I2
#[test]
fn what_is_no_json_is_refused() {
    for text in [
        &b""[..],
        b"   ",
        b"\xEF\xBB\xBF{}",
        b"{} {}",
        b"{}x",
        b"[1,]",
        b"{'a':1}",
        b"{\"a\":NaN}",
        b"{\"a\":01}",
        b"[1e999]",
        br#"["\ud800"]"#,
        br#"["\udc00"]"#,
        br#"["\ud800\ud800"]"#,
        b"[\"\xff\"]",
        b"[\"\xed\xa0\x80\"]",
        b"[\"\n\"]",
    ] {
        refused(text);
    }
}

#[test]
fn a_refusal_names_the_place_and_never_the_content() {
    let detail = refused("{\"secret\":\"hunter2\",\n \"secret\":1}");
    assert!(detail.contains("line 2"), "{detail}");
    assert!(!detail.contains("secret") && !detail.contains("hunter2"), "{detail}");
}

#[test]
fn a_surrogate_pair_is_one_character() {
    assert_eq!(Json::parse(br#""\ud83d\ude00""#).unwrap(), Json::String("\u{1F600}".to_owned()));
}

proptest! {
    // I6
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Json::parse(&bytes);
    }

    // I6
    #[test]
    fn no_text_that_looks_like_json_makes_it_panic(text in r#"[\[\]{}:,"\\u0-9a-e \-.]{0,80}"#) {
        let _ = Json::parse(text.as_bytes());
    }

    #[test]
    fn what_the_usual_reader_accepts_without_duplicates_is_read_alike(text in "[^\0]{0,20}") {
        let value = serde_json::json!({ "a": [text, { "b": null }] });
        let json = Json::parse(value.to_string().as_bytes()).unwrap();
        let Some(Json::Array(list)) = json.get("a") else { panic!("no list") };
        prop_assert_eq!(list[0].as_str(), Some(text.as_str()));
    }
}

#[test]
fn a_member_is_taken_out_whatever_its_case() {
    let mut json = Json::parse(br#"{"a":1,"Data":[2],"c":3}"#).unwrap();
    assert_eq!(json.take("data"), Some(Json::parse(b"[2]").unwrap()));
    assert_eq!(json.take("data"), None);
    assert_eq!(json, Json::parse(br#"{"a":1,"c":3}"#).unwrap());
    assert_eq!(Json::Null.take("a"), None);
}

#[test]
fn the_size_of_a_text_is_that_of_compact_json() {
    for text in [
        "null",
        "true",
        "false",
        "-12.5",
        "[]",
        "{}",
        "\"\"",
        "[1,2,3]",
        "\"\u{fc}\u{1f600}\"",
        r#"{"a":[{"b":null},"c"],"d e":{"f":false}}"#,
        r#""\"\\/\n\r\t\b\f\u0001""#,
    ] {
        let json = Json::parse(text.as_bytes()).unwrap();
        let compact = serde_json::from_str::<serde_json::Value>(text).unwrap().to_string();
        assert_eq!(json.text_bytes(), compact.len(), "{text}");
    }
}
