use super::{Planned, Size, Sizes, plan};

#[test]
fn sizes_are_numbers_all_or_so_many_of_a_number() {
    let sizes: Sizes = "50x10, 1000,all".parse().unwrap();
    let size = |groups, members| Size { groups, members };
    assert_eq!(sizes.0, [size(50, Some(10)), size(1, Some(1000)), size(1, None)]);
    assert_eq!("".parse::<Sizes>().unwrap().0, []);
    assert!("many".parse::<Sizes>().unwrap_err().contains("50x10"));
}

#[test]
fn groups_have_names_of_their_own_and_sizes_beyond_everybody_are_left_out() {
    let planned = plan(&"2x10,100,all".parse().unwrap(), 1, 50);
    let shown: Vec<_> = planned.iter().map(|it| (it.name.as_str(), it.members)).collect();
    let expected = [("Team of 10, no. 1", 10), ("Team of 10, no. 2", 10), ("Everyone, no. 1", 50)];
    assert_eq!(shown, expected);
    assert!(planned.iter().all(|Planned { first, .. }| *first < 50));
}
