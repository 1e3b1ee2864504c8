//! Events, the queue of those without a number, and the feeds.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};

use crate::{
    dialect::{insert, place, places},
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
    unqueue(dialect, "events_pending", "event_id", size)
});

/// Rows of organization, sequence, event.
pub(crate) static NUMBER: Kept = Kept::sized("feed.insert", |dialect, rows| {
    dialect.text(&insert("feed", &["organization_id", "sequence", "event_id"], rows))
});

/// organization → latest, forgotten.
pub(crate) static POSITION: Kept = Kept::new("feeds.find", |dialect| {
    dialect.text(
        Query::select()
            .columns(["latest", "forgotten"])
            .from("feeds")
            .and_where(Expr::col("organization_id").eq(place())),
    )
});

/// organizations → organization, latest.
pub(crate) static LATEST: Kept = Kept::sized("feeds.latest", |dialect, size| {
    dialect.text(
        Query::select()
            .columns(["organization_id", "latest"])
            .from("feeds")
            .and_where(Expr::col("organization_id").is_in(places(size))),
    )
});

/// → the organizations that have events with a number.
pub(crate) static ORGANIZATIONS: Kept = Kept::new("feeds.list", |dialect| {
    dialect.text(
        Query::select()
            .column("organization_id")
            .from("feeds")
            .and_where(Expr::col("latest").gt(Expr::col("forgotten"))),
    )
})
.long();

/// A row of organization, latest, forgotten; what is forgotten stays so.
pub(crate) static GROW: Kept = Kept::new("feeds.upsert", |dialect| {
    let known = OnConflict::column("organization_id").update_column("latest").to_owned();
    dialect.text(insert("feeds", &["organization_id", "latest", "forgotten"], 1).on_conflict(known))
});

/// forgotten, organization.
pub(crate) static SHORTEN: Kept = Kept::new("feeds.shorten", |dialect| {
    dialect.text(
        Query::update()
            .table("feeds")
            .value("forgotten", place())
            .and_where(Expr::col("organization_id").eq(place())),
    )
});

/// organization, sequence: takes the numbers up to that one away.
pub(crate) static FORGET_NUMBERS: Kept = Kept::new("feed.forget", |dialect| {
    dialect.text(
        Query::delete()
            .from_table("feed")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("sequence").lte(place())),
    )
});

/// organization, events.
pub(crate) static FORGET: Kept = Kept::sized("events.forget", |dialect, size| {
    dialect.text(
        Query::delete()
            .from_table("events")
            .and_where(Expr::col("organization_id").eq(place()))
            .and_where(Expr::col("id").is_in(places(size))),
    )
});

/// organization, limit → event, moment, sequence of the oldest, in order.
pub(crate) static AGES: Kept = Kept::new("feed.ages", |dialect| {
    let same_event = Expr::col(("events", "organization_id"))
        .equals(("feed", "organization_id"))
        .and(Expr::col(("events", "id")).equals(("feed", "event_id")));
    dialect.text(
        Query::select()
            .columns([("events", "id"), ("events", "at_us"), ("feed", "sequence")])
            .from("feed")
            .inner_join("events", same_event)
            .and_where(Expr::col(("feed", "organization_id")).eq(place()))
            .order_by(("feed", "sequence"), Order::Asc)
            .limit(1),
    )
});

/// organization, sequence, limit → events and their number after that one, in order.
pub(crate) static AFTER: Kept = Kept::new("feed.after", |dialect| {
    dialect.text(
        events("feed")
            .column(("feed", "sequence"))
            .and_where(Expr::col(("feed", "sequence")).gt(place()))
            .order_by(("feed", "sequence"), Order::Asc)
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
    &POSITION,
    &LATEST,
    &ORGANIZATIONS,
    &GROW,
    &SHORTEN,
    &FORGET_NUMBERS,
    &FORGET,
    &AGES,
    &AFTER,
    &OLDEST_NUMBERED,
    &OLDEST_PENDING,
];
