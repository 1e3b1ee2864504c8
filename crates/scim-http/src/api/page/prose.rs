//! Descriptions as they stand in the document: paragraphs, in which backticks set code off.

/// A description, ready to be shown.
pub(super) struct Prose {
    pub(super) paragraphs: Vec<Vec<Span>>,
}

/// A piece of text.
pub(super) struct Span {
    pub(super) text: String,
    pub(super) code: bool,
}

impl Prose {
    /// Reads a description.
    pub(super) fn of(text: &str) -> Self {
        let paragraphs = text.split("\n\n").filter(|it| !it.trim().is_empty());
        Self { paragraphs: paragraphs.map(spans).collect() }
    }
}

fn spans(paragraph: &str) -> Vec<Span> {
    let pieces = paragraph.trim().split('`').enumerate();
    let spans = pieces.map(|(at, text)| Span { text: text.to_owned(), code: at % 2 == 1 });
    spans.filter(|it| !it.text.is_empty()).collect()
}
