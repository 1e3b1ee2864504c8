//! The audit log: entries, the queue of those without a place in the chain, and the chain.
//!
//! A change writes two rows: the entry, which is never touched again, and a small one in the
//! queue. Nothing a writer does depends on the chain, so writers never wait for each other because
//! of it. The sealer takes what it can see in the queue, gives it places and empties the queue: no
//! cursor runs ahead of a transaction that commits late, and so on PostgreSQL entries are chained
//! in the order in which they become visible. On SQLite `position` is the order of commits, since
//! there is one writer.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261101_000005_audit",
    up: &[
        "CREATE TABLE audit_entries (
            organization_id {id} NOT NULL,
            id {id} NOT NULL,
            at_us {int} NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject_kind TEXT NOT NULL,
            subject_id {id} NOT NULL,
            request_id TEXT,
            detail TEXT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) {compact}",
        "CREATE TABLE audit_pending (
            position {position},
            organization_id {id} NOT NULL,
            entry_id {id} NOT NULL
            {position_key}
        ) {rows}",
        "CREATE TABLE audit_seals (
            organization_id {id} NOT NULL,
            sequence {int} NOT NULL,
            entry_id {id} NOT NULL,
            hash {bytes} NOT NULL,
            PRIMARY KEY (organization_id, sequence)
        ) {compact}",
    ],
    down: &["DROP TABLE audit_seals", "DROP TABLE audit_pending", "DROP TABLE audit_entries"],
};
