//! Rules by which a group that an identity provider creates leads to a role, and whether an
//! organization applies them.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000017_mapping_rules",
    up: &[
        "ALTER TABLE organizations ADD COLUMN mapping_rules_apply {flag} NOT NULL DEFAULT FALSE",
        // A rule to a role that is deleted would lead nowhere.
        "CREATE TABLE mapping_rules (
            organization_id {id} NOT NULL,
            id {id} NOT NULL,
            matching TEXT NOT NULL,
            name TEXT NOT NULL,
            name_key {text} NOT NULL,
            role_id {id} NOT NULL,
            created_us {int} NOT NULL,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id)
                ON DELETE CASCADE
        ) {compact}",
        "CREATE UNIQUE INDEX mapping_rules_name_key
            ON mapping_rules (organization_id, role_id, name_key, matching)",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('mapping_rules', 'mapping_rules', '1000 10 1'),
            ('mapping_rules', 'mapping_rules_name_key', '1000 10 2 1 1')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1 WHERE tbl = 'mapping_rules'",
        "DROP TABLE mapping_rules",
        "ALTER TABLE organizations DROP COLUMN mapping_rules_apply",
    ],
};
