use std::time::Duration;

use ureq::http::Response;

use super::pause;
use crate::answer::Answer;

fn answer(status: u16, after: Option<&str>) -> Answer {
    let response = Response::builder().status(status);
    let response = match after {
        Some(after) => response.header("Retry-After", after),
        None => response,
    };
    let (head, ()) = response.body(()).unwrap().into_parts();
    Answer::new("GET /Users".to_owned(), &head, b"")
}

#[test]
fn a_busy_server_is_given_the_time_that_it_asks_for() {
    assert_eq!(pause(&answer(429, Some("7")), 1), Some(Duration::from_secs(7)));
    assert_eq!(pause(&answer(429, Some("0")), 1), Some(Duration::ZERO));
    assert_eq!(pause(&answer(503, Some("3")), 1), Some(Duration::from_secs(3)));
}

#[test]
fn a_busy_server_that_names_no_seconds_is_given_more_time_each_time() {
    let date = Some("Fri, 31 Dec 1999 23:59:59 GMT");
    for (attempt, seconds) in [(1, 2), (2, 4), (4, 16)] {
        assert_eq!(pause(&answer(429, None), attempt), Some(Duration::from_secs(seconds)));
        assert_eq!(pause(&answer(429, date), attempt), Some(Duration::from_secs(seconds)));
    }
}

#[test]
fn nobody_waits_for_hours_or_for_other_answers() {
    assert_eq!(pause(&answer(429, Some("3600")), 1), None);
    assert_eq!(pause(&answer(503, None), 1), None);
    assert_eq!(pause(&answer(200, Some("7")), 1), None);
}
