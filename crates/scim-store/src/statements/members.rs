//! Who is in which group.

use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement};

use super::users;
use crate::{
    dialect::{Dialect, insert, place, places},
    kept::Kept,
};

const WRITTEN: &[&str] = &["organization_id", "group_id", "user_id", "added_us", "request_id"];

/// organization, users → user, group, name of the group; by user, then by group.
pub(crate) static GROUPS_OF: Kept = Kept::sized("group_members.groups_of", |dialect, size| {
    let same_group = Expr::col(("groups", "organization_id"))
        .equals(("group_members", "organization_id"))
        .and(Expr::col(("groups", "id")).equals(("group_members", "group_id")));
    dialect.text(
        Query::select()
            .columns([("group_members", "user_id"), ("group_members", "group_id")])
            .column(("groups", "display_name"))
            .from("group_members")
            .inner_join("groups", same_group)
            .and_where(Expr::col(("group_members", "organization_id")).eq(place()))
            .and_where(Expr::col(("group_members", "user_id")).is_in(places(size)))
            .order_by(("group_members", "user_id"), Order::Asc)
            .order_by(("group_members", "group_id"), Order::Asc),
    )
});

/// organization, groups, limit → group, user; by group, then by user.
pub(crate) static MEMBERS_OF: Kept =
    Kept::sized("group_members.members_of", |dialect, size| match dialect {
        Dialect::Sqlite => dialect.text(
            Query::select()
                .columns(["group_id", "user_id"])
                .from("group_members")
                .and_where(Expr::col("organization_id").eq(place()))
                .and_where(Expr::col("group_id").is_in(places(size)))
                .order_by("group_id", Order::Asc)
                .order_by("user_id", Order::Asc)
                .limit(1),
        ),
        Dialect::Postgres => members_of_each(size),
    })
    .long();

/// The same group by group. SQLite walks the key in its order and stops at the limit by itself;
/// PostgreSQL reads all members of all these groups and sorts them first, or walks through other
/// groups as well, unless each is asked about on its own.
fn members_of_each(size: usize) -> String {
    let groups: Vec<_> = (2..size + 2).map(|place| format!("${place}")).collect();
    let limit = size + 2;
    format!(
        "SELECT wanted.id, found.user_id \
         FROM (SELECT DISTINCT unnest(ARRAY[{}]::uuid[]) AS id) AS wanted \
         CROSS JOIN LATERAL (SELECT user_id FROM \"group_members\" \
         WHERE \"organization_id\" = $1 AND group_id = wanted.id \
         ORDER BY user_id LIMIT ${limit}) AS found \
         ORDER BY wanted.id, found.user_id LIMIT ${limit}",
        groups.join(", ")
    )
}

/// organization, group, user, limit → the users after that one; by id.
pub(crate) static MEMBERS_AFTER: Kept = Kept::new("group_members.members_after", |dialect| {
    dialect.text(
        Query::select()
            .column("user_id")
            .from("group_members")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("group_id").eq(place()))
            .and_where(Expr::col("user_id").gt(place()))
            .order_by("user_id", Order::Asc)
            .limit(1),
    )
})
.long();

/// organization, group → how many.
pub(crate) static COUNT: Kept = Kept::new("group_members.count", |dialect| {
    dialect.text(
        Query::select()
            .expr(Func::count(Expr::col("user_id")))
            .from("group_members")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("group_id").eq(place())),
    )
})
.long();

/// organization, groups → group, how many.
pub(crate) static COUNT_OF: Kept = Kept::sized("group_members.count_of", |dialect, size| {
    dialect.text(
        Query::select()
            .column("group_id")
            .expr(Func::count(Expr::col("user_id")))
            .from("group_members")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("group_id").is_in(places(size)))
            .group_by_col("group_id")
            .order_by("group_id", Order::Asc),
    )
})
.long();

/// organization, group, user, limit → [`users::COLUMNS`] of the members after that user; by id.
pub(crate) static USERS: Kept = Kept::new("group_members.users", |dialect| {
    let mut select = states();
    select
        .clear_selects()
        .columns(users::COLUMNS.iter().map(|it| ("users", *it)))
        .and_where(Expr::col(("group_members", "user_id")).gt(place()))
        .limit(1);
    dialect.text(&select)
});

fn states() -> SelectStatement {
    let same_user = Expr::col(("users", "organization_id"))
        .equals(("group_members", "organization_id"))
        .and(Expr::col(("users", "id")).equals(("group_members", "user_id")));
    let mut select = Query::select();
    select
        .columns([("users", "id"), ("users", "active"), ("users", "protected")])
        .from("group_members")
        .inner_join("users", same_user)
        .and_where(Expr::col(("group_members", "organization_id")).eq(place()))
        .and_where(Expr::col(("group_members", "group_id")).eq(place()))
        .order_by(("group_members", "user_id"), Order::Asc);
    select
}

/// organization, group, limit → id, active, protected; by id.
pub(crate) static STATES: Kept =
    Kept::new("group_members.states", |dialect| dialect.text(states().limit(1)));

/// organization, group, user, limit → the same after that user.
pub(crate) static STATES_AFTER: Kept = Kept::new("group_members.states_after", |dialect| {
    let after = Expr::col(("group_members", "user_id")).gt(place());
    dialect.text(states().and_where(after).limit(1))
});

/// Rows of organization, group, user, moment, request → the users that were not members before.
pub(crate) static ADD: Kept = Kept::sized("group_members.add", |dialect, rows| {
    let known =
        OnConflict::columns(["organization_id", "group_id", "user_id"]).do_nothing().to_owned();
    dialect.text(insert("group_members", WRITTEN, rows).on_conflict(known).returning_col("user_id"))
});

/// organization, group, users → those that were members.
pub(crate) static REMOVE: Kept = Kept::sized("group_members.remove", |dialect, size| {
    dialect.text(
        Query::delete()
            .from_table("group_members")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("group_id").eq(place()))
            .and_where(Expr::col("user_id").is_in(places(size)))
            .returning_col("user_id"),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &GROUPS_OF,
    &MEMBERS_OF,
    &MEMBERS_AFTER,
    &COUNT,
    &COUNT_OF,
    &USERS,
    &STATES,
    &STATES_AFTER,
    &ADD,
    &REMOVE,
];
