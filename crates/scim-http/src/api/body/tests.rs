use super::*;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    name: Option<String>,
    #[serde(default)]
    limit: Given<u64>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Nested {
    one: Object<Patch>,
    many: Vec<Object<Patch>>,
}

fn parsed(text: &str) -> Result<Patch, String> {
    parse(text.as_bytes()).map_err(|it| it.detail().to_owned())
}

#[test]
fn absent_keeps_and_null_clears() {
    assert_eq!(parsed("{}").unwrap().limit, Given::Kept);
    assert_eq!(parsed(r#"{"limit":null}"#).unwrap().limit, Given::Cleared);
    assert_eq!(parsed(r#"{"limit":5}"#).unwrap().limit, Given::Set(5));
}

// I2
#[test]
fn what_is_not_strict_json_of_known_names_is_refused_and_named() {
    for (text, named) in [
        ("", "has none"),
        ("{", "line 1"),
        (r#"{"name":"a","NAME":"b"}"#, "twice"),
        (r#"{"name":"a\u0000"}"#, "U+0000"),
        (r#"{"nam":"a"}"#, "unknown field `nam`"),
        (r#"{"name":5}"#, "invalid type"),
        (r#"{"name":"a"} {}"#, "line 1"),
    ] {
        let refused = parsed(text).unwrap_err();
        assert!(refused.contains(named), "{text}: {refused}");
    }
}

// I2
#[test]
fn a_list_is_no_object_inside_of_a_body_either() {
    let read = |text: &str| parse::<Nested>(text.as_bytes()).map_err(|it| it.detail().to_owned());
    let good = read(r#"{"one":{"name":"a"},"many":[{},{"limit":1}]}"#).unwrap();
    assert_eq!((good.one.0.name.as_deref(), good.many.len()), (Some("a"), 2));
    for other in [r#"["a",1]"#, "null", "5", r#""a""#] {
        for text in [
            format!(r#"{{"one":{other},"many":[]}}"#),
            format!(r#"{{"one":{{}},"many":[{other}]}}"#),
        ] {
            let refused = read(&text).unwrap_err();
            assert!(refused.contains("expected an object at line 1"), "{text}: {refused}");
        }
    }
    let refused = read(r#"{"one":{"nam":"a"},"many":[]}"#).unwrap_err();
    assert!(refused.contains("unknown field `nam`"), "{refused}");
}

#[test]
fn json_and_merge_patches_are_taken_and_other_types_are_not() {
    for taken in
        ["application/json", "Application/JSON; charset=utf-8", "", "application/merge-patch+json"]
    {
        assert!(is_json(taken), "{taken}");
    }
    for refused in ["text/plain", "application/scim+json", "application/x-www-form-urlencoded"] {
        assert!(!is_json(refused), "{refused}");
    }
}
