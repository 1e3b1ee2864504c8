//! The audit log, the queue of what is not in the chain yet, and the chain.

use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement};

use crate::{
    dialect::{Dialect, insert, place, places},
    kept::Kept,
};

/// What an entry is read from.
const COLUMNS: &[&str] =
    &["id", "at_us", "actor", "action", "subject_kind", "subject_id", "request_id", "detail"];

const WRITTEN: &[&str] = &[
    "organization_id",
    "id",
    "at_us",
    "actor",
    "action",
    "subject_kind",
    "subject_id",
    "request_id",
    "detail",
];

const PLACED: &[&str] =
    &["organization_id", "sequence", "entry_id", "hash", "subject_id", "action"];

/// The entries that a table of references points to.
fn entries(of: &'static str) -> SelectStatement {
    let same_entry = Expr::col(("audit_entries", "organization_id"))
        .equals((of, "organization_id"))
        .and(Expr::col(("audit_entries", "id")).equals((of, "entry_id")));
    let mut select = Query::select();
    select
        .columns(COLUMNS.iter().map(|it| ("audit_entries", *it)))
        .from(of)
        .inner_join("audit_entries", same_entry);
    select
}

/// Rows of organization, then what an entry is read from.
pub(crate) static INSERT: Kept = Kept::sized("audit_entries.insert", |dialect, rows| {
    dialect.text(&insert("audit_entries", WRITTEN, rows))
});

/// Rows of organization, entry.
pub(crate) static QUEUE: Kept = Kept::sized("audit_pending.insert", |dialect, rows| {
    dialect.text(&insert("audit_pending", &["organization_id", "entry_id"], rows))
});

/// limit → an entry and its organization, in commit order; of all organizations, since one sealer
/// serves them all.
pub(crate) static UNSEALED: Kept = Kept::new("audit_pending.unsealed", |dialect| match dialect {
    Dialect::Sqlite => dialect.text(
        entries("audit_pending")
            .column(("audit_pending", "organization_id"))
            .order_by(("audit_pending", "position"), Order::Asc)
            .limit(1),
    ),
    Dialect::Postgres => one_by_one("ORDER BY \"position\" ASC LIMIT $1", "ASC"),
});

/// organization, limit, offset → entries without a place, newest first.
pub(crate) static NEWEST_UNSEALED: Kept =
    Kept::new("audit_pending.newest", |dialect| match dialect {
        Dialect::Sqlite => dialect.text(
            entries("audit_pending")
                .and_where(Expr::col(("audit_pending", "organization_id")).eq(place()))
                .order_by(("audit_pending", "position"), Order::Desc)
                .limit(1)
                .offset(1),
        ),
        Dialect::Postgres => one_by_one(
            "WHERE \"organization_id\" = $1 ORDER BY \"position\" DESC LIMIT $2 OFFSET $3",
            "DESC",
        ),
    })
    .long();

/// Some of what waits, each looked up by itself. A queue from which most was taken seems to be long
/// to PostgreSQL, and it would read the whole log to join the two.
fn one_by_one(which: &str, order: &str) -> String {
    let columns: Vec<_> = COLUMNS.iter().map(|it| format!("\"{it}\"")).collect();
    format!(
        "SELECT entry.*, found.\"organization_id\" FROM \
         (SELECT \"organization_id\", \"entry_id\", \"position\" FROM \"audit_pending\" {which}) AS found \
         CROSS JOIN LATERAL (SELECT {} FROM \"audit_entries\" \
         WHERE \"organization_id\" = found.\"organization_id\" AND \"id\" = found.\"entry_id\" LIMIT 1) AS entry \
         ORDER BY found.\"position\" {order}",
        columns.join(", ")
    )
}

/// organization → how many wait.
pub(crate) static COUNT_UNSEALED: Kept = Kept::new("audit_pending.count", |dialect| {
    dialect.text(
        Query::select()
            .expr(Func::count(Expr::col("entry_id")))
            .from("audit_pending")
            .and_where(Expr::col("organization_id").eq(place())),
    )
})
.long();

/// organization, organization, entries, limit. What is sealed is what has waited longest, so
/// looking for so many rows from the front of the queue finds them without an index.
pub(crate) static UNQUEUE: Kept = Kept::sized("audit_pending.delete", |dialect, size| {
    unqueue(dialect, "audit_pending", "entry_id", size)
});

/// Takes references out of the front of a queue: organization, organization, ids, limit.
///
/// PostgreSQL walks the queue in its order first (an `OFFSET` lets it choose no other way), and goes to
/// each of the positions then. Left to choose, it goes by what it knows of the queue: that it is empty,
/// mostly, and it compares every row with every position; or that it is long, and it sorts all of it.
pub(super) fn unqueue(
    dialect: Dialect,
    queue: &'static str,
    id: &'static str,
    size: usize,
) -> String {
    match dialect {
        Dialect::Sqlite => {
            let front = Query::select()
                .column("position")
                .from(queue)
                .and_where(Expr::col("organization_id").eq(place()))
                .and_where(Expr::col(id).is_in(places(size)))
                .order_by("position", Order::Asc)
                .limit(1)
                .take();
            dialect.text(
                Query::delete()
                    .from_table(queue)
                    .and_where(Expr::col("organization_id").eq(place()))
                    .and_where(Expr::col("position").in_subquery(front)),
            )
        }
        Dialect::Postgres => {
            let ids: Vec<_> = (3..size + 3).map(|place| format!("${place}")).collect();
            format!(
                "DELETE FROM \"{queue}\" WHERE \"organization_id\" = $1 AND \"position\" = ANY (ARRAY( \
                 SELECT \"position\" FROM (SELECT \"position\", \"organization_id\", \"{id}\" \
                 FROM \"{queue}\" ORDER BY \"position\" ASC OFFSET 0) AS front \
                 WHERE \"organization_id\" = $2 AND \"{id}\" IN ({}) LIMIT ${}))",
                ids.join(", "),
                size + 3
            )
        }
    }
}

/// A row of organization, sequence, entry, hash, subject, action.
pub(crate) static SEAL: Kept = Kept::sized("audit_seals.insert", |dialect, rows| {
    dialect.text(&insert("audit_seals", PLACED, rows))
});

/// organization → sequence, hash of the last place.
pub(crate) static LAST_SEAL: Kept = Kept::new("audit_seals.last", |dialect| {
    dialect.first(
        1,
        Query::select()
            .columns(["sequence", "hash"])
            .from("audit_seals")
            .and_where(Expr::col("organization_id").eq(place()))
            .order_by("sequence", Order::Desc),
    )
});

fn sealed() -> SelectStatement {
    let mut select = entries("audit_seals");
    select
        .columns([("audit_seals", "sequence"), ("audit_seals", "hash")])
        .and_where(Expr::col(("audit_seals", "organization_id")).eq(place()));
    select
}

/// The chain backwards, from before a place on, as far as these columns have the values given.
fn backwards(dialect: Dialect, columns: &[&'static str]) -> String {
    let mut select = sealed();
    for column in columns {
        select.and_where(Expr::col(("audit_seals", *column)).eq(place()));
    }
    dialect.text(
        select
            .and_where(Expr::col(("audit_seals", "sequence")).lt(place()))
            .order_by(("audit_seals", "sequence"), Order::Desc)
            .limit(1),
    )
}

/// organization, sequence, limit → entry, sequence, hash; newest first.
pub(crate) static BEFORE: Kept =
    Kept::new("audit_seals.before", |dialect| backwards(dialect, &[])).long();

/// organization, subject, sequence, limit → the same of one subject.
pub(crate) static BEFORE_OF_SUBJECT: Kept =
    Kept::new("audit_seals.before_of_subject", |dialect| backwards(dialect, &["subject_id"]))
        .long();

/// organization, action, sequence, limit → the same of one action.
pub(crate) static BEFORE_OF_ACTION: Kept =
    Kept::new("audit_seals.before_of_action", |dialect| backwards(dialect, &["action"])).long();

/// organization, subject, action, sequence, limit → the same of both.
pub(crate) static BEFORE_OF_BOTH: Kept = Kept::new("audit_seals.before_of_both", |dialect| {
    backwards(dialect, &["subject_id", "action"])
})
.long();

/// organization, sequence, limit → the same after that place, in the order of the chain.
pub(crate) static CHAIN: Kept = Kept::new("audit_seals.chain", |dialect| {
    dialect.text(
        sealed()
            .and_where(Expr::col(("audit_seals", "sequence")).gt(place()))
            .order_by(("audit_seals", "sequence"), Order::Asc)
            .limit(1),
    )
})
.long();

pub(super) const ALL: &[&Kept] = &[
    &INSERT,
    &QUEUE,
    &UNSEALED,
    &NEWEST_UNSEALED,
    &COUNT_UNSEALED,
    &UNQUEUE,
    &SEAL,
    &LAST_SEAL,
    &BEFORE,
    &BEFORE_OF_SUBJECT,
    &BEFORE_OF_ACTION,
    &BEFORE_OF_BOTH,
    &CHAIN,
];
