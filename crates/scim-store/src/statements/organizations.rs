//! Organizations.

use sea_orm::sea_query::{Expr, ExprTrait, LockType, Order, Query};

use crate::{
    dialect::{insert, place},
    kept::Kept,
};

pub(crate) const COLUMNS: &[&str] =
    &["id", "name", "plan", "created_us", "entitlements", "nested_groups", "schema_revision"];

/// id → a row of [`COLUMNS`].
pub(crate) static FIND: Kept = Kept::new("organizations.find", |dialect| {
    dialect.text(
        Query::select()
            .columns(COLUMNS.iter().copied())
            .from("organizations")
            .and_where(Expr::col("id").eq(place())),
    )
});

/// The same, locking the row where there are row locks.
pub(crate) static FIND_FOR_UPDATE: Kept = Kept::new("organizations.find_for_update", |dialect| {
    dialect.text(
        Query::select()
            .columns(COLUMNS.iter().copied())
            .from("organizations")
            .and_where(Expr::col("id").eq(place()))
            .lock(LockType::Update),
    )
});

/// the operator's → rows of [`COLUMNS`] but that one, oldest first.
pub(crate) static LIST: Kept = Kept::new("organizations.list", |dialect| {
    dialect.text(
        Query::select()
            .columns(COLUMNS.iter().copied())
            .from("organizations")
            .and_where(Expr::col("id").ne(place()))
            .order_by("id", Order::Asc),
    )
});

/// an id, a limit → rows of [`COLUMNS`] after it, oldest first. The operator's own comes before all
/// others.
pub(crate) static PAGE: Kept = Kept::new("organizations.page", |dialect| {
    dialect.text(
        Query::select()
            .columns(COLUMNS.iter().copied())
            .from("organizations")
            .and_where(Expr::col("id").gt(place()))
            .order_by("id", Order::Asc)
            .limit(1),
    )
});

/// A row of [`COLUMNS`].
pub(crate) static INSERT: Kept =
    Kept::new("organizations.insert", |dialect| dialect.text(&insert("organizations", COLUMNS, 1)));

/// name, plan, entitlements, nested groups, id.
pub(crate) static UPDATE: Kept = Kept::new("organizations.update", |dialect| {
    dialect.text(
        Query::update()
            .table("organizations")
            .value("name", place())
            .value("plan", place())
            .value("entitlements", place())
            .value("nested_groups", place())
            .and_where(Expr::col("id").eq(place())),
    )
});

/// id → schema revision, which stays until the transaction ends where there are row locks.
pub(crate) static HOLD_SCHEMAS: Kept = Kept::new("organizations.hold_schemas", |dialect| {
    dialect.text(
        Query::select()
            .column("schema_revision")
            .from("organizations")
            .and_where(Expr::col("id").eq(place()))
            .lock(LockType::Share),
    )
});

/// 1, id.
pub(crate) static ADVANCE_SCHEMAS: Kept = Kept::new("organizations.advance_schemas", |dialect| {
    dialect.text(
        Query::update()
            .table("organizations")
            .value("schema_revision", Expr::col("schema_revision").add(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

pub(super) const ALL: &[&Kept] =
    &[&FIND, &FIND_FOR_UPDATE, &LIST, &PAGE, &INSERT, &UPDATE, &HOLD_SCHEMAS, &ADVANCE_SCHEMAS];
