//! The schema history of scimd, and nothing else.
//!
//! One file per step, with its way back. Steps are never edited once released: a change expands
//! the schema first, the next release contracts it, so that two neighbouring versions of the
//! program can run beside each other. On SQLite the caller holds a lock while it migrates; on
//! PostgreSQL the lock is taken here.

mod address;
mod database;
mod m20261101_000001_organizations;
mod m20261101_000002_users;
mod m20261101_000003_groups;
mod m20261101_000004_roles;
mod m20261101_000005_audit;
mod m20261101_000006_events;
mod m20261101_000007_activity;
mod m20261101_000008_statistics;
mod m20261124_000009_keyring;
mod m20261124_000010_settings;
mod m20261124_000011_schemas;
mod m20261124_000012_quirks;
mod m20261124_000013_nested_groups;
mod m20261124_000014_role_assignments;
mod m20261124_000015_operator;
mod m20261124_000016_organizations;
mod m20261124_000017_mapping_rules;
mod m20261124_000018_api_keys;
mod m20261124_000019_oauth;
mod m20261124_000020_access;
mod m20261124_000021_feeds;
mod m20261124_000022_protected_users;
mod m20261124_000023_idempotency;
mod m20261124_000024_blocks;
mod m20261130_000025_queues;
mod m20261130_000026_spans;
mod step;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub use database::{MigrationError, Turn, down, fresh, pending, status, up};
use step::Step;

/// Every step, oldest first.
const STEPS: &[Step] = &[
    m20261101_000001_organizations::STEP,
    m20261101_000002_users::STEP,
    m20261101_000003_groups::STEP,
    m20261101_000004_roles::STEP,
    m20261101_000005_audit::STEP,
    m20261101_000006_events::STEP,
    m20261101_000007_activity::STEP,
    m20261101_000008_statistics::STEP,
    m20261124_000009_keyring::STEP,
    m20261124_000010_settings::STEP,
    m20261124_000011_schemas::STEP,
    m20261124_000012_quirks::STEP,
    m20261124_000013_nested_groups::STEP,
    m20261124_000014_role_assignments::STEP,
    m20261124_000015_operator::STEP,
    m20261124_000016_organizations::STEP,
    m20261124_000017_mapping_rules::STEP,
    m20261124_000018_api_keys::STEP,
    m20261124_000019_oauth::STEP,
    m20261124_000020_access::STEP,
    m20261124_000021_feeds::STEP,
    m20261124_000022_protected_users::STEP,
    m20261124_000023_idempotency::STEP,
    m20261124_000024_blocks::STEP,
    m20261130_000025_queues::STEP,
    m20261130_000026_spans::STEP,
];

/// The name of the newest step: the schema that this program speaks to.
pub const LATEST: &str = m20261130_000026_spans::STEP.name;

/// The steps in the form that sea-orm's tools expect.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|step| Box::new(*step) as Box<dyn MigrationTrait>).collect()
    }
}

#[cfg(test)]
mod tests;
