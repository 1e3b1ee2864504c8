//! Tests of the ways through groups in groups.

use uuid::Uuid;

use super::*;
use crate::{RequestId, Timestamp, access::Reached};

fn user() -> UserId {
    UserId::new(Uuid::from_u128(1))
}

fn group(number: u128) -> GroupId {
    GroupId::new(Uuid::from_u128(100 + number))
}

fn made(at: i64) -> Made {
    let request = Some(RequestId::new(Uuid::from_u128(u128::from(at.unsigned_abs()))));
    Made { at: Timestamp::from_micros(at), request }
}

fn name(number: u128) -> String {
    format!("Group {number}")
}

/// A user in groups, groups in groups, and a role at the end: link by link, each a moment later.
fn above(own: &[u128], nested: &[(u128, u128)], mapped: &[u128]) -> Above {
    let mut moments = 1..;
    let mut next = || made(moments.next().unwrap());
    let member = |it: &u128| Membership {
        user: user(),
        group: group(*it),
        group_name: name(*it),
        made: next(),
    };
    let memberships = own.iter().map(member).collect();
    let nesting = |(low, high): &(u128, u128)| Nesting {
        member: group(*low),
        group: group(*high),
        group_name: name(*high),
        made: next(),
    };
    let nestings = nested.iter().map(nesting).collect();
    let mapping = |it: &u128| Mapping {
        group: group(*it),
        role: RoleKey::read("admin"),
        permissions: vec!["all".to_owned()],
        made: next(),
    };
    Above { memberships, nestings, mappings: mapped.iter().map(mapping).collect() }
}

fn ways(above: &Above) -> Vec<(Option<String>, Vec<String>)> {
    let reached = Network::new(above).reached_by(user());
    let way = |it: &Reached| it.path.way.iter().map(|it| it.name.clone()).collect();
    reached.iter().map(|it| (it.path.group_name.clone(), way(it))).collect()
}

#[test]
fn a_way_names_every_group_between() {
    let above = above(&[1], &[(1, 2), (2, 3)], &[1, 3]);
    // What the user reaches itself is told elsewhere.
    assert_eq!(ways(&above), [(Some(name(3)), vec![name(1), name(2)])]);
    let [reached] = Network::new(&above).reached_by(user()).try_into().unwrap();
    let links: Vec<_> = reached.path.way.iter().map(|it| it.nested).collect();
    assert_eq!((reached.path.membership, links), (Some(made(1)), vec![made(2), made(3)]));
    assert_eq!(reached.permissions, ["all"]);
    assert_eq!(reached.path.since(), made(5), "the mapping was the last link");
}

#[test]
fn the_last_link_is_since_when_a_way_is_whole() {
    let mut above = above(&[1], &[(1, 2)], &[2]);
    for (at, link) in [(9, 0), (10, 1), (11, 2)] {
        match link {
            0 => above.memberships[0].made = made(at),
            1 => above.nestings[0].made = made(at),
            _ => above.mappings[0].made = made(at),
        }
        let [reached] = Network::new(&above).reached_by(user()).try_into().unwrap();
        assert_eq!(reached.path.since(), made(at));
    }
}

#[test]
fn the_shortest_of_several_ways_is_told() {
    let long_and_short = above(&[1, 5], &[(1, 2), (2, 9), (5, 9)], &[9]);
    assert_eq!(ways(&long_and_short), [(Some(name(9)), vec![name(5)])]);
    let itself = above(&[1, 9], &[(1, 9)], &[9]);
    assert!(ways(&itself).is_empty(), "no longer way to a group that the user is a member of");
}

#[test]
fn a_circle_comes_to_an_end() {
    let circle = above(&[1], &[(1, 2), (2, 3), (3, 1), (3, 2), (3, 3)], &[1, 2, 3]);
    let expected = [(Some(name(2)), vec![name(1)]), (Some(name(3)), vec![name(1), name(2)])];
    assert_eq!(ways(&circle), expected);
    let nobody = UserId::new(Uuid::from_u128(2));
    assert!(Network::new(&circle).reached_by(nobody).is_empty());
}
