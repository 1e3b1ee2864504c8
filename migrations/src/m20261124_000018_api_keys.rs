//! From where a key may be used, what it may not do over SCIM, by which key it was replaced, and when
//! its expiry is to be warned of.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000018_api_keys",
    up: &[
        "ALTER TABLE api_keys ADD COLUMN addresses TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE api_keys ADD COLUMN users_only {flag} NOT NULL DEFAULT FALSE",
        "ALTER TABLE api_keys ADD COLUMN denied_roles TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE api_keys ADD COLUMN warning_us {int}",
        "ALTER TABLE api_keys ADD COLUMN successor_id {id}",
        // 30 days before. Of the keys for which that is over, the nearest warning is told.
        "UPDATE api_keys SET warning_us = expires_us - 2592000000000
            WHERE expires_us IS NOT NULL AND revoked_us IS NULL",
        // Of all organizations at once, and of the few keys alone that will expire.
        "CREATE INDEX api_keys_warning ON api_keys (warning_us) WHERE warning_us IS NOT NULL",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('api_keys', 'api_keys_warning', '100 1')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1 WHERE idx = 'api_keys_warning'",
        "DROP INDEX api_keys_warning",
        "ALTER TABLE api_keys DROP COLUMN successor_id",
        "ALTER TABLE api_keys DROP COLUMN warning_us",
        "ALTER TABLE api_keys DROP COLUMN denied_roles",
        "ALTER TABLE api_keys DROP COLUMN users_only",
        "ALTER TABLE api_keys DROP COLUMN addresses",
    ],
};
