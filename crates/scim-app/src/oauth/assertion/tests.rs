//! Assertions: what is believed of them, and when.

use serde_json::{Value, json};

use super::*;
use crate::testing::Signer;

const CLIENT: &str = "01980000-0000-7000-8000-00000000000a";
const HERE: [&str; 2] = ["https://scim.example.com/oauth/token", "https://scim.example.com"];
/// In seconds.
const NOW: i64 = 1_800_000_000;

fn claims() -> Value {
    json!({
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": HERE[0],
        "exp": NOW + 60,
        "iat": NOW,
        "jti": "1",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// An assertion that nobody signed.
fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}.AAAA", part(header), part(claims))
}

fn check(claims: &Value) -> Result<Used, &'static str> {
    let text = unsigned(&json!({ "alg": "ES256" }), claims);
    let now = Timestamp::from_micros(0).plus_seconds(NOW);
    Assertion::parse(&text).unwrap().check(&HERE, now)
}

#[test]
fn a_good_one_says_whose_it_is_and_until_when_it_counts() {
    let signer = Signer::p256().unwrap();
    let text = signer.sign(&claims()).unwrap();
    let assertion = Assertion::parse(&text).unwrap();
    assert_eq!(assertion.client(), ApiKeyId::parse(CLIENT));
    let keys = Json::parse(signer.jwks().to_string().as_bytes()).unwrap();
    assert!(assertion.is_signed_by(&PublicKeys::parse(&keys).unwrap()));
    assert!(!assertion.is_signed_by(&PublicKeys::default()));
    let used = check(&claims()).unwrap();
    assert_eq!(used.until, Timestamp::from_micros(0).plus_seconds(NOW + 60 + SKEW));
    assert_ne!(used.digest, check(&with("jti", json!("2"))).unwrap().digest);
}

#[test]
fn times_count_to_the_second() {
    for exp in [NOW - SKEW + 1, NOW, NOW + LONGEST_LIFE + SKEW] {
        assert!(check(&with("exp", json!(exp))).is_ok(), "{exp}");
    }
    for exp in [NOW - SKEW, 0, NOW + LONGEST_LIFE + SKEW + 1, i64::MAX, i64::MIN] {
        assert!(check(&with("exp", json!(exp))).is_err(), "{exp}");
    }
    for (name, late) in [("nbf", NOW + SKEW), ("iat", NOW + SKEW)] {
        assert!(check(&with(name, json!(late))).is_ok(), "{name}");
        assert!(check(&with(name, json!(late + 1))).is_err(), "{name}");
        assert!(check(&with(name, json!("soon"))).is_err(), "{name}");
    }
    // Some write fractions, as RFC 7519 §2 lets them.
    assert!(check(&with("exp", json!(1_800_000_000.5))).is_ok());
    for odd in [json!("1800000060"), json!(1e300), json!(-1.5), json!(null), json!([])] {
        assert!(check(&with("exp", odd.clone())).is_err(), "{odd}");
    }
}

#[test]
fn it_must_be_for_us() {
    for aud in [json!(HERE[0]), json!(HERE[1]), json!([HERE[1]]), json!(["urn:x", HERE[0]])] {
        assert!(check(&with("aud", aud.clone())).is_ok(), "{aud}");
    }
    for aud in [
        json!("https://scim.example.com/"),
        json!("https://other.example.com/oauth/token"),
        json!("https://scim.example.com/oauth/token/"),
        json!([]),
        json!({ "a": HERE[0] }),
        json!(null),
        json!(""),
    ] {
        assert!(check(&with("aud", aud.clone())).is_err(), "{aud}");
    }
}

#[test]
fn what_is_missing_or_odd_is_refused() {
    for name in ["aud", "exp", "jti"] {
        assert!(check(&without(name)).is_err(), "{name}");
    }
    assert!(check(&without("iat")).is_ok());
    for jti in [json!(""), json!(7), json!("x".repeat(LONGEST_ID + 1))] {
        assert!(check(&with("jti", jti.clone())).is_err(), "{jti}");
    }
    let client = |claims: &Value| {
        let text = unsigned(&json!({ "alg": "ES256" }), claims);
        Assertion::parse(&text).unwrap().client()
    };
    for claims in [
        without("iss"),
        without("sub"),
        with("sub", json!("somebody")),
        with("iss", json!("https://idp.example.com")),
        with("sub", json!(CLIENT.to_uppercase())),
    ] {
        assert_eq!(client(&claims), None, "{claims}");
    }
    // Names count as they are spelled.
    let mut shouted = without("sub");
    shouted["SUB"] = json!(CLIENT);
    assert_eq!(client(&shouted), None);
}

#[test]
fn headers_ask_for_nothing_that_is_not_offered() {
    for header in [
        json!({ "alg": "ES256" }),
        json!({ "alg": "EdDSA", "typ": "JWT", "kid": "1" }),
        json!({ "alg": "RS256", "typ": "client-authentication+jwt" }),
        json!({ "alg": "PS256", "typ": "application/jwt" }),
    ] {
        assert!(Assertion::parse(&unsigned(&header, &claims())).is_some(), "{header}");
    }
    for header in [
        json!({}),
        json!([]),
        json!({ "alg": "none" }),
        json!({ "alg": "HS256" }),
        json!({ "alg": 7 }),
        json!({ "ALG": "ES256" }),
        json!({ "alg": "ES256", "typ": "at+jwt" }),
        json!({ "alg": "ES256", "typ": "logout+jwt" }),
        json!({ "alg": "ES256", "typ": 7 }),
        json!({ "alg": "ES256", "crit": ["b64"], "b64": false }),
        json!({ "alg": "ES256", "crit": [] }),
    ] {
        assert!(Assertion::parse(&unsigned(&header, &claims())).is_none(), "{header}");
    }
}

#[test]
fn what_is_no_assertion_is_none() {
    let good = unsigned(&json!({ "alg": "ES256" }), &claims());
    let (head, rest) = good.split_once('.').unwrap();
    let twice = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","alg":"none"}"#);
    for text in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        head.to_owned(),
        format!("{good}."),
        format!("{good}.AAAA"),
        format!("{good}="),
        format!(" {good}"),
        format!("{head}=.{rest}"),
        format!("{twice}.{rest}"),
        format!("{head}.{}.AAAA", part(&json!("text"))),
        format!("{}{good}", "A".repeat(LONGEST)),
    ] {
        assert!(Assertion::parse(&text).is_none(), "{text}");
    }
}
