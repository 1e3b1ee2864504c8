//! What became of requests, for the people who connect an identity provider. Written in batches,
//! outside the journal, and forgotten after a while.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261101_000007_activity",
    up: &[
        "CREATE TABLE activity (
            position {position},
            organization_id {id} NOT NULL,
            request_id TEXT NOT NULL,
            at_us {int} NOT NULL,
            api_key_id {id} NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            status {int} NOT NULL,
            detail TEXT NOT NULL
            {position_key}
        ) {rows}",
        "CREATE INDEX activity_newest ON activity (organization_id, at_us, position)",
        "CREATE INDEX activity_oldest ON activity (at_us)",
    ],
    down: &["DROP TABLE activity"],
};
