//! Keys that may be used from some addresses alone.

use std::net::IpAddr;

use scim_app::{
    Error,
    error::{Forbidden, Unauthenticated},
    provisioning::{Denied, Origin, Session},
    token::Token,
};
use scim_domain::api_key::{AllowedAddresses, ApiKeyChange, NewApiKey, Permission};

use crate::{
    management::desk,
    world::{World, scim_key, world},
};

fn from(address: &str) -> Origin {
    let address = address.parse::<IpAddr>().ok();
    Origin { request_id: "r1".to_owned(), address }
}

fn inside() -> AllowedAddresses {
    AllowedAddresses::parse(&["192.0.2.0/24"]).unwrap()
}

async fn open(world: &World, token: &Token, address: &str) -> Result<Session, Denied> {
    world.scim.open(Some(token), from(address)).await
}

#[tokio::test]
async fn a_key_from_elsewhere_is_refused_and_told_its_address() {
    let world = world().await;
    let new = NewApiKey { addresses: inside(), ..scim_key() };
    let key = world.admin.create_api_key(world.organization, new).await.unwrap();
    assert!(open(&world, &key.token, "192.0.2.7").await.is_ok());
    let denied = open(&world, &key.token, "203.0.113.9").await.unwrap_err();
    assert!(denied.caller.is_some());
    let Error::Forbidden(why) = denied.error else { panic!("{denied:?}") };
    assert_eq!((why.kind(), why.to_string().contains("203.0.113.9,")), ("address", true), "{why}");
    // Nobody knows from where: then it is not from there.
    let denied = open(&world, &key.token, "").await.unwrap_err();
    assert!(matches!(denied.error, Error::Forbidden(Forbidden::Address(None))));
    // The same key again, with the token remembered.
    assert!(open(&world, &key.token, "198.51.100.1").await.is_err());
    assert!(open(&world, &key.token, "192.0.2.8").await.is_ok());
}

// A4
#[tokio::test]
async fn without_the_secret_nobody_learns_of_allowed_addresses() {
    let world = world().await;
    let new = NewApiKey { addresses: inside(), ..scim_key() };
    let key = world.admin.create_api_key(world.organization, new).await.unwrap();
    let guess = Token::new(key.key.id, &[9; 32]);
    let denied = open(&world, &guess, "203.0.113.9").await.unwrap_err();
    assert!(matches!(denied.error, Error::Unauthenticated(Unauthenticated::Unknown)));
    world.admin.revoke_api_key(world.organization, key.key.id).await.unwrap();
    let denied = open(&world, &key.token, "203.0.113.9").await.unwrap_err();
    assert!(matches!(denied.error, Error::Unauthenticated(Unauthenticated::Revoked)));
}

#[tokio::test]
async fn addresses_take_effect_with_the_next_request() {
    let world = world().await;
    assert!(open(&world, &world.key.token, "203.0.113.9").await.is_ok());
    let set = async |addresses| {
        let change = ApiKeyChange { addresses: Some(addresses), ..ApiKeyChange::default() };
        world.admin.change_api_key(world.organization, world.key.key.id, change).await.unwrap();
    };
    set(inside()).await;
    assert!(open(&world, &world.key.token, "203.0.113.9").await.is_err());
    set(AllowedAddresses::default()).await;
    assert!(open(&world, &world.key.token, "203.0.113.9").await.is_ok());
}

#[tokio::test]
async fn a_key_that_manages_from_elsewhere_is_refused_and_it_is_counted() {
    let desk = desk().await;
    let own = desk.world.organization;
    let permissions = [Permission::UsersRead].into();
    let new = NewApiKey { permissions, addresses: inside(), ..scim_key() };
    let key = desk.world.admin.create_api_key(own, new).await.unwrap();
    let open = async |address| desk.management.open(Some(&key.token), from(address), None).await;
    assert!(open("192.0.2.1").await.is_ok());
    for _ in 0..3 {
        let refused = open("203.0.113.9").await;
        assert!(matches!(refused, Err(Error::Forbidden(Forbidden::Address(Some(_))))));
    }
    desk.activity.flush(true).await.unwrap();
    let (action, detail) = desk.world.last_audit().await;
    assert_eq!((action.as_str(), &detail["reason"]), ("request.denied", &"address".into()));
    assert_eq!(detail["count"], 3);
}
