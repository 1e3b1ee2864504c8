//! What SQLite is to believe about the size of its tables.
//!
//! Without statistics it takes an organization for ten rows, and rather walks through all of its
//! users in order than asks an index for the one that is wanted. Gathered ones would make plans
//! depend on when somebody gathered them. So it is told once, and plans are the same on every
//! database: an organization is large, a key is one row, a queue is short. The first number is
//! that of all rows, the next ones how many share the first, the first two … columns of the index.
//! PostgreSQL gathers its own.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261101_000008_statistics",
    up: &[
        "{sqlite} ANALYZE",
        "{sqlite} DELETE FROM sqlite_stat1",
        "{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('organizations', 'organizations', '100 1'),
            ('api_keys', 'api_keys', '1000 1'),
            ('api_keys', 'api_keys_organization', '1000 10 1'),
            ('api_key_uses', 'api_key_uses', '1000 10 1'),
            ('users', 'sqlite_autoindex_users_1', '1000000 100000 1'),
            ('users', 'users_user_name_key', '1000000 100000 1'),
            ('users', 'users_external_id', '1000000 100000 1'),
            ('user_terms', 'user_terms', '2000000 200000 2 2 1'),
            ('user_terms', 'user_terms_term', '2000000 200000 100000 2 1'),
            ('groups', 'groups', '100000 10000 1'),
            ('groups', 'groups_display_name_key', '100000 10000 1'),
            ('groups', 'groups_external_id', '100000 10000 1'),
            ('group_members', 'group_members', '10000000 1000000 100 1'),
            ('group_members', 'group_members_user', '10000000 1000000 10 1'),
            ('roles', 'roles', '1000 100 1'),
            ('roles', 'roles_role_key', '1000 100 1'),
            ('roles', 'roles_name_key', '1000 100 1'),
            ('group_roles', 'group_roles', '1000 100 2 1'),
            ('group_roles', 'group_roles_role', '1000 100 2 1'),
            ('audit_entries', 'audit_entries', '1000000 100000 1'),
            ('audit_pending', NULL, '100'),
            ('audit_seals', 'audit_seals', '1000000 100000 1'),
            ('events', 'events', '1000000 100000 1'),
            ('events_pending', NULL, '100'),
            ('feed', 'feed', '1000000 100000 1'),
            ('activity', 'activity_newest', '100000 10000 2 1'),
            ('activity', 'activity_oldest', '100000 2')",
    ],
    down: &["{sqlite} DELETE FROM sqlite_stat1"],
};
