//! Where the parser stands in the text of a filter, and how it says what is wrong there.

use std::fmt;

use crate::{Invalid, Reason};

/// A place in the text of a filter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.advance(rest.len() - rest.trim_ascii_start().len());
    }

    /// Takes the character if it is next.
    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.advance(wanted.len_utf8());
        }
        found
    }

    /// The run of characters up to a blank, double quote or bracket, without taking it.
    pub(super) fn peek_word(&self) -> &'t str {
        let rest = self.rest();
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')' | '[' | ']'));
        end.map_or(rest, |end| rest.get(..end).unwrap_or_default())
    }

    /// Takes that run.
    pub(super) fn word(&mut self) -> &'t str {
        let word = self.peek_word();
        self.advance(word.len());
        word
    }

    /// Takes the keyword, in any case, if it is the next word.
    pub(super) fn eat_keyword(&mut self, keyword: &str) -> bool {
        let word = self.peek_word();
        let found = word.eq_ignore_ascii_case(keyword);
        if found {
            self.advance(word.len());
        }
        found
    }

    /// A refusal at this place. The detail counts characters from 1 and never repeats the text,
    /// which may hold personal data.
    pub(super) fn fault(&self, what: impl fmt::Display) -> Invalid {
        let character = self.text.get(..self.at).unwrap_or(self.text).chars().count() + 1;
        Invalid::new(
            Reason::InvalidFilter,
            format!("The filter is not valid at character {character}: {what}."),
        )
    }
}
