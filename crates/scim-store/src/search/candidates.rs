//! Searches in which the domain decides: SQL gives the candidates in rounds, by id.

use std::{collections::HashMap, sync::Arc};

use scim_app::ports::{Page, Part, Place, Search, StoreError};
use scim_domain::{
    resource::{
        filter::Filter,
        sort::{Sort, SortKey},
    },
    schema::Catalog,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{
    Searched,
    compile::Narrowed,
    order::Order,
    searched::{Links, ROUND},
};
use crate::session::{Call, Cost, Session, Source};

/// How many candidates one search may look at.
const BUDGET: usize = 100_000;

pub(super) async fn page<S: Session, K: Searched>(
    session: &mut S,
    organization: Uuid,
    narrowed: Narrowed,
    search: Search<'_>,
) -> Result<Page<K::Stored>, StoreError> {
    let judge = Arc::new(Judge::new(&search, K::LINKED));
    let mut picked = Picked::new(&search);
    let (mut after, mut seen) = (None, 0);
    loop {
        let call = round::<S, K>(session, organization, &narrowed, after);
        let stored = session.rows(call, K::read).await?;
        let full = stored.len() == ROUND;
        seen += stored.len();
        if seen > BUDGET {
            return Err(StoreError::TooMany);
        }
        after = stored.last().map(K::id);
        let links = if judge.linked && !stored.is_empty() {
            Some(K::links(session, organization, &stored, judge.catalog.nested_groups).await?)
        } else {
            None
        };
        let judge = Arc::clone(&judge);
        let matches = session.compute(move || judge.pick::<K>(stored, links.as_ref())).await??;
        for (stored, key) in matches {
            picked.add::<K>(stored, key);
        }
        if !full {
            break;
        }
    }
    picked.finish::<S, K>(session, organization).await
}

/// A match with what it sorts by.
type Match<T> = (T, Option<SortKey>);

/// What decides, in a form that another thread can take along.
struct Judge {
    catalog: Arc<Catalog>,
    filter: Option<Filter>,
    sort: Option<Sort>,
    linked: bool,
}

impl Judge {
    fn new(search: &Search<'_>, linked: &str) -> Self {
        let (filter, sort) = (search.filter.cloned(), search.sort.cloned());
        let mentions = filter.as_ref().is_some_and(|it| it.mentions(linked))
            || sort.as_ref().is_some_and(|it| &*it.path.attribute == linked);
        Self { catalog: Arc::clone(search.catalog), filter, sort, linked: mentions }
    }

    /// Those that match, with what they sort by.
    fn pick<K: Searched>(
        &self,
        stored: Vec<K::Stored>,
        links: Option<&Links<K::Link>>,
    ) -> Result<Vec<Match<K::Stored>>, StoreError> {
        let resource_type = self.catalog.of(K::KIND);
        let matcher = self.filter.as_ref().map(|it| it.matcher(resource_type));
        let mut picked = Vec::new();
        for stored in stored {
            let id = K::id(&stored);
            let own = links.map(|all| all.get(&id).map(Vec::as_slice).unwrap_or_default());
            let object = K::object(&self.catalog, &stored, own)?;
            if matcher.as_ref().is_none_or(|it| it.matches(&object)) {
                let key = self.sort.as_ref().map(|it| it.key(resource_type, &object));
                picked.push((stored, key));
            }
        }
        Ok(picked)
    }
}

/// The next candidates.
fn round<S: Session, K: Searched>(
    session: &S,
    organization: Uuid,
    narrowed: &Narrowed,
    after: Option<Uuid>,
) -> Call {
    let mut select = Query::select();
    select
        .columns(K::COLUMNS.iter().copied())
        .from(K::TABLE)
        .and_where(Expr::col("organization_id").eq(organization))
        .and_where_option(narrowed.condition.clone())
        .and_where_option(after.map(|it| Expr::col("id").gt(it)))
        .limit(ROUND as u64);
    Order::Id { descending: false }.apply(&mut select, false);
    let (text, values) = session.dialect().build(&select);
    Call { source: Source::Made(text), values, cost: Cost::Scan }
}

/// The matches so far. Of a window without an order only those inside are kept; else only their
/// places, since documents are large and few of them are wanted.
struct Picked<'a, T> {
    sort: Option<&'a Sort>,
    part: Part<'a>,
    total: u64,
    inside: Vec<T>,
    places: Vec<Place>,
}

impl<'a, T: Send + 'static> Picked<'a, T> {
    const fn new(search: &Search<'a>) -> Self {
        let Search { sort, part, .. } = *search;
        Self { sort, part, total: 0, inside: Vec::new(), places: Vec::new() }
    }

    fn add<K: Searched<Stored = T>>(&mut self, stored: T, key: Option<SortKey>) {
        let number = self.total;
        self.total += 1;
        match (key, self.part) {
            (None, Part::Window(window)) => {
                let room = (self.inside.len() as u64) < window.limit;
                if number >= window.offset && room {
                    self.inside.push(stored);
                }
            }
            (key, Part::Window(_) | Part::Keyset(_)) => {
                let key = key.unwrap_or(SortKey::MISSING);
                self.places.push(Place { key, id: K::id(&stored) });
            }
        }
    }

    async fn finish<S: Session, K: Searched<Stored = T>>(
        mut self,
        session: &mut S,
        organization: Uuid,
    ) -> Result<Page<T>, StoreError> {
        if self.places.is_empty() {
            return Ok(Page { total: self.total, items: self.inside, rest: None });
        }
        let descending = self.sort.is_some_and(|it| it.descending);
        self.places.sort_by(|one, other| one.compare(other, descending));
        let (wanted, rest) = self.part.cut(self.places, descending, Place::clone);
        let mut found = HashMap::with_capacity(wanted.len());
        for round in wanted.chunks(ROUND) {
            let call = K::FIND_MANY.list([organization.into()], round.iter().map(|it| it.id));
            for stored in session.rows(call, K::read).await? {
                found.insert(K::id(&stored), stored);
            }
        }
        let items = wanted.iter().filter_map(|it| found.remove(&it.id)).collect();
        Ok(Page { total: self.total, items, rest })
    }
}
