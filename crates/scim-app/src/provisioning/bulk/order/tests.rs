use proptest::{collection::vec, prelude::*};

use super::*;

fn ordered(needs: &[&[usize]]) -> Vec<Step> {
    let needs: Vec<BTreeSet<usize>> = needs.iter().map(|it| it.iter().copied().collect()).collect();
    order(&needs)
}

#[test]
fn what_needs_nothing_keeps_the_order_of_the_request() {
    assert_eq!(ordered(&[]), []);
    assert_eq!(ordered(&[&[], &[], &[]]), [Step::One(0), Step::One(1), Step::One(2)]);
}

#[test]
fn what_is_needed_comes_first_and_the_others_keep_their_order() {
    assert_eq!(ordered(&[&[2], &[], &[]]), [Step::One(1), Step::One(2), Step::One(0)]);
    assert_eq!(ordered(&[&[1], &[2], &[]]), [Step::One(2), Step::One(1), Step::One(0)]);
}

#[test]
fn what_needs_each_other_is_taken_together() {
    assert_eq!(ordered(&[&[1], &[0]]), [Step::Circle(vec![0, 1])]);
    assert_eq!(ordered(&[&[0]]), [Step::Circle(vec![0])]);
    let steps = ordered(&[&[1], &[2], &[1, 3], &[]]);
    assert_eq!(steps, [Step::One(3), Step::Circle(vec![1, 2]), Step::One(0)]);
}

#[test]
fn a_chain_as_long_as_a_request_is_ordered() {
    let needs: Vec<_> = (1..=1000).map(|it| (it..1000).take(1).collect()).collect();
    let steps = order(&needs);
    assert_eq!(steps.first(), Some(&Step::One(999)));
    assert_eq!(steps.len(), 1000);
}

proptest! {
    #[test]
    fn every_operation_is_there_once_and_after_what_it_needs(
        needs in (1..12_usize).prop_flat_map(|n| vec(vec(0..n, 0..4), n))
    ) {
        let needs: Vec<BTreeSet<usize>> =
            needs.into_iter().map(|it| it.into_iter().collect()).collect();
        let mut done = BTreeSet::new();
        for step in order(&needs) {
            let all = match step {
                Step::One(it) => vec![it],
                Step::Circle(all) => all,
            };
            for it in &all {
                prop_assert!(done.insert(*it));
            }
            for it in &all {
                prop_assert!(needs[*it].is_subset(&done));
            }
        }
        prop_assert_eq!(done.len(), needs.len());
    }
}
