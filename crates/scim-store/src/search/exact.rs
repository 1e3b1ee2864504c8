//! Searches that SQL answers alone.

use std::sync::Arc;

use scim_app::ports::{Keyset, Page, Part, Place, Search, StoreError, Window};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use uuid::Uuid;

#[cfg(test)]
mod tests;

use super::{
    Searched,
    compile::Narrowed,
    keyset,
    numbered::{self, Numbered},
    order::Order,
};
use crate::{
    blocks::Blocks,
    dialect,
    rows::{count, read_count},
    session::{Call, Cost, Session, Source},
};

/// How far into a list a page may reach and still count as a short read.
const NEAR: u64 = 200;

/// How many ids a short read may pass over: the index alone is looked at.
const PASSED: u64 = 5000;

pub(super) async fn page<S: Session, K: Searched>(
    session: &mut S,
    blocks: &Arc<Blocks>,
    organization: Uuid,
    narrowed: Narrowed,
    order: Order,
    search: Search<'_>,
) -> Result<Page<K::Stored>, StoreError> {
    let asked = Asked { organization, narrowed: &narrowed, order };
    if let Part::Window(window) = search.part
        && let Some(descending) = asked.is_numbered(window)
    {
        return asked.numbered::<S, K>(session, blocks, window, descending).await;
    }
    let (items, rest, total) = if search.part.limit() == 0 {
        (Vec::new(), None, None)
    } else {
        match search.part {
            Part::Window(window) => {
                let items = session.rows(asked.window::<S, K>(session, window), K::read).await?;
                let found = items.len() as u64;
                // A page that is not full tells the total, unless it is empty and not the first.
                let is_end = found < window.limit && (found > 0 || window.offset == 0);
                let total = is_end.then(|| window.offset.saturating_add(found));
                (items, None, total)
            }
            Part::Keyset(keyset) => {
                let call = asked.keyset::<S, K>(session, keyset)?;
                let found = session.rows(call, K::read).await?;
                let (items, rest) = ended::<K>(found, keyset, &search)?;
                // All there is, if nothing is behind the place and nothing is left before it.
                let total =
                    (keyset.place.is_none() && rest.is_none()).then_some(items.len() as u64);
                (items, rest, total)
            }
        }
    };
    let total = match (total, narrowed.condition.is_none()) {
        (Some(total), _) => total,
        (None, true) => Numbered::read::<S, K>(session, blocks, organization).await?.total,
        (None, false) => {
            let call = count_call::<S, K>(session, organization, narrowed);
            session.first(call, read_count).await?.unwrap_or(0)
        }
    };
    Ok(Page { total, items, rest })
}

/// What was found, one more than wanted if there is more, in its order; and where it goes on.
fn ended<K: Searched>(
    mut found: Vec<K::Stored>,
    keyset: Keyset<'_>,
    search: &Search<'_>,
) -> Result<(Vec<K::Stored>, Option<Place>), StoreError> {
    let more = if found.len() as u64 > keyset.limit { found.pop() } else { None };
    let edge = if keyset.backwards { more.as_ref() } else { more.as_ref().and(found.last()) };
    let place = |it| Ok(Place { key: K::key(search, it)?, id: K::id(it) });
    let rest = edge.map(place).transpose()?;
    if keyset.backwards {
        found.reverse();
    }
    Ok((found, rest))
}

/// Everything about a page but which one it is.
#[derive(Clone, Copy)]
struct Asked<'a> {
    organization: Uuid,
    narrowed: &'a Narrowed,
    order: Order,
}

impl Asked<'_> {
    fn window<S: Session, K: Searched>(self, session: &S, window: Window) -> Call {
        let cost = self.cost(window.offset.saturating_add(window.limit));
        let (limit, offset) = (count(window.limit), count(window.offset));
        if self.is_plain() {
            return self.run::<K>(Uuid::nil(), window.offset, window.limit);
        }
        let mut select = self.select::<K>(None, false, limit);
        select.offset(offset.unsigned_abs());
        made(session, &select, cost)
    }

    fn keyset<S: Session, K: Searched>(
        self,
        session: &S,
        keyset: Keyset<'_>,
    ) -> Result<Call, StoreError> {
        let cost = self.cost(keyset.limit);
        let limit = keyset.limit.saturating_add(1);
        match keyset.place {
            Some(place) if self.is_plain() && !keyset.backwards => {
                Ok(Call { cost, ..self.run::<K>(place.id, 0, limit) })
            }
            Some(_) | None => {
                let condition = keyset::condition(self.order, keyset)?;
                let select = self.select::<K>(condition, keyset.backwards, count(limit));
                Ok(made(session, &select, cost))
            }
        }
    }

    /// A window of everything in the order of ids, which is found by its number; whether it is
    /// counted from the newest. What comes first of all needs no search for its place.
    fn is_numbered(self, window: Window) -> Option<bool> {
        let Order::Id { descending } = self.order else { return None };
        let further = window.limit > 0 && window.offset > 0;
        (further && self.narrowed.condition.is_none()).then_some(descending)
    }

    async fn numbered<S: Session, K: Searched>(
        self,
        session: &mut S,
        blocks: &Arc<Blocks>,
        window: Window,
        descending: bool,
    ) -> Result<Page<K::Stored>, StoreError> {
        let organization = self.organization;
        let all = Numbered::read::<S, K>(session, blocks, organization).await?;
        let total = all.total;
        if window.offset >= total {
            return Ok(Page { total, items: Vec::new(), rest: None });
        }
        let window = if descending { numbered::mirrored(window, total) } else { window };
        let way = all.way_to::<S, K>(session, blocks, organization, window.offset).await?;
        let (after, skip) = way;
        let mut items = session.rows(self.run::<K>(after, skip, window.limit), K::read).await?;
        if descending {
            items.reverse();
        }
        Ok(Page { total, items, rest: None })
    }

    /// So many of everything after an id, oldest first, but for the first ones.
    fn run<K: Searched>(self, after: Uuid, skip: u64, limit: u64) -> Call {
        let organization = self.organization.into();
        let is_near = limit.saturating_add(skip) <= dialect::NEAR;
        let page = if is_near { K::NEAR_PAGE } else { K::PAGE };
        let call = page.call([organization, after.into(), count(limit).into(), count(skip).into()]);
        let cost = if limit <= NEAR && skip <= PASSED { Cost::Point } else { Cost::Scan };
        Call { cost, ..call }
    }

    /// Everything there is, oldest first: its texts are kept.
    fn is_plain(self) -> bool {
        self.narrowed.condition.is_none() && self.order == (Order::Id { descending: false })
    }

    fn cost(self, reach: u64) -> Cost {
        let by_index =
            self.narrowed.indexed || self.narrowed.condition.is_none() && self.order.is_indexed();
        if by_index && reach <= NEAR { Cost::Point } else { Cost::Scan }
    }

    fn select<K: Searched>(
        self,
        place: Option<Expr>,
        backwards: bool,
        limit: i64,
    ) -> SelectStatement {
        let mut select = Query::select();
        select
            .columns(K::COLUMNS.iter().copied())
            .from(K::TABLE)
            .and_where(Expr::col("organization_id").eq(self.organization))
            .and_where_option(self.narrowed.condition.clone())
            .and_where_option(place)
            .limit(limit.unsigned_abs());
        self.order.apply(&mut select, backwards);
        select
    }
}

fn made<S: Session>(session: &S, select: &SelectStatement, cost: Cost) -> Call {
    let (text, values) = session.dialect().build(select);
    Call { source: Source::Made(text), values, cost }
}

fn count_call<S: Session, K: Searched>(
    session: &S,
    organization: Uuid,
    narrowed: Narrowed,
) -> Call {
    let mut select = Query::select();
    select
        .expr(Func::count(Expr::col("id")))
        .from(K::TABLE)
        .and_where(Expr::col("organization_id").eq(organization))
        .and_where_option(narrowed.condition);
    made(session, &select, if narrowed.indexed { Cost::Point } else { Cost::Scan })
}
