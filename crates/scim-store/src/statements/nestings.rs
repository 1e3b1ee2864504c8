//! Which groups are members of groups.
//!
//! Walks go up or down in a common table that unites, so that each group is met once and even a
//! circle, which no unit makes, would end. They carry the organization along, so that no step
//! leaves it.

use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement,
    UnionType, WithClause,
};

use crate::{
    dialect::{insert, place, places},
    kept::Kept,
};

const TABLE: &str = "group_nestings";
const WRITTEN: &[&str] = &["organization_id", "group_id", "member_id", "added_us", "request_id"];

/// Which way a walk goes.
#[derive(Clone, Copy)]
pub(super) enum Direction {
    /// From members to the groups that they are in.
    Up,
    /// From groups to their members.
    Down,
}

impl Direction {
    /// Where a step begins and ends.
    const fn step(self) -> (&'static str, &'static str) {
        match self {
            Self::Up => ("member_id", "group_id"),
            Self::Down => ("group_id", "member_id"),
        }
    }
}

/// What `start` selects, and all that can be reached from the groups in it: its last column. The
/// columns are the organization, then `kept`, which every step takes along, then the group.
pub(super) fn walk(
    name: &'static str,
    start: SelectStatement,
    kept: &[&'static str],
    direction: Direction,
) -> WithClause {
    let mut clause = WithClause::new();
    clause.recursive(true).cte(walked(name, start, kept, direction));
    clause
}

/// Groups and all above them, as a table beside others.
pub(crate) fn up(name: &'static str, start: SelectStatement) -> CommonTableExpression {
    walked(name, start, &[], Direction::Up)
}

/// The table of a walk.
fn walked(
    name: &'static str,
    start: SelectStatement,
    kept: &[&'static str],
    direction: Direction,
) -> CommonTableExpression {
    let (from, to) = direction.step();
    let mut step = Query::select();
    step.column((name, "organization_id"))
        .columns(kept.iter().map(|it| (name, *it)))
        .column((TABLE, to))
        .from(name)
        .inner_join(TABLE, joins(name, "group_id", TABLE, from));
    let mut start = start;
    start.union(UnionType::Distinct, step);
    let mut table = CommonTableExpression::new();
    table
        .table_name(name)
        .column("organization_id")
        .columns(kept.iter().copied())
        .column("group_id")
        .query(start);
    table
}

/// That two tables speak of the same organization, and that a column of the first is one of the
/// second.
pub(super) fn joins(
    table: &'static str,
    column: &'static str,
    other: &'static str,
    other_column: &'static str,
) -> Expr {
    Expr::col((other, "organization_id"))
        .equals((table, "organization_id"))
        .and(Expr::col((other, other_column)).equals((table, column)))
}

/// The rows of some table that are about one organization.
fn of_organization(
    table: &'static str,
    columns: &[&'static str],
    organization: impl Into<Expr>,
) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(columns.iter().map(|it| (table, *it)))
        .from(table)
        .and_where(Expr::col((table, "organization_id")).eq(organization));
    select
}

/// The groups of users and all above them, by user.
fn groups_of_users(size: usize) -> WithClause {
    let mut own =
        of_organization("group_members", &["organization_id", "user_id", "group_id"], place());
    own.and_where(Expr::col(("group_members", "user_id")).is_in(places(size)));
    walk("reached", own, &["user_id"], Direction::Up)
}

/// Groups and all below them.
pub(crate) fn below(start: SelectStatement) -> WithClause {
    walk("below", start, &[], Direction::Down)
}

/// One group, for a walk.
pub(crate) fn group(organization: uuid::Uuid, group: uuid::Uuid) -> SelectStatement {
    let mut start = Query::select();
    start
        .columns(["organization_id", "id"])
        .from("groups")
        .and_where(Expr::col("organization_id").eq(organization))
        .and_where(Expr::col("id").eq(group));
    start
}

/// organization → how many.
pub(crate) static COUNT: Kept = Kept::new("group_nestings.count", |dialect| {
    dialect.text(
        Query::select()
            .expr(Func::count(Expr::col("member_id")))
            .from(TABLE)
            .and_where(Expr::col("organization_id").eq(place())),
    )
})
.long();

/// organization, groups, limit → group, member; by group, then by member.
pub(crate) static MEMBERS_OF: Kept = Kept::sized("group_nestings.members_of", |dialect, size| {
    dialect.text(
        of_organization(TABLE, &["group_id", "member_id"], place())
            .and_where(Expr::col("group_id").is_in(places(size)))
            .order_by("group_id", Order::Asc)
            .order_by("member_id", Order::Asc)
            .limit(1),
    )
});

/// organization, group, member, limit → the members after that one; by id.
pub(crate) static MEMBERS_AFTER: Kept = Kept::new("group_nestings.members_after", |dialect| {
    dialect.text(
        of_organization(TABLE, &["member_id"], place())
            .and_where(Expr::col("group_id").eq(place()))
            .and_where(Expr::col("member_id").gt(place()))
            .order_by("member_id", Order::Asc)
            .limit(1),
    )
});

/// organization, groups → group, the one above it; by group, then by the one above.
pub(crate) static ABOVE: Kept = Kept::sized("group_nestings.above", |dialect, size| {
    let mut start = Query::select();
    start
        .columns([(TABLE, "organization_id"), (TABLE, "member_id"), (TABLE, "group_id")])
        .from(TABLE)
        .and_where(Expr::col((TABLE, "organization_id")).eq(place()))
        .and_where(Expr::col((TABLE, "member_id")).is_in(places(size)));
    dialect.text(
        Query::select()
            .columns(["member_id", "group_id"])
            .from("above")
            .order_by("member_id", Order::Asc)
            .order_by("group_id", Order::Asc)
            .with_cte(walk("above", start, &["member_id"], Direction::Up)),
    )
});

/// organization, users → user, group above one of its own, name of the group; by user, then by
/// group.
pub(crate) static GROUPS_OF: Kept = Kept::sized("group_nestings.groups_of", |dialect, size| {
    let itself = Expr::col(("own", "user_id"))
        .equals(("reached", "user_id"))
        .and(joins("reached", "group_id", "own", "group_id"));
    let direct = Query::select()
        .column(("own", "user_id"))
        .from_as("group_members", "own")
        .and_where(itself)
        .take();
    dialect.text(
        Query::select()
            .columns([("reached", "user_id"), ("reached", "group_id")])
            .column(("groups", "display_name"))
            .from("reached")
            // From what was reached to its names, and not the other way round, which is what
            // "left" says: there is no group without a name.
            .left_join("groups", joins("reached", "group_id", "groups", "id"))
            .and_where(Expr::not_exists(direct))
            .order_by(("reached", "user_id"), Order::Asc)
            .order_by(("reached", "group_id"), Order::Asc)
            .with_cte(groups_of_users(size)),
    )
});

/// organization, groups → member, the group it is in; by member, then by group.
pub(crate) static DIRECTLY_ABOVE: Kept =
    Kept::sized("group_nestings.directly_above", |dialect, size| {
        dialect.text(
            of_organization(TABLE, &["member_id", "group_id"], place())
                .and_where(Expr::col("member_id").is_in(places(size)))
                .order_by("member_id", Order::Asc)
                .order_by("group_id", Order::Asc),
        )
    });

/// organization, groups → active users in them and below, each once, in order.
pub(crate) static ACTIVE_USERS: Kept =
    Kept::sized("group_nestings.active_users", |dialect, size| {
        let mut start = of_organization("groups", &["organization_id", "id"], place());
        start.and_where(Expr::col(("groups", "id")).is_in(places(size)));
        dialect
            .text(active_users(start).distinct().order_by(("group_members", "user_id"), Order::Asc))
    })
    .long();

/// organization, role, limit → active users below the groups that lead to the role.
pub(crate) static ACTIVE_HOLDER: Kept = Kept::new("group_nestings.active_holder", |dialect| {
    let mut start = Query::select();
    start
        .columns([(TABLE, "organization_id"), (TABLE, "member_id")])
        .from("group_roles")
        .inner_join(TABLE, joins("group_roles", "group_id", TABLE, "group_id"))
        .and_where(Expr::col(("group_roles", "organization_id")).eq(place()))
        .and_where(Expr::col(("group_roles", "role_id")).eq(place()));
    dialect.text(active_users(start).limit(1))
});

/// The users in groups that a walk down from `start` meets. Said so that the walk comes first, then
/// its members, then whether they are active: asked in another way, SQLite may begin with all users.
fn active_users(start: SelectStatement) -> SelectStatement {
    let active = Query::select()
        .column(("users", "id"))
        .from("users")
        .and_where(joins("group_members", "user_id", "users", "id"))
        .and_where(Expr::col(("users", "active")).eq(Expr::cust("TRUE")))
        .take();
    let mut select = Query::select();
    select
        .column(("group_members", "user_id"))
        .from("below")
        .left_join("group_members", joins("below", "group_id", "group_members", "group_id"))
        .and_where(Expr::exists(active))
        .with_cte(below(start));
    select
}

/// Rows of organization, group, member, moment, request → the groups that were not members before.
pub(crate) static ADD: Kept = Kept::sized("group_nestings.add", |dialect, rows| {
    let known =
        OnConflict::columns(["organization_id", "group_id", "member_id"]).do_nothing().to_owned();
    dialect.text(insert(TABLE, WRITTEN, rows).on_conflict(known).returning_col("member_id"))
});

/// organization, group, members → those that were members.
pub(crate) static REMOVE: Kept = Kept::sized("group_nestings.remove", |dialect, size| {
    dialect.text(
        Query::delete()
            .from_table(TABLE)
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("group_id").eq(place()))
            .and_where(Expr::col("member_id").is_in(places(size)))
            .returning_col("member_id"),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &COUNT,
    &MEMBERS_OF,
    &MEMBERS_AFTER,
    &ABOVE,
    &GROUPS_OF,
    &DIRECTLY_ABOVE,
    &ACTIVE_USERS,
    &ACTIVE_HOLDER,
    &ADD,
    &REMOVE,
];
