//! The few protected users of an organization are found without looking at all of its users.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000022_protected_users",
    up: &[
        "CREATE INDEX users_protected ON users (organization_id, id) WHERE protected",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('users', 'users_protected', '100 10 1')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1 WHERE idx = 'users_protected'",
        "DROP INDEX users_protected",
    ],
};
