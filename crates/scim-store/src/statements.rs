//! The statements, table by table. Each is written once, for both databases, and names the
//! organization wherever it touches the data of one.

pub(crate) mod access;
pub(crate) mod activity;
pub(crate) mod api_keys;
pub(crate) mod assignments;
pub(crate) mod audit;
pub(crate) mod blocks;
pub(crate) mod events;
pub(crate) mod groups;
pub(crate) mod holders;
pub(crate) mod idempotency;
pub(crate) mod keyring;
pub(crate) mod mapping_rules;
pub(crate) mod members;
pub(crate) mod nestings;
pub(crate) mod oauth;
pub(crate) mod organizations;
pub(crate) mod purge;
pub(crate) mod roles;
pub(crate) mod schema;
pub(crate) mod schemas;
pub(crate) mod users;

use crate::kept::Kept;

/// Every statement that is kept.
pub(crate) fn all() -> impl Iterator<Item = &'static Kept> {
    let tables = [
        access::ALL,
        activity::ALL,
        api_keys::ALL,
        assignments::ALL,
        audit::ALL,
        blocks::ALL,
        events::ALL,
        groups::ALL,
        holders::ALL,
        idempotency::ALL,
        keyring::ALL,
        mapping_rules::ALL,
        members::ALL,
        nestings::ALL,
        oauth::ALL,
        organizations::ALL,
        purge::ALL,
        roles::ALL,
        schema::ALL,
        schemas::ALL,
        users::ALL,
    ];
    tables.into_iter().flatten().copied()
}
