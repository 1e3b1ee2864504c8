use std::{cell::Cell, rc::Rc};

use super::*;

/// Requests of a credential, all at once; what is counted is how many have begun.
fn crowd(credential: &'static str, number: usize) -> Rc<Cell<usize>> {
    let begun = Rc::new(Cell::new(0));
    for _ in 0..number {
        let begun = Rc::clone(&begun);
        task::spawn_local(async move {
            pass(credential).await;
            begun.set(begun.get() + 1);
        });
    }
    begun
}

#[actix_web::test]
async fn of_a_crowd_some_begin_before_the_thread_looks_who_else_has_come() {
    let flood = crowd("flood", 100);
    let mut rounds = Vec::new();
    while flood.get() < 100 {
        let before = flood.get();
        task::yield_now().await;
        rounds.push(flood.get() - before);
    }
    assert!(rounds.iter().all(|begun| *begun <= IN_A_ROUND), "{rounds:?}");
    // Nobody waits any more, and the next crowd is served as this one was.
    let again = crowd("flood", 20);
    while again.get() < 20 {
        task::yield_now().await;
    }
}

#[actix_web::test]
async fn nobody_waits_for_the_crowd_of_another() {
    let flood = crowd("flood", 100);
    task::yield_now().await;
    assert!(flood.get() < 100);
    let before = flood.get();
    pass("quiet").await;
    assert_eq!(flood.get(), before, "the quiet one began at once");
}

#[actix_web::test]
async fn who_goes_away_takes_nobodys_place() {
    let gone: Vec<_> = (0..50).map(|_| task::spawn_local(pass("flood"))).collect();
    task::yield_now().await;
    let flood = crowd("flood", 30);
    for it in gone {
        it.abort();
    }
    while flood.get() < 30 {
        task::yield_now().await;
    }
}

#[test]
fn no_more_credentials_are_counted_than_a_thread_can_remember() {
    let mut round = Round::default();
    for credential in 0..COUNTED * 3 {
        assert!(matches!(round.enter(credential), Next::Begin));
    }
    assert!(round.begun.len() <= COUNTED);
}

#[test]
fn a_runtime_that_ends_in_a_crowd_leaves_nobody_waiting_in_the_next_one() {
    for _ in 0..2 {
        actix_web::rt::System::new().block_on(async {
            let flood = crowd("flood", 100);
            task::yield_now().await;
            assert!(flood.get() > 0);
        });
    }
}
