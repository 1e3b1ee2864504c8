//! Secrets of the service itself, which all instances share: what seals the cursors of lists. Each
//! is made when it is first needed and never changed.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000009_keyring",
    up: &[
        "CREATE TABLE keyring (
            name {text} NOT NULL PRIMARY KEY,
            secret {bytes} NOT NULL,
            created_us {int} NOT NULL
        ) {compact}",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('keyring', 'keyring', '1 1')",
    ],
    down: &["{sqlite} DELETE FROM sqlite_stat1 WHERE tbl = 'keyring'", "DROP TABLE keyring"],
};
