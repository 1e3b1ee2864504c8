use actix_web::http::header::{HeaderName, HeaderValue};

use super::*;
use crate::oauth::form::parse;

fn headers(all: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in all {
        headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
    }
    headers.append(HeaderName::from_static("accept"), HeaderValue::from_static("*/*"));
    headers
}

fn basic_of(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

/// What was read, in short; or the error's code.
fn short(authorization: &[&str], form: &str) -> String {
    let form = parse(form.as_bytes()).unwrap_or_else(|_| panic!("{form}"));
    match read(&headers(authorization), form) {
        Ok((Credential::Secret { client_id, client_secret }, scope)) => {
            format!("secret {client_id} {client_secret} {scope:?}")
        }
        Ok((Credential::Assertion { client_id, assertion }, scope)) => {
            format!("assertion {client_id:?} {assertion} {scope:?}")
        }
        Err(refusal) => refusal.told("request").error.to_owned(),
    }
}

const GRANT: &str = "grant_type=client_credentials";

#[test]
fn a_secret_comes_in_the_header_or_in_the_form() {
    let basic = basic_of("me:mine");
    assert_eq!(short(&[&basic], GRANT), "secret me mine None");
    assert_eq!(short(&[&basic.replace("Basic", "bAsIc ")], GRANT), "secret me mine None");
    assert_eq!(short(&[&basic], &format!("{GRANT}&client_id=me")), "secret me mine None");
    let post = format!("{GRANT}&client_id=me&client_secret=mine&scope=scim+more");
    assert_eq!(short(&[], &post), "secret me mine Some(\"scim more\")");
    // Both parts are encoded as values of a form, which most clients forget.
    assert_eq!(short(&[&basic_of("m%2De:min%65")], GRANT), "secret m-e mine None");
    assert_eq!(short(&[&basic_of("me:mi:ne")], GRANT), "secret me mi:ne None");
}

#[test]
fn an_assertion_comes_with_its_type() {
    let asserted = format!("{GRANT}&client_assertion_type={JWT_BEARER}&client_assertion=a.b.c");
    assert_eq!(short(&[], &asserted), "assertion None a.b.c None");
    let named = format!("{asserted}&client_id=me");
    assert_eq!(short(&[], &named), "assertion Some(\"me\") a.b.c None");
    let untyped = format!("{GRANT}&client_assertion=a.b.c");
    assert_eq!(short(&[], &untyped), "invalid_request");
    let saml = asserted.replace("jwt-bearer", "saml2-bearer");
    assert_eq!(short(&[], &saml), "invalid_request");
}

#[test]
fn a_client_says_once_who_it_is() {
    let basic = basic_of("me:mine");
    let jwt = format!("client_assertion_type={JWT_BEARER}&client_assertion=a.b.c");
    for (authorization, form) in [
        (vec![basic.as_str()], format!("{GRANT}&client_id=me&client_secret=mine")),
        (vec![basic.as_str()], format!("{GRANT}&{jwt}")),
        (vec![], format!("{GRANT}&client_id=me&client_secret=mine&{jwt}")),
        (vec![basic.as_str()], format!("{GRANT}&client_id=you")),
        (vec![], format!("{GRANT}&client_secret=mine")),
    ] {
        assert_eq!(short(&authorization, &form), "invalid_request", "{form}");
    }
}

#[test]
fn what_is_no_credential_is_an_unknown_client() {
    let basic = basic_of("me:mine");
    for authorization in [
        vec![],
        vec![basic.as_str(), basic.as_str()],
        vec!["Basic"],
        vec!["Basic me:mine"],
        vec!["Basic bWU="],
        vec!["Bearer bWU6bWluZQ=="],
        vec![""],
    ] {
        assert_eq!(short(&authorization, GRANT), "invalid_client", "{authorization:?}");
    }
}

#[test]
fn other_grants_are_not_offered() {
    let basic = basic_of("me:mine");
    for grant in ["authorization_code", "password", "refresh_token", "CLIENT_CREDENTIALS"] {
        let form = format!("grant_type={grant}");
        assert_eq!(short(&[&basic], &form), "unsupported_grant_type", "{grant}");
    }
    assert_eq!(short(&[&basic], "scope=scim"), "invalid_request");
    assert_eq!(short(&[&basic], "grant_type="), "invalid_request");
}
