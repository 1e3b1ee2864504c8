//! Roles, and the groups that lead to them: many to many, by ids and never by names.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261101_000004_roles",
    up: &[
        "CREATE TABLE roles (
            organization_id {id} NOT NULL,
            id {id} NOT NULL,
            role_key {text} NOT NULL,
            name TEXT NOT NULL,
            name_key {text} NOT NULL,
            description TEXT NOT NULL,
            permissions TEXT NOT NULL,
            built_in {flag} NOT NULL,
            privileged {flag} NOT NULL,
            home_group_id {id} NOT NULL,
            created_us {int} NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) {compact}",
        "CREATE UNIQUE INDEX roles_role_key ON roles (organization_id, role_key)",
        "CREATE UNIQUE INDEX roles_name_key ON roles (organization_id, name_key)",
        "CREATE TABLE group_roles (
            organization_id {id} NOT NULL,
            group_id {id} NOT NULL,
            role_id {id} NOT NULL,
            mapped_us {int} NOT NULL,
            PRIMARY KEY (organization_id, group_id, role_id),
            FOREIGN KEY (organization_id, group_id) REFERENCES groups (organization_id, id)
                ON DELETE CASCADE,
            FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id)
                ON DELETE CASCADE
        ) {compact}",
        "CREATE INDEX group_roles_role ON group_roles (organization_id, role_id, group_id)",
    ],
    down: &["DROP TABLE group_roles", "DROP TABLE roles"],
};
