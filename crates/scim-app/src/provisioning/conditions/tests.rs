//! Tests of preconditions.

use super::*;

#[test]
fn tags_compare_weakly() {
    for header in ["W/\"3\"", "\"3\"", "\"1\", W/\"3\"", "  W/\"3\" "] {
        assert!(IfMatch::parse(header).check(3).is_ok(), "{header}");
        assert!(IfMatch::parse(header).check(4).is_err(), "{header}");
    }
}

#[test]
fn a_star_matches_whatever_exists_and_a_foreign_tag_nothing() {
    assert!(IfMatch::parse("*").check(9).is_ok());
    assert!(IfMatch::Absent.check(9).is_ok());
    for header in ["", "\"abc\"", "3", "W/3"] {
        assert!(IfMatch::parse(header).check(3).is_err(), "{header}");
    }
}
