//! Tests of wishes: what operations in their order come down to.

use super::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn user(number: u128) -> Member {
    Member::User(UserId::new(id(number)))
}

fn group(number: u128) -> Member {
    Member::Group(GroupId::new(id(number)))
}

fn texts(numbers: &[u128]) -> Vec<String> {
    numbers.iter().map(|it| id(*it).to_string()).collect()
}

#[test]
fn the_last_word_about_a_user_counts_and_repeats_do_not() {
    let mut wish = Wish::default();
    wish.all(texts(&[1, 2, 1]), Direction::In);
    wish.all(texts(&[2, 3]), Direction::Out);
    assert_eq!(wish.heading(Direction::In), [id(1)]);
    assert_eq!(wish.heading(Direction::Out), [id(2), id(3)]);
}

#[test]
fn only_joining_values_can_be_unknown() {
    let mut wish = Wish::default();
    wish.all(vec!["nobody".to_owned()], Direction::In);
    wish.all(vec!["no one".to_owned()], Direction::Out);
    assert_eq!(wish.unknown.into_iter().collect::<Vec<_>>(), ["nobody"]);
}

// Z5
#[test]
fn without_joining_a_full_set_lets_the_absent_leave() {
    let wish = Wish::set(texts(&[2, 9])).without_joining(&[user(1), user(2), group(3)]);
    assert!(!wish.takes_nothing_away());
    assert!(wish.heading(Direction::In).is_empty());
    assert_eq!(wish.heading(Direction::Out), [id(1), id(3)]);
    let kept = Wish::set(texts(&[1, 2])).without_joining(&[user(1), group(2)]);
    assert!(kept.takes_nothing_away());
}

#[test]
fn a_push_tells_what_was_left_out_and_counts_beyond_what_it_names() {
    let skipped = (0..1_500).map(|it| (format!("x{it}"), "unknown")).collect();
    let pushed = Pushed { skipped, ..Pushed::default() };
    assert!(!pushed.is_silent() && !pushed.changed());
    let detail = pushed.detail();
    assert_eq!(detail["membersSkipped"].as_array().unwrap().len(), NAMED);
    assert_eq!(detail["membersSkippedTotal"], json!(1_500));
    assert_eq!(pushed.notes(), ["1500 members skipped: no such user in this organization"]);
}
