//! Tests of ids.

use scim_app::ports::Ids as _;

use super::TimeOrderedIds;

#[test]
fn ids_sort_in_the_order_they_were_made() {
    let ids: Vec<_> = (0..10_000).map(|_| TimeOrderedIds.next()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b));
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
}
