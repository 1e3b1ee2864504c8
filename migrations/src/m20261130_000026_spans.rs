//! Blocks of users and groups are shorter, so that a page passes over fewer, and are themselves counted
//! in spans: what is beyond the last block was counted row by row for each page, and that took as long
//! as all the rest. The table begins empty again and is filled by the store.

use crate::{m20261124_000024_blocks as blocks, step::Step};

pub(crate) const STEP: Step = Step {
    name: "m20261130_000026_spans",
    up: &[
        "DROP TABLE resource_blocks",
        "CREATE TABLE resource_blocks (
            organization_id {id} NOT NULL,
            resource {text} NOT NULL,
            level {int} NOT NULL,
            until {id} NOT NULL,
            count {int} NOT NULL,
            PRIMARY KEY (organization_id, resource, level, until)
        ) {compact}",
        // What was known of the table went with it.
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('resource_blocks', 'resource_blocks', '5000 500 250 125 1')",
    ],
    down: &["DROP TABLE resource_blocks", blocks::TABLE, blocks::STATISTICS],
};
