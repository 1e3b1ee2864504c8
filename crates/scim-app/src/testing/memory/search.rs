//! Searching: the domain decides on every candidate.

use std::cmp::Ordering;

use scim_domain::{
    resource::{
        Object,
        document::Corrupt,
        sort::{Sort, SortKey},
    },
    schema::ResourceType,
};

use uuid::Uuid;

use super::state::count;
use crate::ports::{Page, Place, Search, StoreError};

/// References are compared without what only the outside knows: the base URL.
pub(super) const BASE: &str = "";

/// Whether a search looks at an attribute that is computed from rows.
pub(super) fn mentions(search: &Search<'_>, attribute: &str) -> bool {
    search.filter.is_some_and(|it| it.mentions(attribute))
        || search.sort.is_some_and(|it| {
            it.path.extension.is_none() && it.path.attribute.eq_ignore_ascii_case(attribute)
        })
}

/// The candidates that match, given in the order of their creation.
pub(super) fn search<'s, T: Clone + 's>(
    search: Search<'_>,
    resource_type: &ResourceType,
    candidates: impl Iterator<Item = &'s T>,
    id: impl Fn(&T) -> Uuid,
    resource: impl Fn(&T) -> Result<Object, Corrupt>,
) -> Result<Page<T>, StoreError> {
    let matcher = search.filter.map(|it| it.matcher(resource_type));
    let mut found: Vec<(Option<SortKey>, &T)> = Vec::new();
    for candidate in candidates {
        if matcher.is_none() && search.sort.is_none() {
            found.push((None, candidate));
            continue;
        }
        let resource = resource(candidate).map_err(|it| inconsistent(&it))?;
        if matcher.as_ref().is_none_or(|it| it.matches(&resource)) {
            found.push((search.sort.map(|it| it.key(resource_type, &resource)), candidate));
        }
    }
    if let Some(sort) = search.sort {
        // Stable, so that among equals the order of creation remains.
        found.sort_by(|(one, _), (other, _)| compare(sort, one.as_ref(), other.as_ref()));
    }
    let total = count(found.len());
    let descending = search.sort.is_some_and(|it| it.descending);
    let (inside, rest) = search.part.cut(found, descending, |(key, it)| Place {
        key: key.clone().unwrap_or(SortKey::MISSING),
        id: id(it),
    });
    Ok(Page { total, items: inside.into_iter().map(|(_, it)| it.clone()).collect(), rest })
}

fn compare(sort: &Sort, one: Option<&SortKey>, other: Option<&SortKey>) -> Ordering {
    let ascending = match (one, other) {
        (Some(one), Some(other)) => one.compare(other),
        (None, _) | (_, None) => Ordering::Equal,
    };
    if sort.descending { ascending.reverse() } else { ascending }
}

fn inconsistent(corrupt: &Corrupt) -> StoreError {
    StoreError::Inconsistent { table: corrupt.resource_type, reason: corrupt.reason.clone() }
}
