//! Roles that are assigned to users themselves, beside those they reach through groups.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000014_role_assignments",
    up: &[
        // Who is deleted is assigned nothing, and a role that is deleted is assigned to nobody.
        "CREATE TABLE role_assignments (
            organization_id {id} NOT NULL,
            user_id {id} NOT NULL,
            role_id {id} NOT NULL,
            assigned_us {int} NOT NULL,
            PRIMARY KEY (organization_id, user_id, role_id),
            FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
                ON DELETE CASCADE,
            FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id)
                ON DELETE CASCADE
        ) {compact}",
        "CREATE INDEX role_assignments_role
            ON role_assignments (organization_id, role_id, user_id)",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('role_assignments', 'role_assignments', '100000 10000 2 1'),
            ('role_assignments', 'role_assignments_role', '100000 10000 1000 1')",
    ],
    down: &[
        "DROP TABLE role_assignments",
        "{sqlite} DELETE FROM sqlite_stat1 WHERE tbl = 'role_assignments'",
    ],
};
