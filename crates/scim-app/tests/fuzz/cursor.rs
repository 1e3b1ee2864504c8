//! No cursor but one that was given out leads to a page.

use std::{collections::BTreeSet, sync::Arc};

use proptest::prelude::*;
use scim_app::{
    Error,
    provisioning::{Caller, ListQuery, Origin, Position, Provisioning, Shown},
};
use scim_domain::{Json, Reason};

use crate::{
    driver::{Target, fuzz},
    seeds::drawn,
    token::door,
};

// I6
#[test]
fn a_cursor_never_leads_anywhere_by_accident() {
    fuzz(target);
}

/// The length of a version, a nonce and a tag, and some more.
const BYTES: usize = 80;

fn target(seed: u64) -> Target {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (scim, caller) = runtime.block_on(people());
    let issued = runtime.block_on(walk(&scim, &caller));
    let seeds = issued.iter().map(|it| it.clone().into_bytes()).collect();
    let words = issued.iter().cloned().chain(["A", "=", "-", "_", "%", "é"].map(str::to_owned));
    let words = words.collect();
    let draw = drawn(seed, proptest::collection::vec(any::<u8>(), 0..BYTES), |bytes| {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        bytes.iter().map(|it| char::from(letters[usize::from(it % 64)])).collect::<String>()
    });
    let judge = Box::new(move |input: &[u8]| {
        let Ok(text) = std::str::from_utf8(input) else { return "no text".to_owned() };
        if text.trim().is_empty() {
            return "the first page".to_owned();
        }
        match runtime.block_on(page(&scim, &caller, text)) {
            Ok(_) => {
                assert!(issued.contains(text.trim()), "{text:?} was never given out");
                "given out".to_owned()
            }
            Err(Error::Invalid(refusal)) => {
                assert_eq!(refusal.reason, Reason::InvalidCursor);
                assert!(!issued.contains(text.trim()), "{text:?} was given out");
                format!("refused {}", text.len().ilog2())
            }
            Err(other) => panic!("{other:?}"),
        }
    });
    Target { name: "cursor", words, seeds, draw, judge }
}

/// A service with some people, and who asks for them.
async fn people() -> (Provisioning, Arc<Caller>) {
    let (scim, token) = door().await;
    let origin = Origin { request_id: "r".to_owned(), address: None };
    let caller = scim.open(Some(&token), origin).await.unwrap().release();
    for name in ["anna", "bert", "cleo", "dora", "emil"] {
        let body = format!(r#"{{"userName":"{name}"}}"#);
        let body = Json::parse(body.as_bytes()).unwrap();
        scim.create_user(caller.clone(), body, Shown(false)).await.unwrap();
    }
    (scim, caller)
}

async fn page(
    scim: &Provisioning,
    caller: &Arc<Caller>,
    cursor: &str,
) -> Result<Vec<String>, Error> {
    let query = ListQuery {
        sort_by: Some("userName".to_owned()),
        count: Some("2".to_owned()),
        cursor: Some(cursor.to_owned()),
        ..ListQuery::default()
    };
    let session = scim.resume(caller.clone()).await.unwrap();
    let listing = scim.search_users(session, &query, Shown(false)).await?;
    match listing.position {
        Position::Cursor { previous, next } => Ok(previous.into_iter().chain(next).collect()),
        Position::Index(_) => panic!("a page by index"),
    }
}

/// The cursors of all pages, one walk long.
async fn walk(scim: &Provisioning, caller: &Arc<Caller>) -> BTreeSet<String> {
    let first = page(scim, caller, "").await.unwrap();
    let mut issued: BTreeSet<_> = first.iter().cloned().collect();
    for cursor in first {
        issued.extend(page(scim, caller, &cursor).await.unwrap());
    }
    assert!(issued.len() > 2);
    issued
}
