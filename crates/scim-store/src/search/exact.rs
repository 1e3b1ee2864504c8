//! Searches that SQL answers alone.

use scim_app::ports::{Page, StoreError, Window};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use uuid::Uuid;

use super::{Searched, compile::Narrowed, order::Order};
use crate::{
    rows::{count, read_count},
    session::{Call, Cost, Session, Source},
};

/// How far into a list a page may reach and still count as a short read.
const NEAR: u64 = 200;

pub(super) async fn page<S: Session, K: Searched>(
    session: &mut S,
    organization: Uuid,
    narrowed: Narrowed,
    order: Order,
    window: Window,
) -> Result<Page<K::Stored>, StoreError> {
    let mut items = Vec::new();
    if window.limit > 0 {
        let call = page_call::<S, K>(session, organization, &narrowed, order, window);
        items = session.rows(call, K::read).await?;
        let found = items.len() as u64;
        // A page that is not full tells the total, unless it is empty and not the first.
        if found < window.limit && (found > 0 || window.offset == 0) {
            return Ok(Page { total: window.offset.saturating_add(found), items });
        }
    }
    let call = count_call::<S, K>(session, organization, narrowed);
    let total = session.first(call, read_count).await?.unwrap_or(0);
    Ok(Page { total, items })
}

fn page_call<S: Session, K: Searched>(
    session: &S,
    organization: Uuid,
    narrowed: &Narrowed,
    order: Order,
    window: Window,
) -> Call {
    let near = window.offset.saturating_add(window.limit) <= NEAR;
    let all = narrowed.condition.is_none();
    let cost = if near && (narrowed.indexed || all && order.is_indexed()) {
        Cost::Point
    } else {
        Cost::Scan
    };
    let (limit, offset) = (count(window.limit), count(window.offset));
    if all && order == (Order::Id { descending: false }) {
        let call = K::PAGE.call([organization.into(), limit.into(), offset.into()]);
        return Call { cost, ..call };
    }
    let mut select = Query::select();
    select
        .columns(K::COLUMNS.iter().copied())
        .from(K::TABLE)
        .and_where(Expr::col("organization_id").eq(organization))
        .and_where_option(narrowed.condition.clone())
        .limit(limit.unsigned_abs())
        .offset(offset.unsigned_abs());
    order.apply(&mut select);
    let (text, values) = session.dialect().build(&select);
    Call { source: Source::Made(text), values, cost }
}

fn count_call<S: Session, K: Searched>(
    session: &S,
    organization: Uuid,
    narrowed: Narrowed,
) -> Call {
    if narrowed.condition.is_none() {
        return K::COUNT.call([organization.into()]);
    }
    let mut select = Query::select();
    select
        .expr(Func::count(Expr::col("id")))
        .from(K::TABLE)
        .and_where(Expr::col("organization_id").eq(organization))
        .and_where_option(narrowed.condition);
    let (text, values) = session.dialect().build(&select);
    let cost = if narrowed.indexed { Cost::Point } else { Cost::Scan };
    Call { source: Source::Made(text), values, cost }
}
