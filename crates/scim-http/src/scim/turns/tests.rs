use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use scim_app::token::Token;
use scim_domain::ApiKeyId;
use uuid::Uuid;

use super::*;

const AT_ONCE: usize = 16;

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
    let turns = Turns::new(AT_ONCE);
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
    let turns = Turns::new(AT_ONCE);
    let flood = token(1);
    let credential = turns.0.hasher.hash_one(flood.expose());
    let places: Vec<_> = (0..AT_ONCE + WAITING).map(|_| turns.enter(credential)).collect();
    assert!(places.iter().all(Result::is_ok));
    assert!(matches!(now(turns.take(flood.expose())), Some(Err(Refusal::Crowded))));
    drop(places);
    assert!(turns.0.present().is_empty());
    assert!(now(turns.take(flood.expose())).unwrap().is_ok());
    assert!(turns.0.present().is_empty());
}
