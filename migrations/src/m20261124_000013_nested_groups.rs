//! Groups as members of groups, beside the users in them: where nobody nests groups, nothing that
//! reads members meets this table.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000013_nested_groups",
    up: &[
        // A group that is deleted in the meantime must not stay behind as a row.
        "CREATE TABLE group_nestings (
            organization_id {id} NOT NULL,
            group_id {id} NOT NULL,
            member_id {id} NOT NULL,
            added_us {int} NOT NULL,
            PRIMARY KEY (organization_id, group_id, member_id),
            FOREIGN KEY (organization_id, group_id) REFERENCES groups (organization_id, id)
                ON DELETE CASCADE,
            FOREIGN KEY (organization_id, member_id) REFERENCES groups (organization_id, id)
                ON DELETE CASCADE
        ) {compact}",
        "CREATE INDEX group_nestings_member
            ON group_nestings (organization_id, member_id, group_id)",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('group_nestings', 'group_nestings', '100000 10000 10 1'),
            ('group_nestings', 'group_nestings_member', '100000 10000 10 1')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1 WHERE tbl = 'group_nestings'",
        "DROP TABLE group_nestings",
    ],
};
