//! OAuth 2.0: the public keys with which a client of the token endpoint may sign, and the assertions
//! it has used up. Access tokens have no rows; the generation in a key's row ends those of earlier
//! ones.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000019_oauth",
    up: &[
        "ALTER TABLE api_keys ADD COLUMN token_generation {int} NOT NULL DEFAULT 0",
        // Apart from the key: every request reads that row, and only the token endpoint these.
        "CREATE TABLE api_key_public_keys (
            organization_id {id} NOT NULL,
            api_key_id {id} NOT NULL,
            jwks TEXT NOT NULL,
            updated_us {int} NOT NULL,
            PRIMARY KEY (organization_id, api_key_id)
        ) {compact}",
        // The digest of its identifier, until it would be refused as too old anyway.
        "CREATE TABLE used_assertions (
            organization_id {id} NOT NULL,
            api_key_id {id} NOT NULL,
            digest {bytes} NOT NULL,
            until_us {int} NOT NULL,
            PRIMARY KEY (organization_id, api_key_id, digest)
        ) {compact}",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('api_key_public_keys', 'api_key_public_keys', '1000 10 1'),
            ('used_assertions', 'used_assertions', '10000 100 10 1')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1
            WHERE tbl IN ('api_key_public_keys', 'used_assertions')",
        "DROP TABLE used_assertions",
        "DROP TABLE api_key_public_keys",
        "ALTER TABLE api_keys DROP COLUMN token_generation",
    ],
};
