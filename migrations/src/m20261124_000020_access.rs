//! What a backend asks at sign-in: which attribute the NameID of an assertion is compared with, which
//! request made each link between a user and a role, and who was deleted lately.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000020_access",
    up: &[
        "ALTER TABLE organizations ADD COLUMN name_id_attribute TEXT NOT NULL DEFAULT 'userName'",
        // Sixteen bytes beside the moment, and one where no request made it.
        "ALTER TABLE group_members ADD COLUMN request_id {id}",
        "ALTER TABLE group_nestings ADD COLUMN request_id {id}",
        "ALTER TABLE group_roles ADD COLUMN request_id {id}",
        "ALTER TABLE role_assignments ADD COLUMN request_id {id}",
        // A mark is the user's id, or made of its name or external id in a way that cannot be
        // reversed: it recognizes who was here without telling who that was.
        "CREATE TABLE departed_users (
            organization_id {id} NOT NULL,
            mark {id} NOT NULL,
            user_id {id} NOT NULL,
            at_us {int} NOT NULL,
            request_id {id},
            PRIMARY KEY (organization_id, mark)
        ) {compact}",
        "CREATE INDEX departed_users_oldest ON departed_users (at_us)",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('departed_users', 'departed_users', '100000 10000 1'),
            ('departed_users', 'departed_users_oldest', '100000 2')",
    ],
    down: &[
        "{sqlite} DELETE FROM sqlite_stat1 WHERE tbl = 'departed_users'",
        "DROP TABLE departed_users",
        "ALTER TABLE role_assignments DROP COLUMN request_id",
        "ALTER TABLE group_roles DROP COLUMN request_id",
        "ALTER TABLE group_nestings DROP COLUMN request_id",
        "ALTER TABLE group_members DROP COLUMN request_id",
        "ALTER TABLE organizations DROP COLUMN name_id_attribute",
    ],
};
