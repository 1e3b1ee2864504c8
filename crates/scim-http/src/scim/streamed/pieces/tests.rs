use std::{future::poll_fn, pin::Pin};

use super::*;

async fn next(pieces: &mut Pieces) -> Option<Result<Bytes, BrokenOff>> {
    poll_fn(|context| Pin::new(&mut *pieces).poll_next(context)).await
}

#[tokio::test]
async fn what_ends_is_whole_and_what_stops_is_broken_off() {
    let (mut outlet, mut body) = pieces();
    outlet.text().push_str("whole");
    outlet.end().await.unwrap();
    assert_eq!(next(&mut body).await.unwrap().unwrap(), "whole");
    assert!(next(&mut body).await.is_none());
    assert!(next(&mut body).await.is_none());

    let (mut outlet, mut body) = pieces();
    outlet.text().push_str(&"x".repeat(PIECE));
    outlet.flow().await.unwrap();
    outlet.text().push_str("rest");
    outlet.flow().await.unwrap();
    drop(outlet);
    assert_eq!(next(&mut body).await.unwrap().unwrap().len(), PIECE);
    assert!(next(&mut body).await.unwrap().is_err());
}

#[tokio::test]
async fn nothing_is_made_that_nobody_takes() {
    let (mut outlet, body) = pieces();
    let mut send = async || {
        outlet.text().push_str(&"x".repeat(PIECE));
        tokio::time::timeout(Duration::from_millis(10), outlet.flow()).await
    };
    assert!(matches!(send().await, Ok(Ok(()))));
    assert!(send().await.is_err(), "the first piece was not taken yet");
    drop(body);
    assert!(matches!(send().await, Ok(Err(Gone))));
}

#[tokio::test]
async fn how_long_the_client_was_waited_for_is_known_in_the_end_and_when_it_is_given_up() {
    let (mut outlet, mut body) = pieces();
    outlet.text().push_str(&"x".repeat(PIECE));
    outlet.flow().await.unwrap();
    let quick = outlet.waited();
    outlet.text().push_str(&"x".repeat(PIECE));
    let given_up = tokio::time::timeout(Duration::from_millis(30), outlet.flow()).await;
    assert!(given_up.is_err());
    assert!(outlet.waited() >= quick + Duration::from_millis(30));
    next(&mut body).await.unwrap().unwrap();
    outlet.end().await.unwrap();
    let whole = outlet.waited();
    assert_eq!(outlet.waited(), whole, "nobody is waited for any more");
}
