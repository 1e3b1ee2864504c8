//! Tests of list parameters.

use super::*;

fn window(start: Option<&str>, count: Option<&str>) -> (u64, u64, u64) {
    let query = ListQuery {
        start_index: start.map(str::to_owned),
        count: count.map(str::to_owned),
        ..ListQuery::default()
    };
    let (start, window) = query.window().unwrap();
    (start, window.offset, window.limit)
}

#[test]
fn start_and_count_are_brought_into_bounds() {
    assert_eq!(window(None, None), (1, 0, 100));
    assert_eq!(window(Some("0"), Some("-5")), (1, 0, 0));
    assert_eq!(window(Some("-3"), Some("0")), (1, 0, 0));
    assert_eq!(window(Some("101"), Some("100")), (101, 100, 100));
    assert_eq!(window(Some("1"), Some("100000000000000000000")), (1, 0, 1_000));
    assert_eq!(window(Some(""), Some(" 7 ")), (1, 0, 7));
    assert_eq!(window(Some("99999999999999999999999"), None).2, 100);
}

#[test]
fn what_is_no_number_is_refused_by_name() {
    for text in ["ten", "1.5", "1e3", "-", "0x10"] {
        let query = ListQuery { count: Some(text.to_owned()), ..ListQuery::default() };
        let error = query.window().unwrap_err();
        assert_eq!(error.reason, scim_domain::Reason::InvalidValue);
        assert!(error.detail.contains("count"), "{}", error.detail);
    }
}
