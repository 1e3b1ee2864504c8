//! Requests that were carried out, with their answers.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};

use crate::{
    dialect::{insert, place},
    kept::Kept,
};

const KEY: [&str; 3] = ["organization_id", "api_key_id", "name"];
const WRITTEN: &[&str] =
    &["organization_id", "api_key_id", "name", "fingerprint", "answer", "answered_us"];

/// organization, key, name → fingerprint, answer, moment.
pub(crate) static FIND: Kept = Kept::new("idempotency_keys.find", |dialect| {
    let mut query = Query::select();
    query.columns(["fingerprint", "answer", "answered_us"]).from("idempotency_keys");
    for column in KEY {
        query.and_where(Expr::col(column).eq(place()));
    }
    dialect.text(&query)
});

/// A row of organization, key, name, fingerprint, answer, moment.
pub(crate) static INSERT: Kept = Kept::new("idempotency_keys.insert", |dialect| {
    dialect.text(&insert("idempotency_keys", WRITTEN, 1))
});

/// moment, limit: the oldest that are older go, of all organizations.
pub(crate) static FORGET: Kept = Kept::new("idempotency_keys.forget", |dialect| {
    let oldest = Query::select()
        .columns(KEY)
        .from("idempotency_keys")
        .and_where(Expr::col("answered_us").lt(place()))
        .order_by("answered_us", Order::Asc)
        .limit(1)
        .take();
    let row = Expr::tuple(KEY.map(Expr::col));
    dialect.text(Query::delete().from_table("idempotency_keys").and_where(row.in_subquery(oldest)))
});

pub(super) const ALL: &[&Kept] = &[&FIND, &INSERT, &FORGET];
