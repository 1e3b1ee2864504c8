use super::{mebibytes, spread};

#[test]
fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
    let (low, median, high) = spread(vec![4.0, 1.0, 3.0, 2.0]);
    assert!((low - 1.0).abs() < 1e-9 && (median - 2.5).abs() < 1e-9 && (high - 4.0).abs() < 1e-9);
}

#[test]
fn the_median_of_an_odd_number_is_the_one_in_the_middle() {
    assert!((spread(vec![9.0, 1.0, 2.0]).1 - 2.0).abs() < 1e-9);
    assert!(spread(Vec::new()).1.abs() < 1e-9);
}

#[test]
fn memory_is_shown_in_mebibytes() {
    assert_eq!(mebibytes(14 * 1024 * 1024 + 512 * 1024), "14.5 MiB");
}
