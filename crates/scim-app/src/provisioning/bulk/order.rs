//! In which order operations are carried out: that of the request, except that what is needed comes
//! first. Operations that need each other are taken together.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

/// What is done at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// One operation. All that it needs was tried before.
    One(usize),
    /// Operations that need each other, in the order of the request. All else that they need was
    /// tried before.
    Circle(Vec<usize>),
}

/// Orders operations, each given by those it needs. Of those that could come next the first in the
/// request does. The time it takes grows with the number of needs.
pub(super) fn order(needs: &[BTreeSet<usize>]) -> Vec<Step> {
    let needed_by = turned(needs);
    // A group is known by its first operation, so that the order of groups is that of the request.
    let groups: BTreeMap<usize, Vec<usize>> = groups(needs, &needed_by)
        .into_iter()
        .filter_map(|group| Some((*group.first()?, group)))
        .collect();
    let group_of: BTreeMap<usize, usize> =
        groups.iter().flat_map(|(first, all)| all.iter().map(|it| (*it, *first))).collect();
    let around = |group: &[usize], edges: &[BTreeSet<usize>]| -> BTreeSet<usize> {
        let ends = group.iter().filter_map(|it| edges.get(*it)).flatten();
        let ends: BTreeSet<_> = ends.filter_map(|it| group_of.get(it).copied()).collect();
        ends.into_iter().filter(|it| group.first() != Some(it)).collect()
    };
    let mut missing: BTreeMap<usize, usize> =
        groups.iter().map(|(first, all)| (*first, around(all, needs).len())).collect();
    let free = missing.iter().filter(|(_, count)| **count == 0).map(|(first, _)| *first);
    let mut ready: BTreeSet<usize> = free.collect();
    let mut steps = Vec::with_capacity(groups.len());
    while let Some(group) = ready.pop_first().and_then(|first| groups.get(&first)) {
        for next in around(group, &needed_by) {
            if let Some(count) = missing.get_mut(&next) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.insert(next);
                }
            }
        }
        steps.push(step(group, needs));
    }
    steps
}

fn step(group: &[usize], needs: &[BTreeSet<usize>]) -> Step {
    match group {
        [one] if !needs.get(*one).is_some_and(|it| it.contains(one)) => Step::One(*one),
        several => Step::Circle(several.to_vec()),
    }
}

/// The same edges the other way round.
fn turned(edges: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let mut turned = vec![BTreeSet::new(); edges.len()];
    for (from, ends) in edges.iter().enumerate() {
        for end in ends {
            if let Some(back) = turned.get_mut(*end) {
                back.insert(from);
            }
        }
    }
    turned
}

/// The strongly connected components, by Kosaraju's two walks, each in ascending order.
fn groups(needs: &[BTreeSet<usize>], needed_by: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let (mut seen, mut left) = (BTreeSet::new(), Vec::new());
    for start in 0..needs.len() {
        walk(start, needs, &mut seen, &mut left);
    }
    seen.clear();
    let mut groups = Vec::new();
    for start in left.into_iter().rev() {
        let mut group = Vec::new();
        walk(start, needed_by, &mut seen, &mut group);
        group.sort_unstable();
        groups.push(group);
    }
    groups
}

/// Walks everything that can be reached and was not seen, and tells it in the order in which it is
/// left. Without recursion: a chain may be as long as the request.
fn walk(
    start: usize,
    edges: &[BTreeSet<usize>],
    seen: &mut BTreeSet<usize>,
    left: &mut Vec<usize>,
) {
    if !seen.insert(start) {
        return;
    }
    let ends = |node: usize| edges.get(node).into_iter().flatten().copied();
    let mut open = vec![(start, ends(start))];
    while let Some((node, rest)) = open.last_mut() {
        if let Some(next) = rest.find(|it| seen.insert(*it)) {
            open.push((next, ends(next)));
        } else {
            left.push(*node);
            open.pop();
        }
    }
}
