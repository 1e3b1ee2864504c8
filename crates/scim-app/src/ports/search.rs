use std::{cmp::Ordering, sync::Arc};

use scim_domain::{
    resource::{
        filter::Filter,
        sort::{Sort, SortKey},
    },
    schema::Catalog,
};
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// A part of the matches by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many matches to skip.
    pub offset: u64,
    /// How many to return at most; 0 asks for the total alone.
    pub limit: u64,
}

/// A place in an order: directly after one resource, whether or not it is still there.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// What that resource sorts by.
    pub key: SortKey,
    /// Its id, which orders equals, ascending in either direction.
    pub id: Uuid,
}

impl Place {
    /// Which of two places comes first.
    pub fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let by_key = self.key.compare(&other.key);
        let by_key = if descending { by_key.reverse() } else { by_key };
        by_key.then_with(|| self.id.cmp(&other.id))
    }
}

/// A part of the matches by place: what is found does not depend on how many others have come or
/// gone meanwhile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keyset<'a> {
    /// From where on: those after the place or, backwards, those up to it. Without one it begins
    /// at the start of all matches, backwards at their end.
    pub place: Option<&'a Place>,
    /// Whether those next to the place are wanted that come before it. They are returned in their
    /// order all the same.
    pub backwards: bool,
    /// How many to return at most; 0 asks for the total alone.
    pub limit: u64,
}

/// Which part of the matches a caller wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'a> {
    /// By number.
    Window(Window),
    /// By place.
    Keyset(Keyset<'a>),
}

impl Part<'_> {
    /// How many are wanted at most.
    pub const fn limit(self) -> u64 {
        match self {
            Self::Window(it) => it.limit,
            Self::Keyset(it) => it.limit,
        }
    }

    /// The part of all matches, for whoever has them in their order; and where it goes on.
    pub fn cut<T>(
        self,
        all: Vec<T>,
        descending: bool,
        place_of: impl Fn(&T) -> Place,
    ) -> (Vec<T>, Option<Place>) {
        let limit = usize::try_from(self.limit()).unwrap_or(usize::MAX);
        let keyset = match self {
            Self::Window(Window { offset, .. }) => {
                let offset = usize::try_from(offset).unwrap_or(usize::MAX);
                return (all.into_iter().skip(offset).take(limit).collect(), None);
            }
            Self::Keyset(keyset) => keyset,
        };
        if limit == 0 {
            return (Vec::new(), None);
        }
        // How many are at the place or before it.
        let behind = keyset.place.map(|place| {
            all.partition_point(|it| place_of(it).compare(place, descending) != Ordering::Greater)
        });
        let (from, to) = if keyset.backwards {
            let to = behind.unwrap_or(all.len());
            (to.saturating_sub(limit), to)
        } else {
            let from = behind.unwrap_or(0);
            (from, from.saturating_add(limit).min(all.len()))
        };
        let before = from.checked_sub(1).and_then(|it| all.get(it));
        let rest = if keyset.backwards {
            before.map(&place_of)
        } else {
            let last = to.checked_sub(1).and_then(|it| all.get(it));
            last.filter(|_| to < all.len()).map(&place_of)
        };
        (all.into_iter().take(to).skip(from).collect(), rest)
    }
}

/// A search among the users or the groups of an organization.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The schemas of the organization, by which documents are read.
    pub catalog: &'a Arc<Catalog>,
    /// What must match; everything without one.
    pub filter: Option<&'a Filter>,
    /// The order; without one, and among equals, creation (that is: id) ascending.
    pub sort: Option<&'a Sort>,
    /// Which of the matches.
    pub part: Part<'a>,
}

/// A part of the matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// All matches, exactly.
    pub total: u64,
    /// Those of the part, in their order.
    pub items: Vec<T>,
    /// The place where a part by place goes on in its direction; none if nothing is left there.
    pub rest: Option<Place>,
}
