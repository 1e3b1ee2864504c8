//! What an organization and an API key can have set: nested groups, what entitlements mean, schemas
//! of its own; and how strictly a key's requests are read.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000010_settings",
    up: &[
        "ALTER TABLE organizations ADD COLUMN entitlements TEXT NOT NULL DEFAULT 'ignore'",
        "ALTER TABLE organizations ADD COLUMN nested_groups {flag} NOT NULL DEFAULT FALSE",
        "ALTER TABLE organizations ADD COLUMN schema_revision {int} NOT NULL DEFAULT 0",
        "ALTER TABLE api_keys ADD COLUMN strictness TEXT NOT NULL DEFAULT 'tolerant'",
    ],
    down: &[
        "ALTER TABLE api_keys DROP COLUMN strictness",
        "ALTER TABLE organizations DROP COLUMN schema_revision",
        "ALTER TABLE organizations DROP COLUMN nested_groups",
        "ALTER TABLE organizations DROP COLUMN entitlements",
    ],
};
