//! Keys at the door.

use std::cell::Cell;

use scim_app::{
    Error,
    error::{Forbidden, Unauthenticated},
    ports::Ahead,
    provisioning::{Denied, Session},
    token::Token,
};
use scim_domain::{
    ApiKeyId,
    api_key::{NewApiKey, Permission, Standing},
};

use crate::world::{World, origin, scim_key, world};

async fn open(world: &World, token: Option<&Token>) -> Result<Session, Denied> {
    world.scim.open(token, origin()).await
}

fn unknown(result: Result<Session, Denied>) {
    let denied = result.unwrap_err();
    assert!(denied.caller.is_none());
    assert!(matches!(denied.error, Error::Unauthenticated(Unauthenticated::Unknown)), "{denied:?}");
}

// A4 A7
#[tokio::test]
async fn unknown_and_wrong_are_alike_and_a_shared_beginning_is_worth_nothing() {
    let world = world().await;
    unknown(open(&world, None).await);
    assert_eq!(world.secrets.verifications(), 0);
    open(&world, Some(&world.key.token)).await.unwrap();
    // Warm now: the right token is remembered, a wrong one with the same beginning is not it.
    unknown(open(&world, Some(&Token::new(world.key.key.id, &[9; 32]))).await);
    let stranger = ApiKeyId::new(uuid::Uuid::from_u128(99));
    unknown(open(&world, Some(&Token::new(stranger, &[9; 32]))).await);
    assert_eq!(world.secrets.verifications(), 3);
    open(&world, Some(&world.key.token)).await.unwrap();
    assert_eq!(world.secrets.verifications(), 3);
}

// A1
#[tokio::test]
async fn a_request_is_looked_at_only_for_a_token_that_was_right_before() {
    let world = world().await;
    let looked = Cell::new(0);
    let looks = async |token: Option<&Token>| {
        looked.set(0);
        let ahead = || {
            looked.set(looked.get() + 1);
            Ahead::Nothing
        };
        let opened = world.scim.open_ahead(token, origin(), None, ahead).await;
        (opened.is_ok(), looked.get())
    };
    let right = &world.key.token;
    let wrong = Token::new(world.key.key.id, &[9; 32]);
    let stranger = Token::new(ApiKeyId::new(uuid::Uuid::from_u128(99)), &[9; 32]);
    for bad in [None, Some(&wrong), Some(&stranger)] {
        assert_eq!(looks(bad).await, (false, 0));
    }
    assert_eq!(looks(Some(right)).await, (true, 0), "nobody has seen it yet");
    assert_eq!(looks(Some(right)).await, (true, 1));
    for bad in [None, Some(&wrong), Some(&stranger)] {
        assert_eq!(looks(bad).await, (false, 0));
    }
}

// A7
#[tokio::test]
async fn the_stored_hash_is_no_token() {
    let world = world().await;
    assert!(Token::from_authorization(&world.key.key.hash).is_none());
    assert!(!world.key.key.hash.contains(world.key.token.expose()));
}

#[tokio::test]
async fn a_key_may_do_nothing_unless_told_and_the_permission_acts_at_once() {
    let world = world().await;
    let new = NewApiKey { permissions: [].into(), ..scim_key() };
    let bare = world.admin.create_api_key(world.organization, new).await.unwrap();
    let denied = open(&world, Some(&bare.token)).await.unwrap_err();
    assert!(matches!(denied.error, Error::Forbidden(Forbidden::NoPermission)));
    assert!(denied.caller.is_some());
    let set = async |allowed| {
        let permission = Permission::Scim;
        let id = bare.key.id;
        world.admin.set_api_key_permission(world.organization, id, permission, allowed).await
    };
    set(true).await.unwrap();
    assert!(open(&world, Some(&bare.token)).await.is_ok());
    set(false).await.unwrap();
    assert!(open(&world, Some(&bare.token)).await.is_err());
}

// A4 A5
#[tokio::test]
async fn a_revoked_key_is_dead_at_once_and_says_so_only_to_its_owner() {
    let world = world().await;
    open(&world, Some(&world.key.token)).await.unwrap();
    world.admin.revoke_api_key(world.organization, world.key.key.id).await.unwrap();
    let denied = open(&world, Some(&world.key.token)).await.unwrap_err();
    assert!(matches!(denied.error, Error::Unauthenticated(Unauthenticated::Revoked)));
    unknown(open(&world, Some(&Token::new(world.key.key.id, &[9; 32]))).await);
}

// A5
#[tokio::test]
async fn expiry_and_overlap_are_exact_to_the_second() {
    let world = world().await;
    let expires = Some(world.clock.advance(0).plus_seconds(100));
    let new = NewApiKey { expires, ..scim_key() };
    let key = world.admin.create_api_key(world.organization, new).await.unwrap();
    world.clock.advance(99);
    assert!(open(&world, Some(&key.token)).await.is_ok());
    world.clock.advance(1);
    let denied = open(&world, Some(&key.token)).await.unwrap_err();
    assert!(matches!(denied.error, Error::Unauthenticated(Unauthenticated::Expired)));

    let id = world.key.key.id;
    let next = world.admin.rotate_api_key(world.organization, id, 60).await.unwrap();
    assert_eq!(next.key.connection, id);
    assert_eq!(next.key.permissions, world.key.key.permissions);
    world.clock.advance(59);
    assert!(open(&world, Some(&world.key.token)).await.is_ok());
    assert!(open(&world, Some(&next.token)).await.is_ok());
    world.clock.advance(1);
    assert!(open(&world, Some(&world.key.token)).await.is_err());
    assert!(open(&world, Some(&next.token)).await.is_ok());
    let listed = world.admin.list_api_keys(world.organization).await.unwrap();
    assert_eq!(listed[0].standing, Standing::Expired);
}

#[tokio::test]
async fn a_full_gate_is_busy_and_not_wrong() {
    let world = world().await;
    world.secrets.set_busy(true);
    let denied = open(&world, Some(&world.key.token)).await.unwrap_err();
    assert!(matches!(denied.error, Error::Busy));
}

#[tokio::test]
async fn keys_of_another_organization_cannot_be_touched() {
    let world = world().await;
    let (other, _) = world.neighbour().await;
    let id = world.key.key.id;
    assert!(world.admin.revoke_api_key(other, id).await.is_err());
    assert!(world.admin.rotate_api_key(other, id, 0).await.is_err());
    assert!(open(&world, Some(&world.key.token)).await.is_ok());
}
