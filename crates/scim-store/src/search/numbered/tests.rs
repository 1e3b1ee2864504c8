use super::*;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Blocks that end at 10, 20, … and have so many inside.
fn blocks(inside: &[u64]) -> Vec<(Uuid, u64)> {
    (1..).map(|it| id(it * 10)).zip(inside.iter().copied()).collect()
}

fn way_among(inside: &[u64], from: End, number: u64) -> Option<(Uuid, u64)> {
    way(blocks(inside).into_iter(), from, number)
}

const START: End = (NOBODY, 0);

#[test]
fn the_way_ends_before_the_block_that_has_the_number() {
    let inside = [3, 0, 1, 4, 0, 0, 2];
    let sealed = inside.iter().sum();
    let ways: Vec<_> = (0..sealed).map(|it| way_among(&inside, START, it).unwrap()).collect();
    let first = [(id(0), 0), (id(0), 1), (id(0), 2), (id(20), 0), (id(30), 0)];
    assert_eq!(ways[..5], first);
    assert_eq!(ways[7..], [(id(30), 3), (id(60), 0), (id(60), 1)]);
    // Those of a span begin where the span before it ends.
    assert_eq!(way_among(&inside, (id(5), 100), 101), Some((id(5), 1)));
}

#[test]
fn blocks_that_do_not_reach_that_far_lead_nowhere() {
    assert_eq!(way_among(&[], START, 0), None);
    assert_eq!(way_among(&[2, 2], START, 4), None);
    // Nor do those beyond it.
    assert_eq!(way_among(&[2, 2], (id(5), 7), 4), None);
}
