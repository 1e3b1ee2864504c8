use actix_web::http::header::HeaderValue;

use super::*;

fn headers(name: &HeaderName, lines: &[&'static str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name.clone(), HeaderValue::from_static(line));
    }
    headers
}

#[test]
fn a_known_version_is_recognised_weakly_in_any_list() {
    for lines in [&["W/\"7\""][..], &["\"7\""], &["W/\"6\", W/\"7\""], &["\"6\"", "\"7\""], &["*"]]
    {
        assert!(is_known(&headers(&IF_NONE_MATCH, lines), 7), "{lines:?}");
    }
    for lines in [&["W/\"6\""][..], &["7"], &["\"abc\""], &[""]] {
        assert!(!is_known(&headers(&IF_NONE_MATCH, lines), 7), "{lines:?}");
    }
    assert!(!is_known(&HeaderMap::new(), 7));
}

#[test]
fn if_match_is_absent_only_without_the_header() {
    assert_eq!(if_match(&HeaderMap::new()), IfMatch::Absent);
    assert_eq!(if_match(&headers(&IF_MATCH, &["*"])), IfMatch::Any);
    assert_eq!(if_match(&headers(&IF_MATCH, &["W/\"1\"", "\"2\""])), IfMatch::Versions(vec![1, 2]));
    assert_eq!(if_match(&headers(&IF_MATCH, &["nonsense"])), IfMatch::Versions(vec![]));
}
