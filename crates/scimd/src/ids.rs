//! Identifiers from the time and the system's randomness.

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

#[cfg(test)]
mod tests {
    use scim_app::ports::Ids as _;

    use super::TimeOrderedIds;

    #[test]
    fn ids_sort_in_the_order_they_were_made() {
        let ids: Vec<_> = (0..10_000).map(|_| TimeOrderedIds.next()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }
}
