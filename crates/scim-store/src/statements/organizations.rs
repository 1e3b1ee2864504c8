//! Organizations.

use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Order, Query};

use crate::{
    dialect::{insert, place},
    kept::Kept,
};

pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "created_us",
    "schema_revision",
    "name",
    "plan",
    "entitlements",
    "nested_groups",
    "seat_limit",
    "disabled_us",
    "deleted_us",
    "purge_us",
    "scim",
    "paused_us",
    "paused_until_us",
    "mapping_rules_apply",
    "name_id_attribute",
];

/// The columns that an update writes: all of [`COLUMNS`] after these.
pub(crate) const FIXED: usize = 3;

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

/// Everything in [`COLUMNS`] after the [`FIXED`] ones, id.
pub(crate) static UPDATE: Kept = Kept::new("organizations.update", |dialect| {
    let mut update = Query::update();
    update.table("organizations");
    for column in COLUMNS.iter().skip(FIXED) {
        update.value(*column, place());
    }
    dialect.text(update.and_where(Expr::col("id").eq(place())))
});

/// id → a row of [`COLUMNS`], which stays until the transaction ends where there are row locks.
pub(crate) static HOLD: Kept = Kept::new("organizations.hold", |dialect| {
    dialect.text(
        Query::select()
            .columns(COLUMNS.iter().copied())
            .from("organizations")
            .and_where(Expr::col("id").eq(place()))
            .lock(LockType::Share),
    )
});

/// id.
pub(crate) static DELETE: Kept = Kept::new("organizations.delete", |dialect| {
    dialect.text(Query::delete().from_table("organizations").and_where(Expr::col("id").eq(place())))
});

/// moment, limit → the ids of those to be erased by then, the longest gone first.
pub(crate) static DUE: Kept = Kept::new("organizations.due", |dialect| {
    dialect.text(
        Query::select()
            .column("id")
            .from("organizations")
            .and_where(Expr::col("purge_us").lte(place()))
            .order_by("purge_us", Order::Asc)
            .limit(1),
    )
});

/// organization → how many seats are taken.
pub(crate) static SEATS_USED: Kept = Kept::new("organization_seats.find", |dialect| {
    dialect.text(
        Query::select()
            .column("used")
            .from("organization_seats")
            .and_where(Expr::col("organization_id").eq(place())),
    )
});

/// A row of organization, seats taken; in place of what was there.
pub(crate) static SET_SEATS: Kept = Kept::new("organization_seats.upsert", |dialect| {
    let known = OnConflict::column("organization_id").update_column("used").to_owned();
    dialect.text(insert("organization_seats", &["organization_id", "used"], 1).on_conflict(known))
});

/// organization.
pub(crate) static FORGET_SEATS: Kept = Kept::new("organization_seats.delete", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("organization_seats")
            .and_where(Expr::col("organization_id").eq(place())),
    )
});

/// how many, organization, a number: only while fewer are taken than that.
pub(crate) static TAKE_SEATS: Kept = Kept::new("organization_seats.take", |dialect| {
    dialect.text(
        Query::update()
            .table("organization_seats")
            .value("used", Expr::col("used").add(place()))
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("used").lt(place())),
    )
});

/// how many, organization.
pub(crate) static FREE_SEATS: Kept = Kept::new("organization_seats.free", |dialect| {
    dialect.text(
        Query::update()
            .table("organization_seats")
            .value("used", Expr::col("used").sub(place()))
            .and_where(Expr::col("organization_id").eq(place())),
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

pub(super) const ALL: &[&Kept] = &[
    &FIND,
    &FIND_FOR_UPDATE,
    &LIST,
    &PAGE,
    &INSERT,
    &UPDATE,
    &HOLD,
    &DELETE,
    &DUE,
    &ADVANCE_SCHEMAS,
    &SEATS_USED,
    &SET_SEATS,
    &FORGET_SEATS,
    &TAKE_SEATS,
    &FREE_SEATS,
];
