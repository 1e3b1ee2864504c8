//! What identity providers send beside the standard and is understood all the same: counted for
//! each key, with the last request that showed it. Written in batches, outside the journal.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000012_quirks",
    up: &[
        "CREATE TABLE api_key_quirks (
            organization_id {id} NOT NULL,
            api_key_id {id} NOT NULL,
            quirk {text} NOT NULL,
            requests {int} NOT NULL,
            last_us {int} NOT NULL,
            last_request_id TEXT NOT NULL,
            PRIMARY KEY (organization_id, api_key_id, quirk)
        ) {compact}",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('api_key_quirks', 'api_key_quirks', '10000 100 10 1')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1 WHERE tbl = 'api_key_quirks'",
        "DROP TABLE api_key_quirks",
    ],
};
