//! Cells that no spreadsheet takes for a formula.

use std::borrow::Cow;

/// What a spreadsheet would begin to compute at, and the quote that keeps it from doing so.
const DANGEROUS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// The text as a cell holds it: with a quote in front where it would be a formula, or where it
/// begins with a quote itself, so that reading undoes it exactly.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(DANGEROUS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell. A quote in front of anything else is part of the text, as in a name.
pub fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(DANGEROUS) => text,
        Some(_) | None => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::{guarded, plain};

    // U4
    #[test]
    fn no_cell_is_a_formula_and_every_text_comes_back() {
        for text in ["=1+1", "+49 30", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''", "'", "'tis"] {
            let cell = guarded(text);
            assert!(cell.starts_with('\''), "{cell}");
            assert_eq!(plain(&cell), text);
        }
        for text in ["", "ann", "a=b", "O'Neil", "1-2"] {
            assert_eq!(guarded(text), text);
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn what_people_write_by_hand_is_what_they_mean() {
        for text in ["+49 30", "-1", "'t Hooft", "'"] {
            assert_eq!(plain(text), text);
        }
    }
}
