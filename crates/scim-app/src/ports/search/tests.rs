//! Tests of cutting a part out of all matches.

use super::*;

fn place(number: u128) -> Place {
    Place { key: SortKey::MISSING, id: Uuid::from_u128(number) }
}

fn cut(
    all: &[u128],
    from: Option<u128>,
    backwards: bool,
    limit: u64,
) -> (Vec<u128>, Option<Place>) {
    let from = from.map(place);
    let part = Part::Keyset(Keyset { place: from.as_ref(), backwards, limit });
    part.cut(all.to_vec(), false, |it| place(*it))
}

#[test]
fn a_part_by_place_ends_where_the_next_one_begins() {
    let all = [10, 20, 30, 40, 50];
    assert_eq!(cut(&all, None, false, 2), (vec![10, 20], Some(place(20))));
    assert_eq!(cut(&all, Some(20), false, 2), (vec![30, 40], Some(place(40))));
    assert_eq!(cut(&all, Some(40), false, 2), (vec![50], None));
    assert_eq!(cut(&all, Some(30), false, 2), (vec![40, 50], None));
    assert_eq!(cut(&all, Some(50), false, 2), (vec![], None));
}

#[test]
fn backwards_it_takes_what_is_nearest_and_keeps_the_order() {
    let all = [10, 20, 30, 40, 50];
    assert_eq!(cut(&all, Some(40), true, 2), (vec![30, 40], Some(place(20))));
    assert_eq!(cut(&all, Some(20), true, 2), (vec![10, 20], None));
    assert_eq!(cut(&all, Some(10), true, 2), (vec![10], None));
    assert_eq!(cut(&all, Some(5), true, 2), (vec![], None));
    assert_eq!(cut(&all, None, true, 2), (vec![40, 50], Some(place(30))));
}

#[test]
fn a_place_outlives_the_resource_it_is_named_after() {
    let all = [10, 30, 50];
    assert_eq!(cut(&all, Some(20), false, 1), (vec![30], Some(place(30))));
    assert_eq!(cut(&all, Some(40), true, 1), (vec![30], Some(place(10))));
    assert_eq!(cut(&[], None, false, 1), (vec![], None));
    assert_eq!(cut(&all, None, false, 0), (vec![], None));
}
