//! Users: the document, typed columns for what is unique or hot, and index rows for the rest.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261101_000002_users",
    up: &[
        // `active` is null where the document has no such attribute: such a user has no access,
        // and a filter can still tell it from one that was deactivated.
        "CREATE TABLE users (
            organization_id {id} NOT NULL,
            id {id} NOT NULL,
            user_name_key {text} NOT NULL,
            external_id {text},
            display_name_key {text},
            active {flag},
            source TEXT NOT NULL,
            protected {flag} NOT NULL,
            created_us {int} NOT NULL,
            updated_us {int} NOT NULL,
            version {int} NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) {rows}",
        "CREATE UNIQUE INDEX users_user_name_key ON users (organization_id, user_name_key)",
        "CREATE INDEX users_external_id ON users (organization_id, external_id)
            WHERE external_id IS NOT NULL",
        "CREATE TABLE user_terms (
            organization_id {id} NOT NULL,
            user_id {id} NOT NULL,
            path {text} NOT NULL,
            element {int} NOT NULL,
            term {text} NOT NULL,
            PRIMARY KEY (organization_id, user_id, path, element),
            FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
                ON DELETE CASCADE
        ) {compact}",
        "CREATE INDEX user_terms_term ON user_terms (organization_id, path, term, user_id)",
    ],
    down: &["DROP TABLE user_terms", "DROP TABLE users"],
};
