use std::time::Duration;

use super::super::tests::{load, server};
use super::{Times, run};

#[test]
fn requests_come_at_their_rate() {
    let load = load(server("200 OK"));
    let (_, times) = run(&load, 0, 200.0, Duration::from_millis(100), u64::MAX).unwrap();
    assert_eq!(times.0.len(), 20);
    assert!(times.quantile(500) <= times.quantile(990));
}

#[test]
fn no_more_requests_come_than_there_may_be() {
    let load = load(server("200 OK"));
    let (_, times) = run(&load, 0, 1000.0, Duration::from_millis(100), 3).unwrap();
    assert_eq!(times.0.len(), 3);
}

#[test]
fn quantiles_are_of_the_times_that_were_taken() {
    let times = Times::new((1..=100).rev().map(Duration::from_millis).collect());
    assert_eq!(times.quantile(500), Some(Duration::from_millis(50)));
    assert_eq!(times.quantile(990), Some(Duration::from_millis(99)));
    assert_eq!(Times::default().quantile(500), None);
}
