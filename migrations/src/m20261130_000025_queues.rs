//! What waits for its place in a chain or a feed is taken from the front of its queue, of all
//! organizations. On SQLite the rows lie in that order; PostgreSQL would read and sort the whole queue
//! each time, which after an import is as long as the import.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261130_000025_queues",
    up: &[
        "{postgres} CREATE INDEX audit_pending_position ON audit_pending (position)",
        "{postgres} CREATE INDEX events_pending_position ON events_pending (position)",
    ],
    down: &[
        "{postgres} DROP INDEX events_pending_position",
        "{postgres} DROP INDEX audit_pending_position",
    ],
};
