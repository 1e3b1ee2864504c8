use super::compare::after_prefix;

#[test]
fn a_prefix_ends_where_its_last_character_is_counted_up() {
    assert_eq!(after_prefix("ann").as_deref(), Some("ano"));
    assert_eq!(after_prefix("a\u{D7FF}").as_deref(), Some("a\u{E000}"));
    assert_eq!(after_prefix("a\u{10FFFF}").as_deref(), Some("b"));
    assert_eq!(after_prefix("\u{10FFFF}"), None);
    assert_eq!(after_prefix(""), None);
}
