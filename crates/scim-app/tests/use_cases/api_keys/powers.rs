//! A key gives what it has, and `scim`.

use scim_app::{
    Error,
    administration::{Administration, CreatedApiKey},
    error::Forbidden,
    oauth::PublicKeys,
    testing::Signer,
};
use scim_domain::{
    ApiKeyId, Json, OrganizationId,
    api_key::{ApiKeyChange, Expiry, NewApiKey, Permission},
};

use crate::{
    management::{Desk, desk},
    world::scim_key,
};

const BACKEND: [Permission; 2] = [Permission::ApiKeysWrite, Permission::UsersRead];

fn cannot_give<T: std::fmt::Debug>(result: Result<T, Error>, wanted: Permission) {
    let Err(Error::Forbidden(why)) = result else { panic!("{result:?}") };
    assert_eq!(why, Forbidden::CannotGive(wanted));
}

/// What the key may do, on behalf of it.
async fn by(desk: &Desk, key: &CreatedApiKey) -> Administration {
    desk.open(key).await.unwrap().administration().clone()
}

fn with(permissions: &[Permission]) -> NewApiKey {
    NewApiKey { permissions: permissions.iter().copied().collect(), ..scim_key() }
}

#[tokio::test]
async fn a_key_creates_keys_with_what_it_has_and_keys_for_scim() {
    let desk = desk().await;
    let own = desk.world.organization;
    let backend = by(&desk, &desk.key(own, &BACKEND).await).await;
    for permissions in [&[][..], &[Permission::Scim], &[Permission::UsersRead], &BACKEND] {
        assert!(backend.create_api_key(own, with(permissions)).await.is_ok(), "{permissions:?}");
    }
    let before = desk.world.admin.list_api_keys(own).await.unwrap().len();
    let more = with(&[Permission::UsersRead, Permission::UsersWrite]);
    cannot_give(backend.create_api_key(own, more).await, Permission::UsersWrite);
    assert_eq!(desk.world.admin.list_api_keys(own).await.unwrap().len(), before);
}

#[tokio::test]
async fn an_operator_key_gives_what_it_has_in_every_organization() {
    let desk = desk().await;
    let owner = OrganizationId::OPERATOR;
    let permissions = [Permission::ApiKeysWrite, Permission::OrganizationsManage];
    let operator = by(&desk, &desk.key(owner, &permissions).await).await;
    let own = desk.world.organization;
    assert!(operator.create_api_key(own, with(&[Permission::Scim])).await.is_ok());
    assert!(operator.create_api_key(own, with(&[Permission::ApiKeysWrite])).await.is_ok());
    assert!(operator.create_api_key(owner, with(&permissions)).await.is_ok());
    let more = with(&[Permission::AuditRead]);
    cannot_give(operator.create_api_key(own, more.clone()).await, Permission::AuditRead);
    cannot_give(operator.create_api_key(owner, more).await, Permission::AuditRead);
}

#[tokio::test]
async fn a_stronger_key_can_be_weakened_and_revoked_and_nothing_else() {
    let desk = desk().await;
    let own = desk.world.organization;
    let backend = by(&desk, &desk.key(own, &BACKEND).await).await;
    let strong = desk.key(own, &[Permission::UsersWrite, Permission::AuditRead]).await.key.id;
    cannot_give(backend.rotate_api_key(own, strong, 0).await, Permission::UsersWrite);
    for change in [
        ApiKeyChange { name: Some("Mine".to_owned()), ..ApiKeyChange::default() },
        ApiKeyChange { addresses: Some(inside()), ..ApiKeyChange::default() },
        ApiKeyChange {
            expiry: Some(Expiry::Never),
            name: Some("x".to_owned()),
            ..ApiKeyChange::default()
        },
    ] {
        cannot_give(backend.change_api_key(own, strong, change).await, Permission::UsersWrite);
    }
    let permit = async |id: ApiKeyId, permission, allowed| {
        backend.set_api_key_permission(own, id, permission, allowed).await
    };
    cannot_give(permit(strong, Permission::UsersRead, true).await, Permission::UsersWrite);
    permit(strong, Permission::UsersWrite, false).await.unwrap();
    cannot_give(permit(strong, Permission::UsersWrite, true).await, Permission::UsersWrite);
    backend.revoke_api_key(own, strong).await.unwrap();
}

/// Whoever holds the private half of a public key gets access tokens for all that the key may do.
#[tokio::test]
async fn a_stronger_key_gets_no_public_key_of_another_and_can_lose_its_own() {
    let desk = desk().await;
    let own = desk.world.organization;
    let backend = by(&desk, &desk.key(own, &BACKEND).await).await;
    let strong = desk.key(own, &[Permission::UsersWrite]).await.key.id;
    let (first, second) = (Signer::p256().unwrap(), Signer::p256().unwrap());
    let refused = backend.set_public_keys(own, strong, set(&[&first])).await;
    cannot_give(refused, Permission::UsersWrite);
    let admin = &desk.world.admin;
    admin.set_public_keys(own, strong, set(&[&first, &second])).await.unwrap();
    let exchanged = set(&[&first, &Signer::p256().unwrap()]);
    cannot_give(backend.set_public_keys(own, strong, exchanged).await, Permission::UsersWrite);
    backend.set_public_keys(own, strong, set(&[&first])).await.unwrap();
    assert_eq!(admin.list_public_keys(own, strong).await.unwrap(), set(&[&first]));
    backend.set_public_keys(own, strong, PublicKeys::default()).await.unwrap();
    for permissions in [&[Permission::Scim][..], &BACKEND] {
        let id = desk.key(own, permissions).await.key.id;
        assert!(backend.set_public_keys(own, id, set(&[&first])).await.is_ok());
    }
}

fn set(signers: &[&Signer]) -> PublicKeys {
    let keys: Vec<_> = signers.iter().map(|it| it.jwk()).collect();
    let text = serde_json::json!({ "keys": keys }).to_string();
    PublicKeys::parse(&Json::parse(text.as_bytes()).unwrap()).unwrap()
}

fn inside() -> scim_domain::api_key::AllowedAddresses {
    scim_domain::api_key::AllowedAddresses::parse(&["192.0.2.0/24"]).unwrap()
}

#[tokio::test]
async fn a_key_rotates_and_revokes_itself_and_gives_itself_nothing() {
    let desk = desk().await;
    let own = desk.world.organization;
    let made = desk.key(own, &BACKEND).await;
    let backend = by(&desk, &made).await;
    let id = made.key.id;
    let more = backend.set_api_key_permission(own, id, Permission::AuditRead, true).await;
    cannot_give(more, Permission::AuditRead);
    let next = backend.rotate_api_key(own, id, 60).await.unwrap();
    assert_eq!(next.key.permissions, made.key.permissions);
    backend.revoke_api_key(own, id).await.unwrap();
    assert!(desk.open(&made).await.is_err());
    assert!(desk.open(&next).await.is_ok());
}

#[tokio::test]
async fn what_was_taken_from_a_key_meanwhile_it_no_longer_gives() {
    let desk = desk().await;
    let own = desk.world.organization;
    let made = desk.key(own, &BACKEND).await;
    let backend = by(&desk, &made).await;
    let taken = Permission::UsersRead;
    desk.world.admin.set_api_key_permission(own, made.key.id, taken, false).await.unwrap();
    cannot_give(backend.create_api_key(own, with(&[taken])).await, taken);
}
