//! The schemas that organizations declare for themselves.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000011_schemas",
    up: &[
        // `building` names the attributes whose index rows are not all there yet, and
        // `indexed_up_to` the last user that has them; the nil id before the first.
        "CREATE TABLE organization_schemas (
            organization_id {id} NOT NULL REFERENCES organizations (id),
            id {id} NOT NULL,
            urn_key {text} NOT NULL,
            resource_type TEXT NOT NULL,
            definition TEXT NOT NULL,
            building TEXT NOT NULL,
            indexed_up_to {id} NOT NULL,
            created_us {int} NOT NULL,
            updated_us {int} NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) {compact}",
        "CREATE UNIQUE INDEX organization_schemas_urn_key
            ON organization_schemas (organization_id, urn_key)",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('organization_schemas', 'organization_schemas', '1000 5 1'),
            ('organization_schemas', 'organization_schemas_urn_key', '1000 5 1')",
    ],
    down: &["DROP TABLE organization_schemas"],
};
