//! Tests of list parameters.

use super::*;

fn window(start: Option<&str>, count: Option<&str>) -> (u64, u64, u64) {
    let query = ListQuery {
        start_index: start.map(str::to_owned),
        count: count.map(str::to_owned),
        ..ListQuery::default()
    };
    match query.paging().unwrap() {
        Paging::Index { start, window } => (start, window.offset, window.limit),
        Paging::Cursor { .. } => panic!("no cursor was given"),
    }
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
        let error = query.paging().unwrap_err();
        assert_eq!(error.reason, Reason::InvalidValue);
        assert!(error.detail.contains("count"), "{}", error.detail);
    }
}

fn with_cursor(cursor: &str, start: Option<&str>, count: Option<&str>) -> ListQuery {
    ListQuery {
        cursor: Some(cursor.to_owned()),
        start_index: start.map(str::to_owned),
        count: count.map(str::to_owned),
        ..ListQuery::default()
    }
}

#[test]
fn a_cursor_empty_or_not_chooses_cursors() {
    let limit = |cursor: &str, count| match with_cursor(cursor, None, count).paging().unwrap() {
        Paging::Cursor { text, count } => (text, count.given(), count.limit()),
        Paging::Index { .. } => panic!("a cursor was given"),
    };
    assert_eq!(limit("", None), (String::new(), None, 100));
    assert_eq!(limit(" ", Some("")), (String::new(), None, 100));
    assert_eq!(limit("abc", Some("1000")), ("abc".to_owned(), Some(1_000), 1_000));
    assert_eq!(limit("", Some("-7")), (String::new(), Some(0), 0));
}

#[test]
fn with_a_cursor_a_count_out_of_bounds_is_refused_and_the_maximum_named() {
    for count in ["1001", "99999999999999999999999", "ten", "1.5"] {
        let error = with_cursor("", None, Some(count)).paging().unwrap_err();
        assert_eq!(error.reason, Reason::InvalidCount, "{count}");
        assert!(error.detail.contains("1000"), "{}", error.detail);
    }
}

#[test]
fn start_index_and_cursor_exclude_each_other() {
    let error = with_cursor("", Some("1"), None).paging().unwrap_err();
    assert_eq!(error.reason, Reason::InvalidValue);
    assert!(error.detail.contains("startIndex") && error.detail.contains("cursor"));
    assert!(with_cursor("", Some(" "), None).paging().is_ok());
}
