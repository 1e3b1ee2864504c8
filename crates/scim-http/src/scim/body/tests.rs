use actix_web::http::header::HeaderValue;

use super::*;

#[test]
fn json_in_utf_8_is_accepted_under_its_names() {
    for it in [
        "application/scim+json",
        "application/scim+json; charset=utf-8",
        "application/scim+json;charset=\"UTF-8\"",
        "Application/JSON",
        "application/json;odata=verbose",
        "application/json;",
        "",
    ] {
        assert!(is_json(it), "{it}");
    }
}

// I5
#[test]
fn other_media_types_and_charsets_are_not() {
    for it in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "application/merge-patch+json",
        "application/scim+json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        "*/*",
    ] {
        assert!(!is_json(it), "{it}");
    }
}

fn head(name: actix_web::http::header::HeaderName, value: &'static str) -> Result<(), Refusal> {
    let mut headers = HeaderMap::new();
    headers.append(name, HeaderValue::from_static(value));
    check_head(&headers, 100)
}

// I1, I5
#[test]
fn the_head_alone_can_sink_a_request() {
    assert!(head(CONTENT_LENGTH, "100").is_ok());
    assert!(matches!(head(CONTENT_LENGTH, "101"), Err(Refusal::TooLarge { limit: 100 })));
    let beyond_any_machine = "340282366920938463463374607431768211456";
    assert!(matches!(head(CONTENT_LENGTH, beyond_any_machine), Err(Refusal::TooLarge { .. })));
    assert!(head(CONTENT_ENCODING, "identity").is_ok());
    assert!(matches!(head(CONTENT_ENCODING, "gzip"), Err(Refusal::ContentEncoding)));
    assert!(matches!(head(CONTENT_ENCODING, "identity, br"), Err(Refusal::ContentEncoding)));
}
