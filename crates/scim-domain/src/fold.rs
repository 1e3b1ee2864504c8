//! One rule for equality of names: what the filter cannot find, a create cannot clash with.

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};

use crate::invalid::Invalid;

#[cfg(test)]
mod tests;

/// Text folded for comparison: trimmed, then NFKC(casefold(NFKC(x))).
///
/// Merges more than RFC 7613's profile, on purpose: full-width letters, ligatures and the Kelvin
/// sign equal their plain forms. Variation selectors, which choose between pictures of one
/// character, are left out: `❤` with and without one is the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FoldedText(String);

impl FoldedText {
    /// Folds a name that must be fit to identify something.
    ///
    /// Refuses, with `invalidValue` and a detail that names `attribute`: empty after trimming,
    /// controls, bidi marks, zero-width and unassigned characters.
    pub fn of_name(attribute: &str, text: &str) -> Result<Self, Invalid> {
        if let Some(culprit) = text.trim().chars().find(|it| is_unfit(*it)) {
            let code = u32::from(culprit);
            return Err(Invalid::value(format!(
                "The value of {attribute} contains U+{code:04X}, an invisible, control or \
                 unassigned character that no name may contain."
            )));
        }
        let folded = Self::of(text);
        if folded.0.is_empty() {
            return Err(Invalid::value(format!("The value of {attribute} is empty.")));
        }
        Ok(folded)
    }

    /// Folds any text, for comparisons of `caseExact: false` strings; refuses nothing.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_ascii() {
            return Self(text.to_ascii_lowercase());
        }
        let nfkc = ComposingNormalizerBorrowed::new_nfkc();
        let plain: String = text.chars().filter(|it| !is_variation_selector(*it)).collect();
        let folded = CaseMapper::new().fold_string(&nfkc.normalize(&plain)).into_owned();
        // Compatibility forms of some marks start with a blank (U+00A8 is a blank and a mark).
        Self(nfkc.normalize(&folded).trim().to_owned())
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character makes two names look alike that are not, or breaks whatever shows them.
fn is_unfit(it: char) -> bool {
    if it.is_ascii() {
        return it.is_ascii_control();
    }
    if is_variation_selector(it) {
        return false;
    }
    // Format characters are the bidi marks and zero-width ones; the property adds those of other
    // categories that show nothing, such as the Hangul fillers.
    let category = CodePointMapData::<GeneralCategory>::new().get(it);
    matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    ) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(it)
}

const fn is_variation_selector(it: char) -> bool {
    matches!(it, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}
