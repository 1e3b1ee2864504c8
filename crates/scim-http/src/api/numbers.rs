//! What a reader of JSON or of a query says of a number, in words for people.

#[cfg(test)]
mod tests;

/// What it says, and what a person would say.
const WORDS: [(&str, &str); 9] = [
    ("expected u8", "expected a whole number from 0 to 255"),
    ("expected u16", "expected a whole number from 0 to 65535"),
    ("expected u32", "expected a whole number from 0 to 4294967295"),
    ("expected u64", "expected a whole number, 0 or more"),
    ("expected usize", "expected a whole number, 0 or more"),
    ("expected i64", "expected a whole number"),
    (
        "invalid digit found in string",
        "a parameter that must be a whole number, 0 or more, is none",
    ),
    (
        "cannot parse integer from empty string",
        "a parameter that must be a whole number, 0 or more, is empty",
    ),
    ("number too large to fit in target type", "a number is too large"),
];

/// The same without names of types.
pub(super) fn in_words(said: &str) -> String {
    let end = |rest: &str| !rest.starts_with(|it: char| it.is_ascii_alphanumeric());
    let mut text = said.to_owned();
    for (type_name, words) in WORDS {
        if let Some((before, after)) = said.rsplit_once(type_name).filter(|it| end(it.1)) {
            text = format!("{before}{words}{after}");
        }
    }
    text
}
