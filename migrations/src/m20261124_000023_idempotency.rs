//! Requests of API keys that were carried out and may be sent again, with their encrypted answers.
//! What they are called and asked is a MAC; see the use cases. Forgotten after a day.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000023_idempotency",
    up: &[
        "CREATE TABLE idempotency_keys (
            organization_id {id} NOT NULL,
            api_key_id {id} NOT NULL,
            name {bytes} NOT NULL,
            fingerprint {bytes} NOT NULL,
            answer {bytes} NOT NULL,
            answered_us {int} NOT NULL,
            PRIMARY KEY (organization_id, api_key_id, name)
        ) {compact}",
        "CREATE INDEX idempotency_keys_oldest ON idempotency_keys (answered_us)",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('idempotency_keys', 'idempotency_keys', '10000 1000 100 1'),
            ('idempotency_keys', 'idempotency_keys_oldest', '10000 1')",
    ],
    down: &[
        "DROP TABLE idempotency_keys",
        "{sqlite} DELETE FROM sqlite_stat1 WHERE tbl = 'idempotency_keys'",
    ],
};
