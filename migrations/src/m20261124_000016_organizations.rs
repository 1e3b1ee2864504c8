//! What an organization's life has beside its plan: a seat limit, being disabled or deleted, and
//! SCIM that is paused or switched off.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000016_organizations",
    up: &[
        "ALTER TABLE organizations ADD COLUMN seat_limit {int}",
        "ALTER TABLE organizations ADD COLUMN disabled_us {int}",
        "ALTER TABLE organizations ADD COLUMN deleted_us {int}",
        "ALTER TABLE organizations ADD COLUMN purge_us {int}",
        "ALTER TABLE organizations ADD COLUMN scim TEXT NOT NULL DEFAULT 'on'",
        "ALTER TABLE organizations ADD COLUMN paused_us {int}",
        "ALTER TABLE organizations ADD COLUMN paused_until_us {int}",
        "CREATE INDEX organizations_purge ON organizations (purge_us)
            WHERE purge_us IS NOT NULL",
        // A row only where there is a limit. Apart from the organization, whose row every unit that
        // writes users shares: this one each of them takes for itself.
        "CREATE TABLE organization_seats (
            organization_id {id} NOT NULL PRIMARY KEY REFERENCES organizations (id),
            used {int} NOT NULL
        ) {compact}",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('organizations', 'organizations_purge', '10 1'),
            ('organization_seats', 'organization_seats', '100 1')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1
            WHERE idx IN ('organizations_purge', 'organization_seats')",
        "DROP TABLE organization_seats",
        "DROP INDEX organizations_purge",
        "ALTER TABLE organizations DROP COLUMN paused_until_us",
        "ALTER TABLE organizations DROP COLUMN paused_us",
        "ALTER TABLE organizations DROP COLUMN scim",
        "ALTER TABLE organizations DROP COLUMN purge_us",
        "ALTER TABLE organizations DROP COLUMN deleted_us",
        "ALTER TABLE organizations DROP COLUMN disabled_us",
        "ALTER TABLE organizations DROP COLUMN seat_limit",
    ],
};
