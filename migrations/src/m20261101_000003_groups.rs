//! Groups, and their members as rows: one member more is one row more, whatever the group's size.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261101_000003_groups",
    up: &[
        "CREATE TABLE groups (
            organization_id {id} NOT NULL,
            id {id} NOT NULL,
            display_name TEXT NOT NULL,
            display_name_key {text} NOT NULL,
            external_id {text},
            written_over_scim {flag} NOT NULL,
            created_us {int} NOT NULL,
            updated_us {int} NOT NULL,
            version {int} NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) {compact}",
        "CREATE UNIQUE INDEX groups_display_name_key
            ON groups (organization_id, display_name_key)",
        "CREATE INDEX groups_external_id ON groups (organization_id, external_id)
            WHERE external_id IS NOT NULL",
        // A member that is deleted in the meantime must not stay behind as a row.
        "CREATE TABLE group_members (
            organization_id {id} NOT NULL,
            group_id {id} NOT NULL,
            user_id {id} NOT NULL,
            added_us {int} NOT NULL,
            PRIMARY KEY (organization_id, group_id, user_id),
            FOREIGN KEY (organization_id, group_id) REFERENCES groups (organization_id, id)
                ON DELETE CASCADE,
            FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
                ON DELETE CASCADE
        ) {compact}",
        "CREATE INDEX group_members_user
            ON group_members (organization_id, user_id, group_id)",
    ],
    down: &["DROP TABLE group_members", "DROP TABLE groups"],
};
