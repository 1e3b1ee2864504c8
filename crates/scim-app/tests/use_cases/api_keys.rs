//! API keys as people and backends manage them.

mod addresses;
mod expiry;
mod powers;

use scim_app::{Error, ports::KeyUse};
use scim_domain::{
    ApiKeyId, EventKind,
    api_key::{AllowedAddresses, ApiKey, ApiKeyChange, Expiry, Limits, NewApiKey, Permission},
    resource::document::Strictness,
    role::RoleKey,
};
use serde_json::json as value;

use crate::world::{World, origin, scim_key, world};

const DAY: i64 = 86_400;

fn nothing() -> ApiKeyChange {
    ApiKeyChange::default()
}

/// A key of which everything is set.
fn particular(world: &World) -> NewApiKey {
    NewApiKey {
        description: "Acme's directory".to_owned(),
        strictness: Strictness::Strict,
        addresses: AllowedAddresses::parse(&["192.0.2.0/24"]).unwrap(),
        limits: Limits { users_only: true, denied_roles: [RoleKey::read("admin")].into() },
        expires: Some(world.clock.advance(0).plus_seconds(90 * DAY)),
        ..scim_key()
    }
}

impl World {
    async fn change(&self, id: ApiKeyId, change: ApiKeyChange) -> Result<ApiKey, Error> {
        self.admin.change_api_key(self.organization, id, change).await
    }
}

#[tokio::test]
async fn a_successor_has_everything_and_history_joins_up() {
    let world = world().await;
    let made = world.admin.create_api_key(world.organization, particular(&world)).await.unwrap();
    world.clock.advance(10 * DAY);
    let id = made.key.id;
    let next = world.admin.rotate_api_key(world.organization, id, DAY).await.unwrap();
    let old = world.admin.show_api_key(world.organization, id).await.unwrap().key;
    assert_eq!(old.successor, Some(next.key.id));
    let wanted = ApiKey {
        id: next.key.id,
        hash: next.key.hash.clone(),
        created: world.clock.advance(0),
        expires: Some(world.clock.advance(0).plus_seconds(90 * DAY)),
        warning: Some(world.clock.advance(0).plus_seconds(60 * DAY)),
        ..made.key
    };
    assert_eq!(next.key, wanted);
    let further = world.admin.rotate_api_key(world.organization, next.key.id, 0).await.unwrap();
    assert_eq!(further.key.connection, id);
    let (action, detail) = world.last_audit().await;
    assert_eq!(action, "api_key.rotated");
    assert_eq!(detail["successor"], value!(further.key.id.to_string()));
}

#[tokio::test]
async fn a_key_has_one_successor_and_its_overlap_is_not_prolonged() {
    let world = world().await;
    let id = world.key.key.id;
    let next = world.admin.rotate_api_key(world.organization, id, DAY).await.unwrap().key;
    let again = world.admin.rotate_api_key(world.organization, id, DAY).await.unwrap_err();
    assert!(matches!(&again, Error::Conflict(why) if why.contains(&next.id.to_string())));
    let longer = ApiKeyChange { expiry: Some(Expiry::Never), ..nothing() };
    assert!(matches!(world.change(id, longer).await, Err(Error::Conflict(_))));
    let renamed = ApiKeyChange { name: Some("Old".to_owned()), ..nothing() };
    assert_eq!(world.change(id, renamed).await.unwrap().name, "Old");
}

#[tokio::test]
async fn a_change_is_told_as_what_it_is() {
    let world = world().await;
    let id = world.key.key.id;
    let name = ApiKeyChange { name: Some("Entra".to_owned()), ..nothing() };
    let addresses = AllowedAddresses::parse(&["192.0.2.0/24"]).unwrap();
    let all = ApiKeyChange {
        permissions: Some([].into()),
        strictness: Some(Strictness::Strict),
        addresses: Some(addresses),
        denied_roles: Some([RoleKey::read("analyst")].into()),
        ..nothing()
    };
    for (change, wanted, action) in [
        (name, vec![EventKind::ApiKeyUpdated], "api_key.updated"),
        (
            all,
            vec![
                EventKind::ApiKeyPermissionsChanged,
                EventKind::ApiKeyStrictnessChanged,
                EventKind::ApiKeyUpdated,
            ],
            "api_key.updated",
        ),
        (
            ApiKeyChange { strictness: Some(Strictness::Tolerant), ..nothing() },
            vec![EventKind::ApiKeyStrictnessChanged],
            "api_key.strictness_changed",
        ),
    ] {
        let (events, entries) = (world.events().await.len(), world.audited().await.len());
        world.change(id, change.clone()).await.unwrap();
        let told: Vec<_> = world.events().await[events..].iter().map(|it| it.kind).collect();
        assert_eq!(told, wanted);
        assert_eq!(world.audited().await[entries..], [action]);
        // The same again is no change.
        world.change(id, change).await.unwrap();
        assert_eq!(world.audited().await.len(), entries + 1);
    }
    let (_, detail) = world.last_audit().await;
    assert_eq!(detail["name"], value!("Entra"));
    assert_eq!(detail["allowedAddresses"], value!(["192.0.2.0/24"]));
    assert_eq!(detail["deniedRoles"], value!(["analyst"]));
}

#[tokio::test]
async fn a_role_that_is_denied_must_exist() {
    let world = world().await;
    let denied = Limits { denied_roles: [RoleKey::read("amdin")].into(), ..Limits::default() };
    let new = NewApiKey { limits: denied, ..scim_key() };
    let refused = world.admin.create_api_key(world.organization, new).await.unwrap_err();
    assert!(refused.to_string().contains("no role with the key \"amdin\""), "{refused}");
    let change = ApiKeyChange { denied_roles: Some([RoleKey::read("amdin")].into()), ..nothing() };
    assert!(matches!(world.change(world.key.key.id, change).await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn a_key_that_is_over_is_changed_by_nobody() {
    let world = world().await;
    let id = world.key.key.id;
    world.admin.revoke_api_key(world.organization, id).await.unwrap();
    let change = ApiKeyChange { name: Some("Again".to_owned()), ..nothing() };
    assert!(matches!(world.change(id, change).await, Err(Error::Conflict(_))));
    assert!(world.admin.rotate_api_key(world.organization, id, 0).await.is_err());
    // To revoke it again changes nothing, not even the moment.
    let (entries, before) = (world.audited().await.len(), world.clock.advance(0));
    world.clock.advance(60);
    let key = world.admin.revoke_api_key(world.organization, id).await.unwrap();
    assert_eq!((key.revoked, world.audited().await.len()), (Some(before), entries));
}

#[tokio::test]
async fn several_keys_work_at_once_and_are_listed_in_parts() {
    let world = world().await;
    let mut keys = vec![world.key.key.clone()];
    for _ in 0..4 {
        let made = world.admin.create_api_key(world.organization, scim_key()).await.unwrap();
        assert!(world.scim.open(Some(&made.token), origin()).await.is_ok());
        keys.push(made.key);
    }
    let mut found = Vec::new();
    loop {
        let after = found.last().map(|it: &ApiKey| it.id);
        let page = world.admin.page_of_api_keys(world.organization, after, 2).await.unwrap();
        let last = page.len() < 2;
        found.extend(page.into_iter().map(|it| it.key));
        if last {
            break;
        }
    }
    assert_eq!(found, keys);
    let (other, _) = world.neighbour().await;
    let foreign = world.admin.show_api_key(other, keys[0].id).await;
    assert!(matches!(foreign, Err(Error::Missing { what: "API key", .. })));
}

#[tokio::test]
async fn a_key_is_shown_with_its_last_use() {
    let desk = crate::management::desk().await;
    let own = desk.world.organization;
    let key = desk.key(own, &[Permission::UsersRead]).await;
    assert_eq!(desk.world.admin.show_api_key(own, key.key.id).await.unwrap().last_used, None);
    desk.open(&key).await.unwrap();
    desk.activity.flush(true).await.unwrap();
    let at = desk.world.clock.advance(0);
    let used = KeyUse { at, address: None, agent: None };
    let shown = desk.world.admin.show_api_key(own, key.key.id).await.unwrap();
    assert_eq!(shown.last_used, Some(used));
}
