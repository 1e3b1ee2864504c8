//! The parameters of a list (RFC 7644 §3.4.2), and its answer.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use scim_domain::{
    Invalid,
    resource::{
        filter::Filter,
        limits::{DEFAULT_PAGE, LARGEST_PAGE},
        sort::Sort,
    },
    schema::{Catalog, ResourceType},
};

use crate::ports::{Search, Window};

/// The parameters as sent; a parameter that is absent or empty counts as not given.
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
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T> {
    /// All matches, exactly.
    pub total: u64,
    /// The index of the first item, from 1.
    pub start_index: u64,
    /// The items; how many there are is `itemsPerPage`.
    pub items: Vec<T>,
}

/// The parameters, understood for one resource type.
#[derive(Debug)]
pub(crate) struct Question {
    pub filter: Option<Filter>,
    pub sort: Option<Sort>,
    pub start_index: u64,
    pub window: Window,
}

impl Question {
    pub fn search<'a>(&'a self, catalog: &'a Arc<Catalog>) -> Search<'a> {
        self.search_in(catalog, self.window)
    }

    /// The same question for another part of the matches.
    pub fn search_in<'a>(&'a self, catalog: &'a Arc<Catalog>, window: Window) -> Search<'a> {
        Search { catalog, filter: self.filter.as_ref(), sort: self.sort.as_ref(), window }
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
    pub(crate) fn read(&self, kind: &ResourceType) -> Result<Question, Invalid> {
        let filter = self.filter(kind, &[])?;
        self.question(filter, self.sort(kind)?)
    }

    /// Understands the parameters for two resource types that are searched together: what only one
    /// of them knows is absent in the other, what neither knows is refused.
    pub(crate) fn read_both(
        &self,
        one: &ResourceType,
        other: &ResourceType,
    ) -> Result<(Question, Question), Invalid> {
        let (of_one, of_other) = (self.filter(one, &[other])?, self.filter(other, &[one])?);
        let (by_one, by_other) = match (self.sort(one), self.sort(other)) {
            (Err(unknown), Err(_)) => return Err(unknown),
            (by_one, by_other) => (by_one.ok().flatten(), by_other.ok().flatten()),
        };
        Ok((self.question(of_one, by_one)?, self.question(of_other, by_other)?))
    }

    fn question(&self, filter: Option<Filter>, sort: Option<Sort>) -> Result<Question, Invalid> {
        let (start_index, window) = self.window()?;
        Ok(Question { filter, sort, start_index, window })
    }

    fn filter(
        &self,
        kind: &ResourceType,
        others: &[&ResourceType],
    ) -> Result<Option<Filter>, Invalid> {
        self.filter.as_deref().map(|it| Filter::parse(it, kind, others)).transpose()
    }

    fn sort(&self, kind: &ResourceType) -> Result<Option<Sort>, Invalid> {
        let order = self.sort_order.as_deref();
        self.sort_by.as_deref().map(|it| Sort::parse(kind, it, order)).transpose()
    }

    /// The 1-based start and the window it means.
    pub(crate) fn window(&self) -> Result<(u64, Window), Invalid> {
        let start = whole("startIndex", self.start_index.as_deref())?.unwrap_or(1).max(1);
        let count = whole("count", self.count.as_deref())?;
        let limit = count.map_or(DEFAULT_PAGE, |it| it.max(0).unsigned_abs().min(LARGEST_PAGE));
        let start = start.unsigned_abs();
        Ok((start, Window { offset: start - 1, limit }))
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
