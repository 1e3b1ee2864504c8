//! How many users and groups of an organization there are up to which id, in blocks: the sum of a
//! few rows is the total, and leads to any page of a list.
//!
//! A block goes from the end of the one before up to `until`. What is beyond the last one is in no
//! block and counted when somebody asks. The table begins empty and is filled by the store; emptied,
//! it is filled again.

use crate::step::Step;

/// The table, and what SQLite believes of it.
pub(crate) const TABLE: &str = "CREATE TABLE resource_blocks (
        organization_id {id} NOT NULL,
        resource {text} NOT NULL,
        until {id} NOT NULL,
        count {int} NOT NULL,
        PRIMARY KEY (organization_id, resource, until)
    ) {compact}";
pub(crate) const STATISTICS: &str = "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('resource_blocks', 'resource_blocks', '5000 500 250 1')";

pub(crate) const STEP: Step = Step {
    name: "m20261124_000024_blocks",
    up: &[TABLE, STATISTICS],
    down: &[
        "DROP TABLE resource_blocks",
        "{sqlite} DELETE FROM sqlite_stat1 WHERE tbl = 'resource_blocks'",
    ],
};
