//! The parameters of a list (RFC 7644 §3.4.2), and its answer.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use scim_domain::{
    Invalid, Reason,
    resource::{
        document::Strictness,
        filter::{Filter, Understood},
        limits::{DEFAULT_PAGE, LARGEST_PAGE},
        sort::Sort,
    },
    schema::{Catalog, ResourceType},
};

use crate::ports::{Part, Search, Window};

/// The parameters as sent; a parameter that is absent or empty counts as not given, but for
/// `cursor`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// `filter`.
    pub filter: Option<String>,
    /// `sortBy`.
    pub sort_by: Option<String>,
    /// `sortOrder`.
    pub sort_order: Option<String>,
    /// `startIndex`, 1-based; below 1 it is 1.
    pub start_index: Option<String>,
    /// `count`; negative is 0, above the largest page it is capped.
    pub count: Option<String>,
    /// `cursor` (RFC 9865): empty for the first page. Given, it chooses pages by cursor.
    pub cursor: Option<String>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T> {
    /// All matches, exactly.
    pub total: u64,
    /// Where the page is among all matches.
    pub position: Position,
    /// The items; how many there are is `itemsPerPage`.
    pub items: Vec<T>,
}

impl<T> Listing<T> {
    /// The same page of something made of each item.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Listing<U> {
        let Self { total, position, items } = self;
        Listing { total, position, items: items.into_iter().map(make).collect() }
    }
}

/// Where a page is, in the way its client pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// By index: that of the first item, from 1.
    Index(u64),
    /// By cursor: those of the pages before and after it, where there are any.
    Cursor {
        /// `previousCursor`.
        previous: Option<String>,
        /// `nextCursor`.
        next: Option<String>,
    },
}

/// The parameters, understood for one resource type.
#[derive(Debug)]
pub(crate) struct Question {
    pub filter: Option<Filter>,
    /// Whether a text in the filter stands without quotes.
    pub unquoted: bool,
    pub sort: Option<Sort>,
    pub paging: Paging,
}

/// Which page, as the client said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Paging {
    Index {
        /// From 1.
        start: u64,
        window: Window,
    },
    Cursor {
        /// Empty for the first page.
        text: String,
        count: Count,
    },
}

/// `count`, within its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count(Option<u64>);

impl Count {
    /// What the client said.
    pub const fn given(self) -> Option<u64> {
        self.0
    }

    /// How many resources a page has at most.
    pub fn limit(self) -> u64 {
        self.0.unwrap_or(DEFAULT_PAGE)
    }
}

impl Question {
    /// The question for a part of the matches.
    pub fn search<'a>(&'a self, catalog: &'a Arc<Catalog>, part: Part<'a>) -> Search<'a> {
        Search { catalog, filter: self.filter.as_ref(), sort: self.sort.as_ref(), part }
    }
}

/// What belongs to one owner in rows that are ordered by their owner.
pub(crate) fn owned<'a, O: Ord, T>(
    rows: &'a [(O, T)],
    owner: &'a O,
) -> impl Iterator<Item = &'a T> {
    let from = rows.partition_point(|(it, _)| it < owner);
    rows.iter().skip(from).take_while(move |(it, _)| it == owner).map(|(_, row)| row)
}

impl ListQuery {
    /// Understands the parameters for a resource type.
    pub(crate) fn read(
        &self,
        kind: &ResourceType,
        strictness: Strictness,
    ) -> Result<Question, Invalid> {
        let filter = self.filter(kind, &[], strictness)?;
        self.question(filter, self.sort(kind)?)
    }

    /// Understands the parameters for two resource types that are searched together: what only one
    /// of them knows is absent in the other, what neither knows is refused.
    pub(crate) fn read_both(
        &self,
        one: &ResourceType,
        other: &ResourceType,
        strictness: Strictness,
    ) -> Result<(Question, Question), Invalid> {
        let of_one = self.filter(one, &[other], strictness)?;
        let of_other = self.filter(other, &[one], strictness)?;
        let (by_one, by_other) = match (self.sort(one), self.sort(other)) {
            (Err(unknown), Err(_)) => return Err(unknown),
            (by_one, by_other) => (by_one.ok().flatten(), by_other.ok().flatten()),
        };
        Ok((self.question(of_one, by_one)?, self.question(of_other, by_other)?))
    }

    fn question(
        &self,
        filter: Option<Understood>,
        sort: Option<Sort>,
    ) -> Result<Question, Invalid> {
        let unquoted = filter.as_ref().is_some_and(|it| it.unquoted);
        let filter = filter.map(|it| it.filter);
        Ok(Question { filter, unquoted, sort, paging: self.paging()? })
    }

    fn filter(
        &self,
        kind: &ResourceType,
        others: &[&ResourceType],
        strictness: Strictness,
    ) -> Result<Option<Understood>, Invalid> {
        let read = |it| Filter::understand(it, kind, others, strictness);
        self.filter.as_deref().map(read).transpose()
    }

    fn sort(&self, kind: &ResourceType) -> Result<Option<Sort>, Invalid> {
        let order = self.sort_order.as_deref();
        self.sort_by.as_deref().map(|it| Sort::parse(kind, it, order)).transpose()
    }

    /// Which page is asked for.
    pub(crate) fn paging(&self) -> Result<Paging, Invalid> {
        if let Some(text) = self.cursor.as_deref().map(str::trim) {
            let text = text.to_owned();
            return Ok(Paging::Cursor { text, count: self.count_with_cursor()? });
        }
        let start = whole("startIndex", self.start_index.as_deref())?.unwrap_or(1).max(1);
        let count = whole("count", self.count.as_deref())?;
        let count = Count(count.map(|it| it.max(0).unsigned_abs().min(LARGEST_PAGE)));
        let start = start.unsigned_abs();
        Ok(Paging::Index { start, window: Window { offset: start - 1, limit: count.limit() } })
    }

    /// RFC 9865 §2.1: here a count beyond the largest is refused, not capped.
    fn count_with_cursor(&self) -> Result<Count, Invalid> {
        if self.start_index.as_deref().is_some_and(|it| !it.trim().is_empty()) {
            let detail = "startIndex and cursor are two ways to page. Send one of them.";
            return Err(Invalid::value(detail));
        }
        let refuse = || {
            let detail =
                format!("With a cursor, count must be a whole number up to {LARGEST_PAGE}.");
            Invalid::new(Reason::InvalidCount, detail)
        };
        let count = whole("count", self.count.as_deref()).map_err(|_| refuse())?;
        let count = count.map(|it| it.max(0).unsigned_abs());
        if count.is_some_and(|it| it > LARGEST_PAGE) { Err(refuse()) } else { Ok(Count(count)) }
    }
}

/// A whole number; one too large for us counts as the largest.
fn whole(name: &str, text: Option<&str>) -> Result<Option<i64>, Invalid> {
    let Some(text) = text.map(str::trim).filter(|it| !it.is_empty()) else { return Ok(None) };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Invalid::value(format!("{name} must be a whole number.")));
    }
    let clamped = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Ok(Some(text.parse().unwrap_or(clamped)))
}
