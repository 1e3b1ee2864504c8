use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use scim_app::token::Token;
use scim_domain::ApiKeyId;
use uuid::Uuid;

use super::*;

const AT_ONCE: usize = 16;
const WAITING: usize = 1_000;

fn token(number: u8) -> Token {
    Token::new(ApiKeyId::new(Uuid::from_u128(1)), &[number; 32])
}

fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

#[test]
fn a_credential_waits_for_its_own_requests_and_no_other_does() {
    let turns = Turns::new(AT_ONCE, WAITING);
    let (flood, quiet) = (token(1), token(2));
    let mut taken: Vec<_> =
        (0..AT_ONCE).map(|_| now(turns.take(flood.expose())).unwrap()).collect();
    assert!(now(turns.take(flood.expose())).is_none());
    assert!(now(turns.take(quiet.expose())).unwrap().is_ok());
    taken.pop();
    assert!(now(turns.take(flood.expose())).unwrap().is_ok());
}

#[test]
fn beyond_what_may_wait_requests_are_refused_and_nothing_is_remembered_of_them() {
    let turns = Turns::new(AT_ONCE, WAITING);
    let flood = token(1);
    let places: Vec<_> = (0..AT_ONCE + WAITING).map(|_| turns.enter(flood.expose())).collect();
    assert!(places.iter().all(Result::is_ok));
    assert!(matches!(now(turns.take(flood.expose())), Some(Err(Refusal::Crowded))));
    assert!(turns.any_crowded() && turns.is_crowded(flood.expose()));
    assert!(!turns.is_crowded(token(2).expose()), "nobody else is");
    drop(places);
    assert!(!turns.any_crowded() && !turns.is_crowded(flood.expose()));
    assert!(turns.0.present().is_empty());
    assert!(now(turns.take(flood.expose())).unwrap().is_ok());
    assert!(turns.0.present().is_empty());
}

#[test]
fn who_steps_aside_leaves_its_turn_to_others_and_takes_one_again() {
    let turns = Turns::new(1, WAITING);
    let key = token(1);
    let take = || now(turns.take(key.expose())).map(|it| Arc::new(it.unwrap()));
    let slow = take().unwrap();
    assert!(take().is_none());
    let aside = slow.step_aside().unwrap();
    let quick = take().unwrap();
    let mut back = pin!(aside.back());
    assert!(now(back.as_mut()).is_none(), "the turn is taken");
    drop(quick);
    assert!(now(back.as_mut()).unwrap().is_ok());
    assert!(take().is_none());
    drop(slow);
    assert!(take().is_some());
    assert!(turns.0.present().is_empty());
}

#[test]
fn no_more_step_aside_than_may_and_who_does_is_still_here() {
    let turns = Turns::new(ASIDE + 1, 0);
    let key = token(1);
    let take = || now(turns.take(key.expose())).unwrap().map(Arc::new);
    let mut slow: Vec<_> = (0..=ASIDE).map(|_| take().unwrap()).collect();
    let mut aside: Vec<_> = slow.iter().filter_map(Turn::step_aside).collect();
    assert_eq!(aside.len(), ASIDE, "one keeps its turn");
    assert!(matches!(take(), Err(Refusal::Crowded)), "all are still here");
    // Whose client has gone makes room, for others to come and to step aside.
    drop((aside.remove(0), slow.remove(0)));
    let another = take().unwrap();
    assert!(another.step_aside().is_some());
    drop((aside, slow, another));
    assert!(turns.0.present().is_empty());
}
