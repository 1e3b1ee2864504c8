//! How many resources there are, and which is the n-th: a block is a run of ids, up to and with
//! `until`, with the number of those that exist, and a span is a run of whole blocks. Loose are the
//! blocks after the last span. The tail is what comes after the last block.

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

/// What a row of the index stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// A run of ids.
    Block,
    /// A run of blocks.
    Span,
}

impl Level {
    /// As rows call it.
    const fn number(self) -> i64 {
        match self {
            Self::Block => 0,
            Self::Span => 1,
        }
    }
}

impl From<Level> for Value {
    fn from(level: Level) -> Self {
        level.number().into()
    }
}

/// What users and groups differ in.
pub(crate) struct Resource {
    /// What the rows of the index call it, and its table.
    pub(crate) name: &'static str,
    pub(crate) standing: &'static Kept,
    pub(crate) cuts: &'static Kept,
}

impl Resource {
    /// The values of [`Resource::standing`].
    pub(crate) fn values(&self, organization: Uuid, limit: u64) -> [Value; 27] {
        let resource = || Value::from(self.name);
        let organization = || Value::from(organization);
        // No resource has this id, and none has a smaller one.
        let nobody = || Value::from(Uuid::nil());
        let (span, block) = (|| Value::from(Level::Span), || Value::from(Level::Block));
        let one = || Value::from(1_i64);
        #[rustfmt::skip]
        let values = [
            organization(), resource(), span(),
            organization(), resource(), block(),
                organization(), resource(), span(), one(), nobody(), count(u64::MAX).into(),
            organization(), organization(), resource(), block(), one(), nobody(), count(limit).into(),
            organization(), resource(), span(), one(),
            organization(), resource(), block(), one(),
        ];
        values
    }

    /// The values of [`FORGET_EMPTY`].
    pub(crate) fn empty(&self, organization: Uuid) -> [Value; 7] {
        let (resource, span, none) = (self.name, Level::Span, 0_i64);
        let (of, whose) = (organization, organization);
        [
            of.into(),
            resource.into(),
            none.into(),
            whose.into(),
            resource.into(),
            span.into(),
            none.into(),
        ]
    }
}

pub(crate) static USERS: Resource =
    Resource { name: "users", standing: &STANDING_USERS, cuts: &CUT_USERS };

pub(crate) static GROUPS: Resource =
    Resource { name: "groups", standing: &STANDING_GROUPS, cuts: &CUT_GROUPS };

/// organization, resource, level: rows of the index.
fn index() -> SelectStatement {
    Query::select()
        .from("resource_blocks")
        .and_where(Expr::col("organization_id").eq(place()))
        .and_where(Expr::col("resource").eq(place()))
        .and_where(Expr::col("level").eq(place()))
        .take()
}

/// organization, organization, resource, level, 1, nil, limit: the first ids of the tail. The limit is there
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

/// What the counts of some rows add up to. PostgreSQL adds up to a type of its own.
fn sum() -> Expr {
    Expr::from(Func::sum(Expr::col("count"))).cast_as("bigint")
}

/// organization, resource, level: how many there are in spans, or in blocks.
fn counted() -> SelectStatement {
    index().expr(sum()).take()
}

/// organization, resource, level, organization, resource, level, 1, nil, limit: how many there are in
/// the blocks after the last span. The limit is no limit: it stands there so that PostgreSQL, which
/// believes them to be a third of all blocks, reads them in their order.
fn loose() -> SelectStatement {
    let blocks = index()
        .column("count")
        .and_where(Expr::col("until").gt(Func::coalesce([Expr::from(last()), place()])))
        .order_by("until", Order::Asc)
        .limit(1)
        .take();
    Query::select().expr(sum()).from_subquery(blocks, "found").take()
}

/// organization, resource, level, 1: where the last span ends, or the last block.
fn last() -> SelectStatement {
    index().column("until").order_by("until", Order::Desc).limit(1).take()
}

fn standing(dialect: Dialect, table: &'static str) -> String {
    dialect.text(
        Query::select()
            .expr(Expr::from(counted()))
            .expr(Expr::from(loose()))
            .expr(Expr::from(tail_length(table)))
            .expr(Expr::from(last()))
            .expr(Expr::from(last())),
    )
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

/// [`Resource::values`] → how many there are in spans, and in loose blocks, null if there are none of
/// these; how many in the tail, at most the limit; where the last span ends, and the last block.
static STANDING_USERS: Kept =
    Kept::new("resource_blocks.standing_users", |dialect| standing(dialect, "users"));
static STANDING_GROUPS: Kept =
    Kept::new("resource_blocks.standing_groups", |dialect| standing(dialect, "groups"));

/// organization, resource, level, id, limit → until and count of the first spans or blocks after it.
pub(crate) static AFTER: Kept = Kept::new("resource_blocks.after", |dialect| {
    dialect.text(
        index()
            .columns(["until", "count"])
            .and_where(Expr::col("until").gt(place()))
            .order_by("until", Order::Asc)
            .limit(1),
    )
});

/// organization, organization, resource, level, 1, nil, limit, length, 0 → the ids at which blocks of
/// that length end, for as much of the tail as the limit says.
static CUT_USERS: Kept = Kept::new("resource_blocks.cut_users", |dialect| cuts(dialect, "users"));
static CUT_GROUPS: Kept =
    Kept::new("resource_blocks.cut_groups", |dialect| cuts(dialect, "groups"));

/// organization, resource, level, limit → the ids at which blocks end, the last first.
pub(crate) static LAST: Kept = Kept::new("resource_blocks.last", |dialect| dialect.text(&last()));

/// Rows of organization, resource, level, until, count.
pub(crate) static INSERT: Kept = Kept::sized("resource_blocks.insert", |dialect, rows| {
    const COLUMNS: &[&str] = &["organization_id", "resource", "level", "until", "count"];
    dialect.text(&insert("resource_blocks", COLUMNS, rows))
});

/// a number, organization, resource, level, organization, resource, level, id, 1: the span or block
/// that the id is in has so many more; none if it is in the tail.
pub(crate) static ADD: Kept = Kept::new("resource_blocks.add", |dialect| {
    let met = index()
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
            .and_where(Expr::col("level").eq(place()))
            .and_where(Expr::col("until").eq(Expr::from(met))),
    )
});

/// organization, resource, 0, organization, resource, level of spans, 0: spans and blocks of which
/// nothing is left. Their ids fall to the ones after them, or to the tail. A block at the end of a
/// span that has somebody stays: its ids would fall to another span.
pub(crate) static FORGET_EMPTY: Kept = Kept::new("resource_blocks.forget_empty", |dialect| {
    let spans = index().column("until").and_where(Expr::col("count").gt(place())).take();
    dialect.text(
        Query::delete()
            .from_table("resource_blocks")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("resource").eq(place()))
            .and_where(Expr::col("count").eq(place()))
            .and_where(Expr::col("until").not_in_subquery(spans)),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &STANDING_USERS,
    &STANDING_GROUPS,
    &AFTER,
    &CUT_USERS,
    &CUT_GROUPS,
    &LAST,
    &INSERT,
    &ADD,
    &FORGET_EMPTY,
];
