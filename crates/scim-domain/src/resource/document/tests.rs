use super::*;
use crate::{Reason, resource::limits, schema::Catalog, testing::schemas};

mod clients;
mod round_trip;

/// Reads a user the tolerant way.
fn user(json: &str) -> Parsed {
    read_user(json, Strictness::Tolerant).unwrap()
}

fn read_user(json: &str, strictness: Strictness) -> Result<Parsed, Invalid> {
    let body = Json::parse(json.as_bytes()).unwrap();
    Document::from_request(&Catalog::standard().user, &body, strictness)
}

/// The stored text without `schemas`, which most tests do not look at.
fn stored(parsed: &Parsed) -> String {
    let json = parsed.document.to_json(&Catalog::standard().user);
    json.split_once(']')
        .map(|(_, rest)| rest.trim_start_matches(','))
        .map(|it| format!("{{{it}"))
        .unwrap()
}

fn refusal(json: &str) -> String {
    let refusal = read_user(json, Strictness::Tolerant).unwrap_err();
    assert_eq!(refusal.reason, Reason::InvalidValue, "{refusal}");
    refusal.detail
}

#[test]
fn null_empty_text_and_empty_list_are_no_values() {
    let parsed = user(
        r#"{"userName":"anna","title":null,"nickName":"","emails":[],"addresses":null,"active":"",
            "name":{"givenName":"","familyName":null},"roles":[null,"",{}],"ims":[{"value":""}],
            "phoneNumbers":"","timezone":[]}"#,
    );
    assert_eq!(stored(&parsed), r#"{"userName":"anna"}"#);
    assert!(parsed.ignored.is_empty());
}

#[test]
fn what_the_service_computes_or_keeps_secret_is_left_out_silently() {
    let parsed = user(
        r#"{"id":"7","meta":{"version":"x"},"groups":[{"value":"g"}],"password":"hunter2",
            "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"anna",
            "meta.created":"no date","groups.value":5}"#,
    );
    assert_eq!(stored(&parsed), r#"{"userName":"anna"}"#);
    assert!(parsed.ignored.is_empty());
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn values_stay_as_they_were_sent() {
    let sent =
        "{\"userName\":\"  A\u{301}nna\u{FF21} \",\"title\":\"a\\\"b\\\\c\\n\\u0001\u{1F600}\"}";
    assert_eq!(stored(&user(sent)), sent);
}

#[test]
fn the_wrong_type_is_refused_and_the_attribute_named() {
    for (json, names) in [
        (r#"{"userName":5}"#, "userName must be a string"),
        (r#"{"active":"yes"}"#, "active must be true or false"),
        (r#"{"active":1}"#, "active must be true or false"),
        (r#"{"name":"Anna"}"#, "name must be an object"),
        (r#"{"name":{"givenName":["a","b"]}}"#, "name.givenName takes one value"),
        (r#"{"title":["a","b"]}"#, "title takes one value"),
        (r#"{"title":{"value":"a"}}"#, "title must be a string"),
        (r#"{"emails":[["a"]]}"#, "emails must not hold lists"),
        (r#"{"emails":[5]}"#, "emails must be an object"),
        (r#"{"emails":[{"primary":"maybe"}]}"#, "emails.primary must be true or false"),
        (r#"{"addresses":["somewhere"]}"#, "addresses must be an object"),
        (r#"{"x509Certificates":[{"value":"no base64!"}]}"#, "x509Certificates.value must be"),
        (
            r#"{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":"x"}"#,
            "must be an object",
        ),
        (
            r#"{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":1}}}"#,
            "enterprise:2.0:User:manager.value must be a string",
        ),
    ] {
        assert!(refusal(json).contains(names), "{json}: {}", refusal(json));
    }
    let list = read_user("[]", Strictness::Tolerant).unwrap_err();
    assert_eq!(list.reason, Reason::InvalidSyntax);
}

// I4
#[test]
fn limits_are_enforced_to_the_byte_and_to_the_value() {
    let title = |length: usize| format!(r#"{{"title":"{}"}}"#, "x".repeat(length));
    user(&title(limits::STRING_BYTES));
    assert!(refusal(&title(limits::STRING_BYTES + 1)).contains("title is longer than 4096 bytes"));
    let emails =
        |count: usize| format!(r#"{{"emails":[{}]}}"#, vec![r#""a@b.c""#; count].join(","));
    user(&emails(limits::VALUES));
    assert!(refusal(&emails(limits::VALUES + 1)).contains("emails has more than 100 values"));
}

#[test]
fn the_last_of_several_primary_values_wins() {
    let parsed = user(
        r#"{"emails":[{"value":"a","primary":true},{"value":"b","primary":true},
            {"value":"c","primary":false}]}"#,
    );
    assert_eq!(
        stored(&parsed),
        r#"{"emails":[{"value":"a","primary":false},{"value":"b","primary":true},{"value":"c","primary":false}]}"#
    );
}

#[test]
fn kinds_beyond_texts_are_checked_too() {
    let odd = schemas::every_kind();
    let read = |member: &str| {
        let body = Json::parse(format!(r#"{{"{}:{member}}}"#, schemas::ODD).as_bytes()).unwrap();
        Document::from_request(&odd, &body, Strictness::Strict).map(|it| it.document.to_json(&odd))
    };
    for (sent, kept) in [
        (r#"level":7"#, r#""level":7"#),
        (r#"level":7.0"#, r#""level":7"#),
        (r#"level":-9223372036854775808"#, r#""level":-9223372036854775808"#),
        (r#"share":1"#, r#""share":1.0"#),
        (r#"share":0.25"#, r#""share":0.25"#),
        (r#"since":"2026-11-23T19:00:00+01:00""#, r#""since":"2026-11-23T19:00:00+01:00""#),
        (r#"levels":[1,2.0,null]"#, r#""levels":[1,2]"#),
        (r#"levels":3"#, r#""levels":[3]"#),
    ] {
        let json = read(sent).unwrap();
        assert!(json.ends_with(&format!("{{{kept}}}}}")), "{sent}: {json}");
    }
    for sent in [
        r#"level":"7""#,
        r#"level":7.5"#,
        r#"level":1e30"#,
        r#"level":18446744073709551615"#,
        r#"share":"1""#,
        r#"since":"yesterday""#,
        r#"since":1795456800"#,
    ] {
        assert_eq!(read(sent).unwrap_err().reason, Reason::InvalidValue, "{sent}");
    }
}

#[test]
fn strict_refuses_what_tolerant_ignores() {
    for json in [
        r#"{"userName":"a","shoeSize":42}"#,
        r#"{"userName":"a","name":{"shoeSize":42}}"#,
        r#"{"userName":"a","urn:acme:2.0:User":{}}"#,
        r#"{"userName":"a","schemas":["urn:acme:2.0:User"]}"#,
        r#"{"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"x":1}}"#,
    ] {
        assert_eq!(stored(&user(json)), r#"{"userName":"a"}"#);
        assert_eq!(user(json).ignored.len(), 1, "{json}");
        let refusal = read_user(json, Strictness::Strict).unwrap_err();
        assert_eq!(refusal.reason, Reason::InvalidSyntax);
    }
}

#[test]
fn ignored_names_are_told_once_and_never_without_bound() {
    let many: Vec<String> = (0..200).map(|it| format!(r#""unknown{it}":1"#)).collect();
    let parsed = user(&format!("{{{}}}", many.join(",")));
    assert_eq!(parsed.ignored.len(), 50);
    assert_eq!(parsed.ignored[0], "unknown0");
    let parsed = user(r#"{"emails":[{"value":"a","foo":1},{"value":"b","foo":2}]}"#);
    assert_eq!(parsed.ignored, ["emails.foo"]);
    let long = user(&format!(r#"{{"{}":1}}"#, "\u{e4}".repeat(5_000)));
    assert!(long.ignored[0].len() <= 256);
}

#[test]
fn members_are_handed_over_as_they_came() {
    let group = &Catalog::standard().group;
    let read = |json: &str| {
        let body = Json::parse(json.as_bytes()).unwrap();
        Document::from_request(group, &body, Strictness::Tolerant).unwrap()
    };
    let parsed = read(r#"{"displayName":"A","Members":[{"value":"1","display":null}]}"#);
    assert_eq!(
        parsed.document.to_json(group),
        format!(r#"{{"schemas":["{}"],"displayName":"A"}}"#, crate::schema::GROUP)
    );
    let rows = parsed.rows.unwrap();
    assert_eq!(rows, Json::parse(br#"[{"value":"1","display":null}]"#).unwrap());
    assert_eq!(read(r#"{"members":[]}"#).rows, Some(Json::Array(Vec::new())));
    assert_eq!(read(r#"{"members":null}"#).rows, None);
    assert_eq!(read(r#"{"displayName":"A"}"#).rows, None);
}
