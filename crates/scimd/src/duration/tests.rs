//! Tests of durations.

use super::parse;
use std::time::Duration;

#[test]
fn a_duration_is_a_number_and_a_unit() {
    assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
    assert_eq!(parse("30s"), Ok(Duration::from_secs(30)));
    assert_eq!(parse(" 5 m "), Ok(Duration::from_mins(5)));
    assert_eq!(parse("90d"), Ok(Duration::from_hours(90 * 24)));
}

#[test]
fn what_is_no_duration_says_how_to_write_one() {
    for text in
        ["", "30", "s", "-1s", "1.5h", "3 weeks", "99999999999999999999d", "18446744073709551615d"]
    {
        assert!(parse(text).is_err_and(|error| error.contains("such as 30s")), "{text}");
    }
}
