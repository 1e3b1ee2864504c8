//! Where the feed of each organization begins and ends, and what the audit log is searched by.
//!
//! Old events are taken away, so the number of the newest cannot be read off those that are left:
//! `feeds` keeps it, and the number up to which events are gone. Whoever follows a feed asks this
//! one small row, however long the feed is.
//!
//! Subject and action of an entry stand beside its place in the chain: indexed there, they cost
//! the sealer something and the writers nothing.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000021_feeds",
    up: &[
        "CREATE TABLE feeds (
            organization_id {id} NOT NULL PRIMARY KEY,
            latest {int} NOT NULL,
            forgotten {int} NOT NULL
        ) {compact}",
        "INSERT INTO feeds (organization_id, latest, forgotten)
            SELECT organization_id, MAX(sequence), 0 FROM feed GROUP BY organization_id",
        "ALTER TABLE audit_seals ADD COLUMN subject_id {id}",
        "ALTER TABLE audit_seals ADD COLUMN action TEXT",
        "UPDATE audit_seals SET
            subject_id = (SELECT subject_id FROM audit_entries
                WHERE audit_entries.organization_id = audit_seals.organization_id
                AND audit_entries.id = audit_seals.entry_id),
            action = (SELECT action FROM audit_entries
                WHERE audit_entries.organization_id = audit_seals.organization_id
                AND audit_entries.id = audit_seals.entry_id)",
        "CREATE INDEX audit_seals_subject ON audit_seals (organization_id, subject_id, sequence)",
        "CREATE INDEX audit_seals_action ON audit_seals (organization_id, action, sequence)",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('feeds', 'feeds', '100 1'),
            ('audit_seals', 'audit_seals_subject', '1000000 100000 10 1'),
            ('audit_seals', 'audit_seals_action', '1000000 100000 10000 1')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1
            WHERE tbl = 'feeds' OR idx IN ('audit_seals_subject', 'audit_seals_action')",
        "DROP INDEX audit_seals_action",
        "DROP INDEX audit_seals_subject",
        "ALTER TABLE audit_seals DROP COLUMN action",
        "ALTER TABLE audit_seals DROP COLUMN subject_id",
        "DROP TABLE feeds",
    ],
};
