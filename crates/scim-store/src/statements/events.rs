//! Events, the queue of those without a number, and the feed.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use crate::{
    dialect::{insert, place},
    kept::Kept,
    statements::audit::unqueue,
};

/// What an event is read from.
const COLUMNS: &[&str] =
    &["id", "at_us", "kind", "subject_kind", "subject_id", "data", "request_id"];

const WRITTEN: &[&str] =
    &["organization_id", "id", "at_us", "kind", "subject_kind", "subject_id", "data", "request_id"];

fn events(of: &'static str) -> SelectStatement {
    let same_event = Expr::col(("events", "organization_id"))
        .equals((of, "organization_id"))
        .and(Expr::col(("events", "id")).equals((of, "event_id")));
    let mut select = Query::select();
    select
        .columns(COLUMNS.iter().map(|it| ("events", *it)))
        .from(of)
        .inner_join("events", same_event)
        .and_where(Expr::col((of, "organization_id")).eq(place()));
    select
}

/// Rows of organization, then what an event is read from.
pub(crate) static INSERT: Kept =
    Kept::sized("events.insert", |dialect, rows| dialect.text(&insert("events", WRITTEN, rows)));

/// Rows of organization, event.
pub(crate) static QUEUE: Kept = Kept::sized("events_pending.insert", |dialect, rows| {
    dialect.text(&insert("events_pending", &["organization_id", "event_id"], rows))
});

/// limit → organization, event; in commit order, of all organizations.
pub(crate) static UNNUMBERED: Kept = Kept::new("events_pending.unnumbered", |dialect| {
    dialect.text(
        Query::select()
            .columns(["organization_id", "event_id"])
            .from("events_pending")
            .order_by("position", Order::Asc)
            .limit(1),
    )
});

/// organization, organization, events, limit.
pub(crate) static UNQUEUE: Kept = Kept::sized("events_pending.delete", |dialect, size| {
    dialect.text(&unqueue("events_pending", "event_id", size))
});

/// Rows of organization, sequence, event.
pub(crate) static NUMBER: Kept = Kept::sized("feed.insert", |dialect, rows| {
    dialect.text(&insert("feed", &["organization_id", "sequence", "event_id"], rows))
});

/// organization, limit → the last numbers.
pub(crate) static LAST_NUMBER: Kept = Kept::new("feed.last", |dialect| {
    dialect.text(
        Query::select()
            .column("sequence")
            .from("feed")
            .and_where(Expr::col("organization_id").eq(place()))
            .order_by("sequence", Order::Desc)
            .limit(1),
    )
});

/// organization, limit → events with a number, in order.
pub(crate) static OLDEST_NUMBERED: Kept = Kept::new("feed.oldest", |dialect| {
    dialect.text(events("feed").order_by(("feed", "sequence"), Order::Asc).limit(1))
});

/// organization, limit → events without one, in commit order.
pub(crate) static OLDEST_PENDING: Kept = Kept::new("events_pending.oldest", |dialect| {
    dialect.text(
        events("events_pending").order_by(("events_pending", "position"), Order::Asc).limit(1),
    )
});

pub(super) const ALL: &[&Kept] = &[
    &INSERT,
    &QUEUE,
    &UNNUMBERED,
    &UNQUEUE,
    &NUMBER,
    &LAST_NUMBER,
    &OLDEST_NUMBERED,
    &OLDEST_PENDING,
];
