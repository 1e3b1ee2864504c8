//! Texts: few enough to meet each other, odd enough to matter.

use std::sync::LazyLock;

use proptest::{prelude::*, sample::select, strategy::SBoxedStrategy};

/// Equal but for case, prefixes of each other, of many scripts, and what other languages give a
/// meaning to.
const WORDS: [&str; 22] = [
    "anna",
    "Anna",
    "ANNA@acme.example",
    "an",
    "ann%",
    "ann_a",
    "Ä",
    "ä",
    "a\u{308}",
    "straße",
    "STRASSE",
    "\u{212A}elvin",
    "İ",
    "a\\b",
    "it's \"quoted\"",
    " padded ",
    "work",
    "true",
    "5",
    "王小明",
    "👩‍👩‍👧",
    "\u{10FFFD}",
];

/// Moments around each other, one of them written twice.
pub(super) const MOMENTS: [&str; 6] = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T01:00:00.000+01:00",
    "2026-01-01T00:00:03Z",
    "2025-12-31T23:59:59.999999Z",
    "1969-07-20T20:17:40Z",
    "9999-12-31T23:59:59Z",
];

/// Made once: to read a pattern takes longer than to draw from it.
type Made = LazyLock<SBoxedStrategy<String>>;

/// A text that is not empty.
pub fn text() -> SBoxedStrategy<String> {
    static TEXT: Made = LazyLock::new(|| {
        prop_oneof![
            4 => select(&WORDS[..]).prop_map(str::to_owned),
            3 => "[a-cA-C]{1,3}",
            1 => "[^\0]{1,12}",
        ]
        .sboxed()
    });
    TEXT.clone()
}

/// A text that any user or group may be named by.
pub fn name() -> SBoxedStrategy<String> {
    static NAME: Made = LazyLock::new(|| {
        let words =
            ["anna", "ANNA@acme.example", "ann%", "ä", "straße", "it's \"quoted\"", "王小明"];
        prop_oneof![
            1 => select(words.to_vec()).prop_map(str::to_owned),
            3 => "[a-cA-C_.%]{1,4}",
        ]
        .sboxed()
    });
    NAME.clone()
}

/// A date and time.
pub fn moment() -> SBoxedStrategy<String> {
    static MOMENT: Made = LazyLock::new(|| {
        let any = (0..4_000_000_000_i64, 0..1_000_000_i64).prop_map(|(seconds, micros)| {
            crate::Timestamp::from_micros(seconds * 1_000_000 + micros).to_string()
        });
        prop_oneof![2 => select(&MOMENTS[..]).prop_map(str::to_owned), 1 => any].sboxed()
    });
    MOMENT.clone()
}

/// Base64.
pub fn base64() -> SBoxedStrategy<String> {
    static BASE64: Made = LazyLock::new(|| "[A-Za-z0-9+/]{1,8}={0,2}".sboxed());
    BASE64.clone()
}
