use std::collections::HashSet;

use super::any;

#[test]
fn everybodys_turn_comes_before_anybodys_comes_again() {
    for count in [100, 1_000, 100_000] {
        let places: HashSet<u64> = (0..count).map(|number| any(number, count)).collect();
        assert_eq!(places.len() as u64, count);
    }
}
