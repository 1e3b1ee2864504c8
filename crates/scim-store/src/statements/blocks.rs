//! How many resources there are, and which is the n-th: a block is a run of ids, up to and with
//! `until`, with the number of those that exist. The tail is what comes after the last block.

use sea_orm::{
    Value,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement, WindowStatement},
};
use uuid::Uuid;

use crate::{
    dialect::{Dialect, insert, place},
    kept::Kept,
    rows::count,
};

/// What users and groups differ in.
pub(crate) struct Resource {
    /// What the rows of the index call it, and its table.
    pub(crate) name: &'static str,
    pub(crate) standing: &'static Kept,
    pub(crate) cuts: &'static Kept,
}

impl Resource {
    /// The values of [`Resource::standing`].
    pub(crate) fn values(&self, organization: Uuid, limit: u64) -> [Value; 11] {
        [
            organization.into(),
            self.name.into(),
            organization.into(),
            organization.into(),
            self.name.into(),
            1_i64.into(),
            // No resource has this id, and none has a smaller one.
            Uuid::nil().into(),
            count(limit).into(),
            organization.into(),
            self.name.into(),
            1_i64.into(),
        ]
    }
}

pub(crate) static USERS: Resource =
    Resource { name: "users", standing: &STANDING_USERS, cuts: &CUT_USERS };

pub(crate) static GROUPS: Resource =
    Resource { name: "groups", standing: &STANDING_GROUPS, cuts: &CUT_GROUPS };

/// organization, resource.
fn blocks() -> SelectStatement {
    Query::select()
        .from("resource_blocks")
        .and_where(Expr::col("organization_id").eq(place()))
        .and_where(Expr::col("resource").eq(place()))
        .take()
}

/// organization, organization, resource, 1, nil, limit: the first ids of the tail. The limit is there
/// for PostgreSQL: it cannot know how short the tail is, and without a bound it would rather read
/// the whole table.
fn tail(table: &'static str) -> SelectStatement {
    Query::select()
        .column("id")
        .from(table)
        .and_where(Expr::col("organization_id").eq(place()))
        .and_where(Expr::col("id").gt(Func::coalesce([Expr::from(last()), place()])))
        .order_by("id", Order::Asc)
        .limit(1)
        .take()
}

/// The number of ids in the tail, for as many as its limit allows.
fn tail_length(table: &'static str) -> SelectStatement {
    Query::select().expr(Func::count(Expr::col("id"))).from_subquery(tail(table), "found").take()
}

/// organization, resource: how many there are in blocks.
fn sealed() -> SelectStatement {
    // PostgreSQL adds up to a type of its own.
    blocks().expr(Expr::from(Func::sum(Expr::col("count"))).cast_as("bigint")).take()
}

/// organization, resource, 1: where the last block ends.
fn last() -> SelectStatement {
    blocks().column("until").order_by("until", Order::Desc).limit(1).take()
}

fn standing(dialect: Dialect, table: &'static str) -> String {
    let (sealed, tail) = (Expr::from(sealed()), Expr::from(tail_length(table)));
    dialect.text(Query::select().expr(sealed).expr(tail).expr(Expr::from(last())))
}

fn ends(dialect: Dialect, order: Order) -> String {
    dialect.text(blocks().columns(["until", "count"]).order_by("until", order).limit(1))
}

fn cuts(dialect: Dialect, table: &'static str) -> String {
    let by_id = WindowStatement::new().order_by("id", Order::Asc).take();
    let mut numbered = Query::select();
    numbered
        .column("id")
        .expr_window_as(Func::cust("ROW_NUMBER"), by_id, "number")
        .from_subquery(tail(table), "found");
    dialect.text(
        Query::select()
            .column("id")
            .from_subquery(numbered, "numbered")
            .and_where(Expr::col("number").modulo(place()).eq(place())),
    )
}

/// organization, resource, organization, organization, resource, 1, nil, limit, organization, resource,
/// 1 → how many there are in blocks, null if there are no blocks; how many in the tail, at most the
/// limit; and where the last block ends.
static STANDING_USERS: Kept =
    Kept::new("resource_blocks.standing_users", |dialect| standing(dialect, "users"));
static STANDING_GROUPS: Kept =
    Kept::new("resource_blocks.standing_groups", |dialect| standing(dialect, "groups"));

/// organization, resource, limit → until and count of blocks, the first ones first.
pub(crate) static FROM_START: Kept =
    Kept::new("resource_blocks.from_start", |dialect| ends(dialect, Order::Asc));

/// The same, the last ones first.
pub(crate) static FROM_END: Kept =
    Kept::new("resource_blocks.from_end", |dialect| ends(dialect, Order::Desc));

/// organization, organization, resource, 1, nil, limit, length, 0 → the ids at which blocks of that
/// length end, for as much of the tail as the limit says.
static CUT_USERS: Kept = Kept::new("resource_blocks.cut_users", |dialect| cuts(dialect, "users"));
static CUT_GROUPS: Kept =
    Kept::new("resource_blocks.cut_groups", |dialect| cuts(dialect, "groups"));

/// organization, resource, limit → the ids at which blocks end, the last first.
pub(crate) static LAST: Kept = Kept::new("resource_blocks.last", |dialect| dialect.text(&last()));

/// Rows of organization, resource, until, count.
pub(crate) static INSERT: Kept = Kept::sized("resource_blocks.insert", |dialect, rows| {
    const COLUMNS: &[&str] = &["organization_id", "resource", "until", "count"];
    dialect.text(&insert("resource_blocks", COLUMNS, rows))
});

/// a number, organization, resource, organization, resource, id, 1: the block that the id is in has
/// so many more; none if it is in the tail.
pub(crate) static ADD: Kept = Kept::new("resource_blocks.add", |dialect| {
    let block = blocks()
        .column("until")
        .and_where(Expr::col("until").gte(place()))
        .order_by("until", Order::Asc)
        .limit(1)
        .take();
    dialect.text(
        Query::update()
            .table("resource_blocks")
            .value("count", Expr::col("count").add(place()))
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("resource").eq(place()))
            .and_where(Expr::col("until").eq(Expr::from(block))),
    )
});

/// organization, resource, 0: blocks of which nothing is left. Their ids fall to the block after
/// them, or to the tail.
pub(crate) static FORGET_EMPTY: Kept = Kept::new("resource_blocks.forget_empty", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("resource_blocks")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("resource").eq(place()))
            .and_where(Expr::col("count").eq(place())),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &STANDING_USERS,
    &STANDING_GROUPS,
    &FROM_START,
    &FROM_END,
    &CUT_USERS,
    &CUT_GROUPS,
    &LAST,
    &INSERT,
    &ADD,
    &FORGET_EMPTY,
];
