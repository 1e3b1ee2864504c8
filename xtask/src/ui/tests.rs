use super::{Tone, Ui, shorten, wrap};

#[test]
fn a_short_text_stays_as_it_is() {
    assert_eq!(shorten("/Users", 10), "/Users");
}

#[test]
fn a_long_text_loses_its_middle_and_has_the_width() {
    let short = shorten("/Users?filter=userName%20eq%20%22alice%22&startIndex=1&count=100", 30);
    assert_eq!(short.chars().count(), 30);
    assert!(short.starts_with("/Users?filter="));
    assert!(short.ends_with("count=100"));
}

#[test]
fn without_a_terminal_there_is_no_colour() {
    assert_eq!(Ui::plain().paint(Tone::Bad, "x"), "x");
    assert!(!Ui::plain().interactive());
}

#[test]
fn a_long_text_is_broken_between_words() {
    assert_eq!(wrap("the plan is Starter", 12), ["the plan is", "Starter"]);
    assert_eq!(wrap("incomprehensibilities", 5), ["incomprehensibilities"]);
    assert!(wrap("", 5).is_empty());
}
