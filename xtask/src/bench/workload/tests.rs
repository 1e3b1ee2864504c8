use std::collections::HashSet;

use super::{Kind, Workload};
use crate::load::request::Door;
use crate::population::Population;

fn requests(kind: Kind, count: u64) -> HashSet<Vec<u8>> {
    let work = Workload { kind, door: Door::open(), population: Population::new(1).unwrap() };
    (0..count).map(|number| work.request(number)).collect()
}

#[test]
fn every_create_is_of_another_user() {
    assert_eq!(requests(Kind::Create, 1000).len(), 1000);
}

#[test]
fn looking_up_by_id_comes_to_everybody() {
    let ids: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    assert_eq!(requests(Kind::ById(ids.into()), 100).len(), 100);
}
