use std::collections::{BTreeMap, HashSet};

use super::super::house::Organization;
use super::{Kind, TURNS, work};
use crate::load::request::Door;
use crate::population::Population;

fn organization(name: &str) -> Organization {
    let ids = (0..7).map(|number| format!("{name}-{number}")).collect();
    Organization { door: Door::with(name), ids, people: Population::new(1).unwrap() }
}

fn text(request: Vec<u8>) -> String {
    String::from_utf8(request).unwrap()
}

#[test]
fn every_organization_sends_every_kind_of_request_about_everybody() {
    let work = work(&[organization("one"), organization("two")]);
    let round = 2 * 7 * TURNS.len() as u64;
    let mut kinds = BTreeMap::<Kind, u64>::new();
    let mut read = HashSet::new();
    for number in 0..round {
        let request = text(work(number));
        let whose = if number % 2 == 0 { "Bearer one" } else { "Bearer two" };
        assert!(request.contains(whose), "{number}: {request}");
        *kinds.entry(Kind::of(number, 2)).or_default() += 1;
        if Kind::of(number, 2) == Kind::Get {
            read.insert(request.lines().next().unwrap().to_owned());
        }
    }
    assert_eq!(read.len(), 14, "{read:?}");
    let shares: Vec<_> = kinds.values().map(|count| count * 10 / round).collect();
    assert_eq!(shares, [1, 1, 2, 6], "{kinds:?}");
}

#[test]
fn every_change_changes_something() {
    let work = work(&[organization("one")]);
    let round = 7 * TURNS.len() as u64;
    let mut before = BTreeMap::new();
    for number in (0..3 * round).filter(|number| Kind::of(*number, 1) == Kind::Switch) {
        let request = text(work(number));
        let whom = request.lines().next().unwrap().to_owned();
        let active = request.contains("\"active\":true");
        assert_ne!(before.insert(whom, active), Some(active), "{number}: {request}");
    }
}
