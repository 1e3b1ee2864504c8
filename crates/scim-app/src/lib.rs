//! The use cases of scimd, and the ports they need.
//!
//! A use case begins a unit of work, asks the domain what should happen, stores it, and hands the
//! decision to the [`journal`], which writes the audit entry and the events and commits: all of it
//! or nothing. Adapters translate; nothing here knows HTTP or SQL.

pub mod access;
pub mod activity;
pub mod actor;
pub mod administration;
mod assignments;
pub mod authentication;
mod catalogs;
pub mod error;
pub mod feed;
mod home_groups;
pub mod idempotency;
pub mod journal;
mod keyring;
pub mod management;
pub mod oauth;
pub mod ports;
pub mod provisioning;
pub mod quirks;
mod reach;
pub mod sealer;
mod seats;
mod standing;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod token;

pub use actor::Actor;
pub use error::Error;
