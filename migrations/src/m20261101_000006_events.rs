//! The outbox: events, the queue of those without a number, and the feed. Laid out like the audit
//! log, and for the same reasons.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261101_000006_events",
    up: &[
        "CREATE TABLE events (
            organization_id {id} NOT NULL,
            id {id} NOT NULL,
            at_us {int} NOT NULL,
            kind TEXT NOT NULL,
            subject_kind TEXT NOT NULL,
            subject_id {id} NOT NULL,
            data TEXT NOT NULL,
            request_id TEXT,
            PRIMARY KEY (organization_id, id)
        ) {compact}",
        "CREATE TABLE events_pending (
            position {position},
            organization_id {id} NOT NULL,
            event_id {id} NOT NULL
            {position_key}
        ) {rows}",
        "CREATE TABLE feed (
            organization_id {id} NOT NULL,
            sequence {int} NOT NULL,
            event_id {id} NOT NULL,
            PRIMARY KEY (organization_id, sequence)
        ) {compact}",
    ],
    down: &["DROP TABLE feed", "DROP TABLE events_pending", "DROP TABLE events"],
};
