//! Lists, page by page: a page says where the next one begins.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::Problem;

#[cfg(test)]
mod tests;

/// Items of a page, unless said otherwise.
const DEFAULT_LIMIT: u64 = 100;
/// Items of a page, at most.
const LARGEST_LIMIT: u64 = 1000;

/// Which page is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// Items of the page, at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: Option<u64>,
    /// `nextCursor` of the page before; without it, the first page.
    pub(super) cursor: Option<String>,
}

impl Paging {
    /// How many items the page may have.
    pub(super) fn limit(&self) -> Result<u64, Problem> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if (1..=LARGEST_LIMIT).contains(&limit) {
            Ok(limit)
        } else {
            Err(Problem::invalid(format!("limit must be 1 to {LARGEST_LIMIT}.")))
        }
    }

    /// The id after which the page begins.
    pub(super) fn after(&self) -> Result<Option<Uuid>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        let id = bytes.and_then(|it| Uuid::from_slice(&it).ok());
        id.map(Some).ok_or_else(|| {
            Problem::invalid("cursor is not one that this list gave out. Start over without it.")
        })
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct List<T> {
    /// The items, in the list's order.
    pub(super) items: Vec<T>,
    /// Where the next page begins; `null` on the last one.
    #[schema(required)]
    pub(super) next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A page of `limit` items made of up to one more, which tells that there are more.
    pub(super) fn of(mut items: Vec<T>, limit: u64, id: impl Fn(&T) -> Uuid) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let next_cursor = last.map(|it| URL_SAFE_NO_PAD.encode(id(it).as_bytes()));
        Self { items, next_cursor }
    }

    /// The same page in other words.
    pub(super) fn map<U>(&self, words: impl Fn(&T) -> U) -> List<U> {
        let items = self.items.iter().map(words).collect();
        List { items, next_cursor: self.next_cursor.clone() }
    }
}
