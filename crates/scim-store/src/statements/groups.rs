//! Groups without their members.

use sea_orm::sea_query::{Expr, ExprTrait, Func, LockType, Order, Query, SelectStatement};

use crate::{
    dialect::{insert, near, place, places},
    kept::Kept,
};

/// What a stored group is read from.
pub(crate) const COLUMNS: &[&str] =
    &["id", "created_us", "updated_us", "version", "written_over_scim", "document"];

const WRITTEN: &[&str] = &[
    "organization_id",
    "id",
    "display_name",
    "display_name_key",
    "external_id",
    "written_over_scim",
    "created_us",
    "updated_us",
    "version",
    "document",
];

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(COLUMNS.iter().copied())
        .from("groups")
        .and_where(Expr::col("organization_id").eq(place()));
    select
}

/// organization, group → [`COLUMNS`].
pub(crate) static FIND: Kept = Kept::new("groups.find", |dialect| {
    dialect.text(select().and_where(Expr::col("id").eq(place())))
});

/// The same, locking the row where there are row locks: whoever changes members holds it.
pub(crate) static FIND_FOR_UPDATE: Kept = Kept::new("groups.find_for_update", |dialect| {
    dialect.text(select().and_where(Expr::col("id").eq(place())).lock(LockType::Update))
});

/// organization, folded name → [`COLUMNS`].
pub(crate) static FIND_BY_NAME: Kept = Kept::new("groups.find_by_name", |dialect| {
    dialect.text(select().and_where(Expr::col("display_name_key").eq(place())))
});

/// organization, folded names → [`COLUMNS`].
pub(crate) static FIND_BY_NAMES: Kept = Kept::sized("groups.find_by_names", |dialect, size| {
    dialect.text(select().and_where(Expr::col("display_name_key").is_in(places(size))))
});

/// organization, text, 0 → how many groups have the text in their document.
pub(crate) static COUNT_CARRIERS: Kept = Kept::new("groups.count_carriers", |dialect| {
    let found = Expr::from(dialect.position(Expr::col("document"), ""));
    dialect.text(
        Query::select()
            .expr(Func::count(Expr::col("id")))
            .from("groups")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(found.gt(place())),
    )
})
.long();

/// organization, groups → [`COLUMNS`].
pub(crate) static FIND_MANY: Kept = Kept::sized("groups.find_many", |dialect, size| {
    dialect.text(select().and_where(Expr::col("id").is_in(places(size))))
});

/// organization, groups → id, name; by id.
pub(crate) static NAMES: Kept = Kept::sized("groups.names", |dialect, size| {
    dialect.text(
        Query::select()
            .columns(["id", "display_name"])
            .from("groups")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").is_in(places(size)))
            .order_by("id", Order::Asc),
    )
});

/// organization, id: those after the id, oldest first.
fn after_id() -> SelectStatement {
    select().and_where(Expr::col("id").gt(place())).order_by("id", Order::Asc).take()
}

/// organization, id, limit, offset → [`COLUMNS`], oldest first, a window of those after the id.
pub(crate) static PAGE: Kept =
    Kept::new("groups.page", |dialect| dialect.text(after_id().limit(1).offset(1)));

/// The same of a window that reaches no further than [`NEAR`](crate::dialect::NEAR).
pub(crate) static NEAR_PAGE: Kept =
    Kept::new("groups.near_page", |dialect| near(dialect, &after_id()));

/// organization, id, limit → [`COLUMNS`], oldest first, those after the id.
pub(crate) static AFTER: Kept =
    Kept::new("groups.after", |dialect| dialect.text(after_id().limit(1)));

/// organization → how many.
pub(crate) static COUNT: Kept = Kept::new("groups.count", |dialect| {
    dialect.text(
        Query::select()
            .expr(Func::count(Expr::col("id")))
            .from("groups")
            .and_where(Expr::col("organization_id").eq(place())),
    )
})
.long();

/// A row of what is written: organization, group, name, key of the name, external id, whether
/// written over SCIM, created, updated, version, document.
pub(crate) static INSERT: Kept =
    Kept::new("groups.insert", |dialect| dialect.text(&insert("groups", WRITTEN, 1)));

/// Everything after the group's id in [`INSERT`] but `created`; then organization, group, version
/// as expected.
pub(crate) static UPDATE: Kept = Kept::new("groups.update", |dialect| {
    let mut update = Query::update();
    update.table("groups");
    for column in WRITTEN.iter().skip(2).filter(|it| **it != "created_us") {
        update.value(*column, place());
    }
    dialect.text(
        update
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place()))
            .and_where(Expr::col("version").eq(place())),
    )
});

/// organization, group, version as expected. Members, memberships and mappings go with it.
pub(crate) static DELETE: Kept = Kept::new("groups.delete", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("groups")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place()))
            .and_where(Expr::col("version").eq(place())),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &FIND,
    &FIND_FOR_UPDATE,
    &FIND_BY_NAME,
    &FIND_BY_NAMES,
    &FIND_MANY,
    &NAMES,
    &PAGE,
    &NEAR_PAGE,
    &AFTER,
    &COUNT,
    &INSERT,
    &UPDATE,
    &DELETE,
];
