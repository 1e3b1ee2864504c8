//! The schemas that organizations declared.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};

use crate::{
    dialect::{insert, place},
    kept::Kept,
};

/// What a schema is read from.
pub(crate) const COLUMNS: &[&str] =
    &["id", "resource_type", "definition", "building", "indexed_up_to", "created_us", "updated_us"];

const WRITTEN: &[&str] = &[
    "organization_id",
    "id",
    "urn_key",
    "resource_type",
    "definition",
    "building",
    "indexed_up_to",
    "created_us",
    "updated_us",
];

/// organization → [`COLUMNS`], oldest first.
pub(crate) static LIST: Kept = Kept::new("organization_schemas.list", |dialect| {
    dialect.text(
        Query::select()
            .columns(COLUMNS.iter().copied())
            .from("organization_schemas")
            .and_where(Expr::col("organization_id").eq(place()))
            .order_by("id", Order::Asc),
    )
});

/// A row of what is written: organization, schema, key of the URN, resource type, definition, names
/// of the attributes whose index is being built, the last user in it, declared, changed.
pub(crate) static INSERT: Kept = Kept::new("organization_schemas.insert", |dialect| {
    dialect.text(&insert("organization_schemas", WRITTEN, 1))
});

/// definition, building, the last user, changed; then organization, schema.
pub(crate) static UPDATE: Kept = Kept::new("organization_schemas.update", |dialect| {
    dialect.text(
        Query::update()
            .table("organization_schemas")
            .value("definition", place())
            .value("building", place())
            .value("indexed_up_to", place())
            .value("updated_us", place())
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

/// organization, schema.
pub(crate) static DELETE: Kept = Kept::new("organization_schemas.delete", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("organization_schemas")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

pub(super) const ALL: &[&Kept] = &[&LIST, &INSERT, &UPDATE, &DELETE];
