use proptest::prelude::*;

use super::*;
use crate::Reason;

fn name(text: &str) -> String {
    FoldedText::of_name("userName", text).unwrap().0
}

// N3
#[test]
fn the_canonicalisation_table_merges_what_looks_or_sounds_alike() {
    for (sent, folded) in [
        ("anna@example.com", "anna@example.com"),
        ("Anna@EXAMPLE.com", "anna@example.com"),
        ("  anna \t\r\n", "anna"),
        ("\u{A0}\u{3000}\u{2003}anna\u{202F}", "anna"),
        ("\u{212A}arl", "karl"),                      // the Kelvin sign
        ("\u{212B}ke", "\u{E5}ke"),                   // the Angstrom sign
        ("\u{FF21}\u{FF4E}\u{FF4E}\u{FF41}", "anna"), // full width
        ("\u{FF41}\u{FF20}\u{FF45}", "a@e"),          // full-width at sign
        ("Rene\u{301}", "ren\u{E9}"),                 // NFD
        ("REN\u{C9}", "ren\u{E9}"),                   // NFC
        ("Stra\u{DF}e", "strasse"),                   // sharp s
        ("STRA\u{1E9E}E", "strasse"),                 // capital sharp s
        ("\u{17F}ophie", "sophie"),                   // long s
        ("\u{FB01}nn", "finn"),                       // ligature fi
        ("\u{FB06}ef", "stef"),                       // ligature st, by way of long s
        ("\u{1F1}", "dz"),                            // digraph
        ("\u{2460}", "1"),                            // circled digit
        ("x\u{B2}", "x2"),                            // superscript
        (
            "\u{3A3}\u{3AF}\u{3C3}\u{3C5}\u{3C6}\u{3BF}\u{3C2}",
            "\u{3C3}\u{3AF}\u{3C3}\u{3C5}\u{3C6}\u{3BF}\u{3C3}",
        ), // sigmas
        ("\u{AC00}", "\u{1100}\u{1161}"),             // Hangul, composed and in letters
        ("\u{2764}\u{FE0F} team", "\u{2764} team"),   // with a picture chosen
        ("a\u{A0}b", "a b"),                          // no-break space within
        ("\u{AB70}", "\u{13A0}"),                     // Cherokee folds to capitals
    ] {
        assert_eq!(name(sent), name(folded), "{sent:?}");
        assert_eq!(FoldedText::of(sent), FoldedText::of(folded), "{sent:?}");
        // Composed Hangul stays composed; everything else above is its own folded form.
        if folded != "\u{1100}\u{1161}" {
            assert_eq!(name(sent), folded, "{sent:?}");
        }
    }
}

// N3
#[test]
fn the_canonicalisation_table_keeps_apart_what_is_different() {
    for (one, other) in [
        ("\u{131}", "i"), // dotless i is another letter
        ("\u{130}", "i"), // I with dot folds to i and a mark, not to i
        ("\u{130}stanbul", "Istanbul"),
        ("\u{430}nna", "anna"), // Cyrillic a
        ("\u{3BF}", "o"),       // Greek omicron
        ("Ren\u{E9}", "Rene"),  // accents count
        ("a b", "ab"),
        ("a  b", "a b"),
        ("a-b", "a\u{2010}b"), // hyphens
        ("o'neil", "o\u{2019}neil"),
    ] {
        assert_ne!(name(one), name(other), "{one:?} and {other:?}");
    }
    assert_eq!(name("\u{130}"), "i\u{307}");
}

// N3
#[test]
fn characters_that_hide_or_reorder_are_refused_and_named_by_number() {
    for unfit in [
        '\0',
        '\u{7}',
        '\t',
        '\n',
        '\u{1F}',
        '\u{7F}',
        '\u{85}',
        '\u{9F}', // controls
        '\u{AD}',
        '\u{200B}',
        '\u{200C}',
        '\u{200D}',
        '\u{2060}',
        '\u{FEFF}', // zero width
        '\u{61C}',
        '\u{200E}',
        '\u{200F}',
        '\u{202A}',
        '\u{202E}',
        '\u{2066}',
        '\u{2069}', // bidi
        '\u{34F}',
        '\u{115F}',
        '\u{3164}',
        '\u{FFA0}',
        '\u{180E}', // shown as nothing
        '\u{2028}',
        '\u{2029}', // separators of lines
        '\u{378}',
        '\u{E0080}',
        '\u{FFFE}',
        '\u{10FFFF}', // unassigned
        '\u{E0041}',
        '\u{FFF9}', // tags, interlinear marks
    ] {
        let text = format!("qx{unfit}xq");
        let refusal = FoldedText::of_name("userName", &text).unwrap_err();
        assert_eq!(refusal.reason, Reason::InvalidValue);
        let code = format!("U+{:04X}", u32::from(unfit));
        assert!(refusal.detail.contains("userName") && refusal.detail.contains(&code), "{refusal}");
        assert!(!refusal.detail.contains("qx"), "the value shows: {refusal}");
    }
}

// N3
#[test]
fn a_name_of_nothing_is_refused() {
    for text in ["", "   ", "\t\r\n", "\u{A0}\u{2003}\u{3000}", "\u{FE0F}"] {
        let refusal = FoldedText::of_name("displayName", text).unwrap_err();
        assert_eq!(refusal.reason, Reason::InvalidValue);
        assert_eq!(refusal.detail, "The value of displayName is empty.");
    }
}

#[test]
fn any_text_can_be_folded_for_a_comparison() {
    assert_eq!(FoldedText::of("A\u{200B}\0B").as_str(), "a\u{200B}\0b");
    assert_eq!(FoldedText::of("").as_str(), "");
}

#[test]
fn every_character_has_one_folded_form() {
    for it in ('\0'..=char::MAX).filter(|it| !is_unfit(*it)) {
        let once = FoldedText::of(&format!("x{it}y"));
        assert_eq!(FoldedText::of(once.as_str()), once, "U+{:04X}", u32::from(it));
    }
}

proptest! {
    #[test]
    fn ascii_folds_as_lower_case(text in "[ -~]{1,30}") {
        prop_assert_eq!(FoldedText::of(&text).0, text.trim().to_ascii_lowercase());
    }

    #[test]
    fn the_short_way_and_the_long_way_agree(text in "[ -~]{0,30}") {
        // A letter that is not ASCII forces the long way.
        let long = FoldedText::of(&format!("{text}\u{E9}")).0;
        let short = FoldedText::of(&format!("{text}x")).0;
        prop_assert_eq!(long.trim_end_matches('\u{E9}'), short.strip_suffix('x').unwrap());
    }

    #[test]
    fn letter_case_never_tells_two_names_apart(text in "\\PC{0,20}") {
        let lower = FoldedText::of(&text.to_lowercase());
        prop_assert_eq!(FoldedText::of(&lower.0), lower);
    }
}
