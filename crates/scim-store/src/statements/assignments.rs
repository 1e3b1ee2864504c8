//! Roles that are assigned to users themselves.

use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement};

use crate::{
    dialect::{insert, place, places},
    kept::Kept,
};

const WRITTEN: &[&str] = &["organization_id", "role_id", "user_id", "assigned_us", "request_id"];

/// What an assigned role is read from.
const ROLE: &[&str] = &["id", "role_key", "name", "privileged"];

/// That a row of another table is the one an assignment names.
fn named(table: &'static str, column: &'static str) -> Expr {
    Expr::col((table, "organization_id"))
        .equals(("role_assignments", "organization_id"))
        .and(Expr::col((table, "id")).equals(("role_assignments", column)))
}

/// organization, users → the role, user; by user, then by role.
pub(crate) static HOLDINGS: Kept = Kept::sized("role_assignments.holdings", |dialect, size| {
    dialect.text(
        Query::select()
            .columns(ROLE.iter().map(|it| ("roles", *it)))
            .column(("role_assignments", "user_id"))
            .from("role_assignments")
            .inner_join("roles", named("roles", "role_id"))
            .and_where(Expr::col(("role_assignments", "organization_id")).eq(place()))
            .and_where(Expr::col(("role_assignments", "user_id")).is_in(places(size)))
            .order_by(("role_assignments", "user_id"), Order::Asc)
            .order_by(("role_assignments", "role_id"), Order::Asc),
    )
});

fn assignees() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("users", "id"), ("users", "active"), ("users", "protected")])
        .from("role_assignments")
        .inner_join("users", named("users", "user_id"))
        .and_where(Expr::col(("role_assignments", "organization_id")).eq(place()))
        .and_where(Expr::col(("role_assignments", "role_id")).eq(place()))
        .order_by(("role_assignments", "user_id"), Order::Asc);
    select
}

/// organization, role, limit → id, active, protected; by id.
pub(crate) static ASSIGNEES: Kept =
    Kept::new("role_assignments.assignees", |dialect| dialect.text(assignees().limit(1)));

/// organization, role, user, limit → the same after that user.
pub(crate) static ASSIGNEES_AFTER: Kept =
    Kept::new("role_assignments.assignees_after", |dialect| {
        let after = Expr::col(("role_assignments", "user_id")).gt(place());
        dialect.text(assignees().and_where(after).limit(1))
    });

/// organization, role, `true`, limit → active users to whom the role is assigned.
pub(crate) static ACTIVE_HOLDER: Kept = Kept::new("role_assignments.active_holder", |dialect| {
    dialect.text(
        Query::select()
            .column(("users", "id"))
            .from("role_assignments")
            .inner_join("users", named("users", "user_id"))
            .and_where(Expr::col(("role_assignments", "organization_id")).eq(place()))
            .and_where(Expr::col(("role_assignments", "role_id")).eq(place()))
            .and_where(Expr::col(("users", "active")).eq(place()))
            .limit(1),
    )
});

/// organization, `true` → role, to how many active users it is assigned.
pub(crate) static COUNT: Kept = Kept::new("role_assignments.count", |dialect| {
    dialect.text(
        Query::select()
            .column(("role_assignments", "role_id"))
            .expr(Func::count(Expr::col(("users", "id"))))
            .from("role_assignments")
            .inner_join("users", named("users", "user_id"))
            .and_where(Expr::col(("role_assignments", "organization_id")).eq(place()))
            .and_where(Expr::col(("users", "active")).eq(place()))
            .group_by_col(("role_assignments", "role_id")),
    )
})
.long();

/// Rows of organization, role, user, moment, request.
pub(crate) static ASSIGN: Kept = Kept::sized("role_assignments.assign", |dialect, rows| {
    let known =
        OnConflict::columns(["organization_id", "user_id", "role_id"]).do_nothing().to_owned();
    dialect.text(insert("role_assignments", WRITTEN, rows).on_conflict(known))
});

/// organization, role, users.
pub(crate) static UNASSIGN: Kept = Kept::sized("role_assignments.unassign", |dialect, size| {
    dialect.text(
        Query::delete()
            .from_table("role_assignments")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("role_id").eq(place()))
            .and_where(Expr::col("user_id").is_in(places(size))),
    )
});

pub(super) const ALL: &[&Kept] =
    &[&HOLDINGS, &ASSIGNEES, &ASSIGNEES_AFTER, &ACTIVE_HOLDER, &COUNT, &ASSIGN, &UNASSIGN];
