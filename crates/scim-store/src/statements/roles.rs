//! Roles, the mapping of groups to them, and who reaches what.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};

use crate::{
    dialect::{insert, place, places},
    kept::Kept,
};

/// What a role is read from.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "role_key",
    "name",
    "description",
    "permissions",
    "built_in",
    "privileged",
    "home_group_id",
    "created_us",
];

const WRITTEN: &[&str] = &[
    "organization_id",
    "id",
    "role_key",
    "name",
    "name_key",
    "description",
    "permissions",
    "built_in",
    "privileged",
    "home_group_id",
    "created_us",
];

/// What a mapped role is read from.
const MAPPED: &[&str] = &["id", "role_key", "name", "privileged", "home_group_id"];

const MAPPING: &[&str] = &["organization_id", "group_id", "role_id", "mapped_us", "request_id"];

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(COLUMNS.iter().copied())
        .from("roles")
        .and_where(Expr::col("organization_id").eq(place()));
    select
}

/// That two tables speak of the same organization, and that a column of the first is one of the
/// second.
fn same(
    table: &'static str,
    column: &'static str,
    other: &'static str,
    other_column: &'static str,
) -> Expr {
    Expr::col((table, "organization_id"))
        .equals((other, "organization_id"))
        .and(Expr::col((table, column)).equals((other, other_column)))
}

/// organization → [`COLUMNS`], oldest first.
pub(crate) static LIST: Kept =
    Kept::new("roles.list", |dialect| dialect.text(select().order_by("id", Order::Asc)));

/// organization, key → [`COLUMNS`].
pub(crate) static FIND_BY_KEY: Kept = Kept::new("roles.find_by_key", |dialect| {
    dialect.text(select().and_where(Expr::col("role_key").eq(place())))
});

/// organization, folded name → [`COLUMNS`].
pub(crate) static FIND_BY_NAME: Kept = Kept::new("roles.find_by_name", |dialect| {
    dialect.text(select().and_where(Expr::col("name_key").eq(place())))
});

/// organization, groups → group, then the mapped role; by group, then by role.
pub(crate) static MAPPED_TO: Kept = Kept::sized("group_roles.mapped", |dialect, size| {
    dialect.text(
        Query::select()
            .column(("group_roles", "group_id"))
            .columns(MAPPED.iter().map(|it| ("roles", *it)))
            .from("group_roles")
            .inner_join("roles", same("roles", "id", "group_roles", "role_id"))
            .and_where(Expr::col(("group_roles", "organization_id")).eq(place()))
            .and_where(Expr::col(("group_roles", "group_id")).is_in(places(size)))
            .order_by(("group_roles", "group_id"), Order::Asc)
            .order_by(("group_roles", "role_id"), Order::Asc),
    )
});

/// organization, role → groups, in order.
pub(crate) static GROUPS_OF: Kept = Kept::new("group_roles.groups_of", |dialect| {
    dialect.text(
        Query::select()
            .column("group_id")
            .from("group_roles")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("role_id").eq(place()))
            .order_by("group_id", Order::Asc),
    )
});

/// organization, users → group, the mapped role, user; by user, role, group.
pub(crate) static HOLDINGS: Kept = Kept::sized("group_roles.holdings", |dialect, size| {
    dialect.text(
        Query::select()
            .column(("group_members", "group_id"))
            .columns(MAPPED.iter().map(|it| ("roles", *it)))
            .column(("group_members", "user_id"))
            .from("group_members")
            .inner_join("group_roles", same("group_roles", "group_id", "group_members", "group_id"))
            .inner_join("roles", same("roles", "id", "group_roles", "role_id"))
            .and_where(Expr::col(("group_members", "organization_id")).eq(place()))
            .and_where(Expr::col(("group_members", "user_id")).is_in(places(size)))
            .order_by(("group_members", "user_id"), Order::Asc)
            .order_by(("group_roles", "role_id"), Order::Asc)
            .order_by(("group_members", "group_id"), Order::Asc),
    )
});

/// organization, role, `true`, limit → active users that hold the role.
pub(crate) static ACTIVE_HOLDER: Kept = Kept::new("group_roles.active_holder", |dialect| {
    dialect.text(
        Query::select()
            .column(("users", "id"))
            .from("group_roles")
            .inner_join(
                "group_members",
                same("group_members", "group_id", "group_roles", "group_id"),
            )
            .inner_join("users", same("users", "id", "group_members", "user_id"))
            .and_where(Expr::col(("group_roles", "organization_id")).eq(place()))
            .and_where(Expr::col(("group_roles", "role_id")).eq(place()))
            .and_where(Expr::col(("users", "active")).eq(place()))
            .limit(1),
    )
});

/// A row of what is written: organization, role, key, name, folded name, description,
/// permissions, built in, privileged, home group, created.
pub(crate) static INSERT: Kept =
    Kept::new("roles.insert", |dialect| dialect.text(&insert("roles", WRITTEN, 1)));

/// name, folded name, description, permissions, privileged, home group, organization, role.
pub(crate) static UPDATE: Kept = Kept::new("roles.update", |dialect| {
    dialect.text(
        Query::update()
            .table("roles")
            .value("name", place())
            .value("name_key", place())
            .value("description", place())
            .value("permissions", place())
            .value("privileged", place())
            .value("home_group_id", place())
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

/// organization, role. Its mappings go with it.
pub(crate) static DELETE: Kept = Kept::new("roles.delete", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("roles")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").eq(place())),
    )
});

/// organization, group, role, moment, request.
pub(crate) static MAP: Kept = Kept::new("group_roles.map", |dialect| {
    let known =
        OnConflict::columns(["organization_id", "group_id", "role_id"]).do_nothing().to_owned();
    dialect.text(insert("group_roles", MAPPING, 1).on_conflict(known))
});

/// organization, group, role.
pub(crate) static UNMAP: Kept = Kept::new("group_roles.unmap", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("group_roles")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("group_id").eq(place()))
            .and_where(Expr::col("role_id").eq(place())),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &LIST,
    &FIND_BY_KEY,
    &FIND_BY_NAME,
    &MAPPED_TO,
    &GROUPS_OF,
    &HOLDINGS,
    &ACTIVE_HOLDER,
    &INSERT,
    &UPDATE,
    &DELETE,
    &MAP,
    &UNMAP,
];
