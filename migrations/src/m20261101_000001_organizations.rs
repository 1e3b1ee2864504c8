//! Organizations, their API keys, and when each key was last used.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261101_000001_organizations",
    up: &[
        "CREATE TABLE organizations (
            id {id} NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            plan TEXT NOT NULL,
            created_us {int} NOT NULL
        ) {compact}",
        // Found by id alone: a token names its key, and only the key names the organization.
        "CREATE TABLE api_keys (
            id {id} NOT NULL PRIMARY KEY,
            organization_id {id} NOT NULL REFERENCES organizations (id),
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            permissions TEXT NOT NULL,
            hash TEXT NOT NULL,
            created_us {int} NOT NULL,
            expires_us {int},
            revoked_us {int},
            connection_id {id} NOT NULL
        ) {compact}",
        "CREATE INDEX api_keys_organization ON api_keys (organization_id, id)",
        // Apart from the key, so that noting a use never touches the row every request reads.
        "CREATE TABLE api_key_uses (
            organization_id {id} NOT NULL,
            api_key_id {id} NOT NULL,
            at_us {int} NOT NULL,
            address TEXT,
            agent TEXT,
            PRIMARY KEY (organization_id, api_key_id)
        ) {compact}",
    ],
    down: &["DROP TABLE api_key_uses", "DROP TABLE api_keys", "DROP TABLE organizations"],
};
