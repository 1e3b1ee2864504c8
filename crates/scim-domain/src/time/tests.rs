use proptest::prelude::*;

use super::*;

fn micros(text: &str) -> Option<i64> {
    Timestamp::parse(text).map(Timestamp::micros)
}

#[test]
fn a_moment_is_read_in_every_offset() {
    for text in [
        "2026-11-23T18:00:00Z",
        "2026-11-23T18:00:00.000Z",
        "2026-11-23T19:00:00+01:00",
        "2026-11-23T12:30:00-05:30",
        "2026-11-23T18:00:00",
        "2026-11-23T18:00:00.000000",
    ] {
        assert_eq!(micros(text), Some(1_795_456_800_000_000), "{text}");
    }
    assert_eq!(micros("1970-01-01T00:00:00.000001Z"), Some(1));
    assert_eq!(micros("1969-12-31T23:59:59Z"), Some(-1_000_000));
}

// "For ever", as many directories write it.
#[test]
fn the_last_day_of_the_calendar_is_a_moment_in_every_offset() {
    let last = Some(253_402_300_799_000_000);
    for text in [
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59",
        "9999-12-31T23:59:59+00:00",
        "9999-12-31T22:59:59-01:00",
    ] {
        assert_eq!(micros(text), last, "{text}");
    }
    assert_eq!(micros("9999-12-31T23:59:59.999999Z"), Some(253_402_300_799_999_999));
    assert_eq!(micros("9999-12-31T23:59:59-12:00"), Some(253_402_343_999_000_000));
    for text in ["10000-01-01T00:00:00Z", "9999-12-32T00:00:00Z", "9999-12-31"] {
        assert_eq!(micros(text), None, "{text}");
    }
}

#[test]
fn what_is_no_moment_is_none() {
    for text in [
        "",
        "Z",
        "yesterday",
        "2026-11-23",
        "18:00:00Z",
        "2026-13-01T00:00:00Z",
        "04-12-2018 00:00:00",
    ] {
        assert_eq!(micros(text), None, "{text:?}");
    }
}

#[test]
fn a_moment_is_shown_in_utc_with_milliseconds() {
    let shown = |micros| Timestamp::from_micros(micros).to_string();
    assert_eq!(shown(1_795_456_800_000_000), "2026-11-23T18:00:00.000Z");
    assert_eq!(shown(1_795_456_800_123_999), "2026-11-23T18:00:00.123Z");
    assert_eq!(shown(-1), "1969-12-31T23:59:59.999Z");
}

#[test]
fn moments_beyond_the_calendar_are_shown_and_added_without_a_panic() {
    assert_eq!(Timestamp::from_micros(i64::MAX).to_string(), format!("{}us", i64::MAX));
    assert_eq!(Timestamp::from_micros(i64::MAX).plus_seconds(1).micros(), i64::MAX);
    assert_eq!(Timestamp::from_micros(0).plus_seconds(-2).micros(), -2_000_000);
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back_to_the_millisecond(millis in -62_000_000_000_000_i64..250_000_000_000_000) {
        let moment = Timestamp::from_micros(millis * 1_000);
        prop_assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}") {
        let _ = Timestamp::parse(&text);
    }
}
