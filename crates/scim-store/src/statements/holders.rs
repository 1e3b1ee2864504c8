//! Who holds which role on whatever way, for people: lists and counts that nobody waits for at
//! sign-in. They walk down from the groups that lead to a role whether or not groups are nested:
//! where they are not, the walk ends where it begins.

use sea_orm::sea_query::{
    Expr, ExprTrait, Func, IntoCondition, Order, Query, SelectStatement, UnionType,
};

use super::{
    nestings::{Direction, joins, walk},
    users,
};
use crate::{dialect::place, kept::Kept};

/// The groups that lead to roles, for a walk that takes the role along.
fn leading() -> SelectStatement {
    let mut leading = Query::select();
    leading
        .columns(["organization_id", "role_id", "group_id"])
        .from("group_roles")
        .and_where(Expr::col("organization_id").eq(place()));
    leading
}

/// Organization, role and user of everybody who was assigned a role.
fn assigned() -> SelectStatement {
    let mut assigned = Query::select();
    assigned
        .columns(["organization_id", "role_id", "user_id"])
        .from("role_assignments")
        .and_where(Expr::col("organization_id").eq(place()));
    assigned
}

/// The users in the groups that a walk has met, with the role that it takes along, and those to
/// whom it is assigned; each pair once.
fn held(assigned: SelectStatement) -> SelectStatement {
    let mut held = Query::select();
    held.columns([("below", "organization_id"), ("below", "role_id")])
        .column(("group_members", "user_id"))
        .from("below")
        .inner_join("group_members", joins("below", "group_id", "group_members", "group_id"))
        .union(UnionType::Distinct, assigned);
    held
}

/// organization → role, how many groups lead to it.
pub(crate) static COUNT_GROUPS: Kept = Kept::new("group_roles.count", |dialect| {
    dialect.text(
        Query::select()
            .column("role_id")
            .expr(Func::count(Expr::col("group_id")))
            .from("group_roles")
            .and_where(Expr::col("organization_id").eq(place()))
            .group_by_col("role_id"),
    )
})
.long();

/// organization, organization → role, how many active users hold it.
pub(crate) static COUNT: Kept = Kept::new("group_roles.count_holders", |dialect| {
    let active = Query::select()
        .column(("users", "id"))
        .from("users")
        .and_where(joins("held", "user_id", "users", "id"))
        .and_where(Expr::col(("users", "active")).eq(Expr::cust("TRUE")))
        .take();
    dialect.text(
        Query::select()
            .column(("held", "role_id"))
            .expr(Func::count(Expr::col(("held", "user_id"))))
            .from_subquery(held(assigned()), "held")
            .and_where(Expr::exists(active))
            .group_by_col(("held", "role_id"))
            .with_cte(walk("below", leading(), &["role_id"], Direction::Down)),
    )
})
.long();

/// organization, role, organization, role, user, limit → [`users::COLUMNS`] of the active users who
/// hold the role, after that user; by id.
pub(crate) static LIST: Kept = Kept::new("group_roles.holders", |dialect| {
    let mut leading = leading();
    leading.and_where(Expr::col("role_id").eq(place()));
    let mut assigned = assigned();
    assigned.and_where(Expr::col("role_id").eq(place()));
    let same_user = joins("held", "user_id", "users", "id").into_condition();
    dialect.text(
        Query::select()
            .columns(users::COLUMNS.iter().map(|it| ("users", *it)))
            .from_subquery(held(assigned), "held")
            // From those who hold it to what is known of them, and not the other way round.
            .left_join("users", same_user)
            .and_where(Expr::col(("users", "active")).eq(Expr::cust("TRUE")))
            .and_where(Expr::col(("held", "user_id")).gt(place()))
            .order_by(("held", "user_id"), Order::Asc)
            .limit(1)
            .with_cte(walk("below", leading, &["role_id"], Direction::Down)),
    )
})
.long();

pub(super) const ALL: &[&Kept] = &[&COUNT_GROUPS, &COUNT, &LIST];
