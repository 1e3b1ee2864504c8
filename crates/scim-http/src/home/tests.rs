use actix_web::http::header::HeaderValue;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::*;

// U3
#[test]
fn the_policy_allows_the_style_of_the_page() {
    assert_eq!(STYLE_DIGEST, STANDARD.encode(Sha256::digest(STYLE)));
    assert!(page("https://scim.example.com/scim/v2").contains(&format!("<style>{STYLE}</style>")));
}

#[test]
fn the_page_shows_its_base_url_as_text() {
    let page = page("https://a.example/\"><script>'&/scim/v2");
    assert!(page.contains("https://a.example/&quot;&gt;&lt;script&gt;&#39;&amp;/scim/v2"));
    assert!(!page.contains("<script"));
}

#[test]
fn the_page_says_what_okta_needs_when_it_cannot_work() {
    assert!(page("http://127.0.0.1:8080/scim/v2").contains("begin with https"));
    assert!(!page("https://scim.example.com/scim/v2").contains("begin with https"));
}

#[test]
fn programs_get_json_and_browsers_a_page() {
    let wants = |accept: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        wants_json(&headers)
    };
    assert!(wants("application/json"));
    assert!(wants("application/scim+json"));
    assert!(!wants("text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"));
    assert!(!wants("*/*"));
    assert!(!wants_json(&HeaderMap::new()));
}
