//! The contract every store must honour: each promise of the ports, as a test.
//!
//! An adapter runs all of it on itself with [`store_contract!`](crate::store_contract), one test
//! for each promise. A promise takes an empty, migrated store of its own and panics when the store
//! breaks it. After an error a unit is always dropped: no promise goes on with a unit that failed.
#![expect(clippy::unwrap_used, reason = "a promise that is broken fails its test")]
#![expect(missing_docs, reason = "the name of a promise says what it is")]
#![expect(clippy::missing_panics_doc, reason = "a promise that is broken panics")]

mod builders;
mod macros;
mod stage;

pub use stage::Stage;

pub mod access;
pub mod ahead;
pub mod assignments;
pub mod audit;
pub mod feed;
pub mod groups;
pub mod holders;
pub mod idempotency;
pub mod keyring;
pub mod keys;
pub mod mapping_rules;
pub mod members;
pub mod nestings;
pub mod oauth;
pub mod organizations;
pub mod outbox;
pub mod purges;
pub mod races;
pub mod reach;
pub mod roles;
pub mod schemas;
pub mod search;
pub mod seats;
pub mod tenants;
pub mod units;
pub mod users;

#[cfg(test)]
mod tests;
