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
    /// How it stands, where tail and loose blocks are as few as they usually are.
    pub(crate) standing: &'static Kept,
    /// The same wherever.
    pub(crate) long_standing: &'static Kept,
    pub(crate) cuts: &'static Kept,
}

impl Resource {
    /// The values of [`Resource::standing`] and [`Resource::long_standing`].
    pub(crate) fn values(organization: Uuid, limit: u64) -> [Value; 3] {
        // No resource has this id, and none has a smaller one.
        [organization.into(), Uuid::nil().into(), count(limit).into()]
    }

    /// The values of [`FORGET_EMPTY`].
    pub(crate) fn empty(&self, organization: Uuid) -> [Value; 7] {
        let [of, spans_of] = [organization; 2].map(Value::from);
        let [resource, spans_resource] = [self.name; 2].map(Value::from);
        let [none, nobody] = [0_i64; 2].map(Value::from);
        [of, resource, none, spans_of, spans_resource, Level::Span.into(), nobody]
    }
}

pub(crate) static USERS: Resource = Resource {
    name: "users",
    standing: &STANDING_USERS,
    long_standing: &LONG_STANDING_USERS,
    cuts: &CUT_USERS,
};

pub(crate) static GROUPS: Resource = Resource {
    name: "groups",
    standing: &STANDING_GROUPS,
    long_standing: &LONG_STANDING_GROUPS,
    cuts: &CUT_GROUPS,
};

/// organization, resource, level: rows of the index.
fn index() -> SelectStatement {
    Query::select()
        .from("resource_blocks")
        .and_where(Expr::col("organization_id").eq(place()))
        .and_where(Expr::col("resource").eq(place()))
        .and_where(Expr::col("level").eq(place()))
        .take()
}

/// organization, organization, resource, level, 1, nil, limit: the first ids of the tail. The limit is
/// there for PostgreSQL: it cannot know how short the tail is, and without a bound it would rather
/// read the whole table.
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

/// organization, resource, level, 1: where the last span ends, or the last block.
fn last() -> SelectStatement {
    index().column("until").order_by("until", Order::Desc).limit(1).take()
}

/// `FROM` and `WHERE` of a level, in a text that is written by hand so that all that is known
/// beforehand stands in it: PostgreSQL could only guess it.
fn level(level: Level, organization: &str, resource: &str) -> String {
    let level = level.number();
    format!(
        "FROM resource_blocks WHERE organization_id = {organization} AND resource = {resource} \
         AND level = {level}"
    )
}

fn standing(dialect: Dialect, table: &'static str, usual: Option<Usual>) -> String {
    let [organization, nobody, limit] = [1, 2, 3].map(|number| dialect.value(number));
    let rows = |it| level(it, &organization, &format!("'{table}'"));
    let (spans, blocks) = (rows(Level::Span), rows(Level::Block));
    let last = |rows: &str| format!("(SELECT until {rows} ORDER BY until DESC LIMIT 1)");
    let (last_span, last_block) = (last(&spans), last(&blocks));
    let tail = format!(
        "SELECT id FROM {table} WHERE organization_id = {organization} \
         AND id > COALESCE({last_block}, {nobody}) ORDER BY id"
    );
    let tail = match (dialect, usual) {
        (Dialect::Postgres, Some(usual)) => {
            format!("SELECT id FROM ({tail} LIMIT {}) AS near LIMIT {limit}", usual.tail)
        }
        (Dialect::Sqlite, Some(_)) | (_, None) => format!("{tail} LIMIT {limit}"),
    };
    let most = usual.map_or_else(String::new, |usual| format!("LIMIT {}", usual.blocks));
    // PostgreSQL adds up to a type of its own.
    format!(
        "SELECT (SELECT CAST(SUM(count) AS bigint) {spans}), loose.inside, loose.blocks, \
         (SELECT COUNT(*) FROM ({tail}) AS tail), {last_span}, {last_block} \
         FROM (SELECT CAST(SUM(count) AS bigint) AS inside, COUNT(*) AS blocks FROM \
         (SELECT count {blocks} AND until > COALESCE({last_span}, {nobody}) \
         ORDER BY until {most}) AS found) AS loose"
    )
}

/// What is seldom exceeded.
#[derive(Clone, Copy)]
struct Usual {
    /// How many blocks there are after the last span.
    blocks: u64,
    /// How many ids there are after the last block.
    tail: u64,
}

/// More blocks than this after the last span, or ids after the last block, are counted by the
/// statement for any number of them.
pub(crate) const USUAL_BLOCKS: u64 = 512;
pub(crate) const USUAL_TAIL: u64 = 4000;

const USUAL: Usual = Usual { blocks: USUAL_BLOCKS, tail: USUAL_TAIL };

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
/// these; how many loose blocks; how many ids in the tail, at most the limit; where the last span ends,
/// and the last block.
static STANDING_USERS: Kept =
    Kept::new("resource_blocks.standing_users", |dialect| standing(dialect, "users", Some(USUAL)));
static STANDING_GROUPS: Kept = Kept::new("resource_blocks.standing_groups", |dialect| {
    standing(dialect, "groups", Some(USUAL))
});
static LONG_STANDING_USERS: Kept =
    Kept::new("resource_blocks.long_standing_users", |dialect| standing(dialect, "users", None))
        .long();
static LONG_STANDING_GROUPS: Kept =
    Kept::new("resource_blocks.long_standing_groups", |dialect| standing(dialect, "groups", None))
        .long();

/// organization, resource, number, nil, length, more → until and count of blocks, the first one being
/// the first of the span that has the resource of that number, or the first after the last span; and
/// of the span before, where it ends and how many there are up to there, null if there is none. As many
/// as lead to that resource, if each has `length`, and some `more`.
pub(crate) static WAY: Kept = Kept::new("resource_blocks.way", |dialect| {
    let value = |number| dialect.value(number);
    let [organization, resource, number] = [1, 2, 3].map(value);
    let [nobody, length, more] = [4, 5, 6].map(value);
    let rows = |it| level(it, &organization, &resource);
    let (spans, blocks) = (rows(Level::Span), rows(Level::Block));
    format!(
        "WITH passed AS (SELECT until, inside FROM \
         (SELECT until, CAST(SUM(count) OVER (ORDER BY until) AS bigint) AS inside {spans}) AS summed \
         WHERE inside <= {number} ORDER BY until DESC LIMIT 1) \
         SELECT until, count, (SELECT until FROM passed) AS span, (SELECT inside FROM passed) AS inside {blocks} \
         AND until > COALESCE((SELECT until FROM passed), {nobody}) ORDER BY until \
         LIMIT ({number} - COALESCE((SELECT inside FROM passed), 0)) / {length} + {more}"
    )
});

/// organization, resource, level, id, limit → until and count of the first blocks after it.
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
    &LONG_STANDING_USERS,
    &LONG_STANDING_GROUPS,
    &WAY,
    &AFTER,
    &CUT_USERS,
    &CUT_GROUPS,
    &LAST,
    &INSERT,
    &ADD,
    &FORGET_EMPTY,
];
