use super::*;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Blocks that end at 10, 20, … and have so many inside.
fn blocks(inside: &[u64]) -> Vec<(Uuid, u64)> {
    (1..).map(|it| id(it * 10)).zip(inside.iter().copied()).collect()
}

#[test]
fn both_ends_lead_the_same_way() {
    let inside = [3, 0, 1, 4, 0, 0, 2];
    let (blocks, sealed) = (blocks(&inside), inside.iter().sum::<u64>());
    let mut reversed = blocks.clone();
    reversed.reverse();
    reversed.push((NOBODY, 0));
    let ways: Vec<_> = (0..sealed).map(|it| way_from_start(&blocks, it).unwrap()).collect();
    let first = [(id(0), 0), (id(0), 1), (id(0), 2), (id(20), 0), (id(30), 0)];
    assert_eq!(ways[..5], first);
    assert_eq!(ways[7..], [(id(30), 3), (id(60), 0), (id(60), 1)]);
    for (number, way) in (0..sealed).zip(ways) {
        assert_eq!(way_from_end(&reversed, sealed - number), Some(way), "{number}");
    }
}

#[test]
fn blocks_that_do_not_reach_that_far_lead_nowhere() {
    assert_eq!(way_from_start(&[], 0), None);
    assert_eq!(way_from_start(&blocks(&[2, 2]), 4), None);
    let last = [(id(40), 2), (id(30), 2), (id(20), 5)];
    assert_eq!(way_from_end(&last, 4), Some((id(20), 0)));
    // In the third, and where that begins has not been read.
    assert_eq!(way_from_end(&last, 5), None);
    assert_eq!(way_from_end(&last, 10), None);
}
