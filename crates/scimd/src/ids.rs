//! Identifiers from the time and random bits, by a generator of each thread that the system's
//! randomness has seeded.

#[cfg(test)]
mod tests;

use scim_app::ports::Ids;
use uuid::Uuid;

/// `UUIDv7`, counted within a millisecond, so that ids of this process sort as they were made, even
/// when the clock is set back.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeOrderedIds;

impl Ids for TimeOrderedIds {
    fn next(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "this is the adapter of the Ids port")]
        Uuid::now_v7()
    }
}
