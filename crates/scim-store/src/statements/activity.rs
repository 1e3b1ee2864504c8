//! The activity of requests, and the last use of keys.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};

use crate::{
    dialect::{insert, place},
    kept::Kept,
};

const WRITTEN: &[&str] =
    &["organization_id", "request_id", "at_us", "api_key_id", "method", "path", "status", "detail"];

const USE: &[&str] = &["organization_id", "api_key_id", "at_us", "address", "agent"];

/// Rows of organization, request, moment, key, method, path, status, detail.
pub(crate) static INSERT: Kept = Kept::sized("activity.insert", |dialect, rows| {
    dialect.text(&insert("activity", WRITTEN, rows))
});

/// organization, moment, moment, position, limit → request, moment, key, method, path, status,
/// detail, position of those before that place; newest first.
pub(crate) static BEFORE: Kept = Kept::new("activity.before", |dialect| {
    let earlier = Expr::col("at_us").lt(place()).or(Expr::col("position").lt(place()));
    dialect.text(
        Query::select()
            .columns(WRITTEN.iter().skip(1).copied())
            .column("position")
            .from("activity")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("at_us").lte(place()))
            .and_where(earlier)
            .order_by("at_us", Order::Desc)
            .order_by("position", Order::Desc)
            .limit(1),
    )
})
.long();

/// moment: everything older goes, of all organizations.
pub(crate) static FORGET: Kept = Kept::new("activity.forget", |dialect| {
    dialect.text(Query::delete().from_table("activity").and_where(Expr::col("at_us").lt(place())))
});

/// A row of organization, key, moment, address, agent; an older use never replaces a newer one.
pub(crate) static USED: Kept = Kept::new("api_key_uses.upsert", |dialect| {
    let newer = Expr::col(("excluded", "at_us")).gte(Expr::col(("api_key_uses", "at_us")));
    let known = OnConflict::columns(["organization_id", "api_key_id"])
        .update_columns(["at_us", "address", "agent"])
        .action_and_where(newer)
        .to_owned();
    dialect.text(insert("api_key_uses", USE, 1).on_conflict(known))
});

const QUIRK: &[&str] =
    &["organization_id", "api_key_id", "quirk", "requests", "last_us", "last_request_id"];

/// A row of organization, key, quirk, requests, moment, request: the requests are added to what is
/// there, and an earlier last request never replaces a later one.
pub(crate) static SHOWED: Kept = Kept::new("api_key_quirks.upsert", |dialect| {
    let known = |column: &'static str| Expr::col(("api_key_quirks", column));
    let given = |column: &'static str| Expr::col(("excluded", column));
    let last = |column: &'static str| {
        Expr::case(given("last_us").gte(known("last_us")), given(column)).finally(known(column))
    };
    let conflict = OnConflict::columns(["organization_id", "api_key_id", "quirk"])
        .value("requests", known("requests").add(given("requests")))
        .value("last_request_id", last("last_request_id"))
        .value("last_us", last("last_us"))
        .to_owned();
    dialect.text(insert("api_key_quirks", QUIRK, 1).on_conflict(conflict))
});

/// organization → key, quirk, requests, moment, request; by key, then by quirk.
pub(crate) static QUIRKS: Kept = Kept::new("api_key_quirks.list", |dialect| {
    dialect.text(
        Query::select()
            .columns(QUIRK.iter().skip(1).copied())
            .from("api_key_quirks")
            .and_where(Expr::col("organization_id").eq(place()))
            .order_by("api_key_id", Order::Asc)
            .order_by("quirk", Order::Asc),
    )
});

pub(super) const ALL: &[&Kept] = &[&INSERT, &BEFORE, &FORGET, &USED, &SHOWED, &QUIRKS];
