//! What tests need: a store in memory, a world that stands still, and the contract of every store.
//!
//! Behind the feature `testing`, so that the tests of other crates can use it and no program does.

pub mod contract;
pub mod faulty;
pub mod memory;
pub mod signer;
pub mod world;

pub use faulty::FaultyStore;
pub use memory::{FailWith, MemoryStore};
pub use signer::Signer;
pub use world::{CountingIds, FastSecrets, StoppedClock};
