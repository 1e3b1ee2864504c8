//! Keys for SCIM that may not do everything.

mod ways;

use std::sync::Arc;

use scim_app::{
    Error,
    administration::CreatedApiKey,
    error::Forbidden,
    provisioning::{Caller, Carried, Change, IfMatch, ListQuery, Operation, Shown, Task},
};
use scim_domain::{
    UserId,
    api_key::{Limits, NewApiKey},
    role::RoleKey,
    schema::ResourceKind,
};

use crate::world::{World, group_json, json, patch, scim_key, user_json, world};

/// A world, and a second key that is limited.
pub struct Limited {
    pub world: World,
    pub key: CreatedApiKey,
}

pub async fn limited(world: World, limits: Limits) -> Limited {
    let new = NewApiKey { limits, ..scim_key() };
    let key = world.admin.create_api_key(world.organization, new).await.unwrap();
    Limited { world, key }
}

pub fn denied(roles: &[&str]) -> Limits {
    let denied_roles = roles.iter().map(|it| RoleKey::read(*it)).collect();
    Limits { denied_roles, ..Limits::default() }
}

/// `None` when it was done; the role when it was denied.
pub fn denied_role<T: std::fmt::Debug>(result: Result<T, Error>) -> Option<String> {
    match result {
        Ok(_) => None,
        Err(Error::Forbidden(Forbidden::RoleDenied { key, .. })) => Some(key.to_string()),
        Err(other) => panic!("{other:?}"),
    }
}

impl Limited {
    pub async fn caller(&self) -> Arc<Caller> {
        self.world.caller_of(&self.key.token).await
    }

    pub async fn push(&self, group: &str, operations: &str) -> Result<(), Error> {
        let caller = self.caller().await;
        let body = patch(operations);
        self.world.scim.patch_group(caller, group, IfMatch::Absent, body, None).await.map(drop)
    }

    pub async fn add(&self, group: &str, member: &str) -> Option<String> {
        let add = format!(r#"{{"op":"add","path":"members","value":[{{"value":"{member}"}}]}}"#);
        denied_role(self.push(group, &add).await)
    }

    pub async fn patch_user(&self, id: UserId, operations: &str) -> Result<(), Error> {
        let (caller, body) = (self.caller().await, patch(operations));
        let id = id.to_string();
        let scim = &self.world.scim;
        scim.patch_user(caller, &id, IfMatch::Absent, body, Shown(false)).await.map(drop)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
fn users_only<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Forbidden(Forbidden::UsersOnly))), "{result:?}");
}

#[tokio::test]
async fn a_key_for_users_alone_reads_groups_and_writes_none() {
    let world = world().await;
    let jane = world.create("jane").await;
    let group = world.push_group("Team", &[jane]).await;
    let limits = Limits { users_only: true, ..Limits::default() };
    let it = limited(world, limits).await;
    let scim = &it.world.scim;
    let body = || group_json("Other", Some(&[]));
    users_only(scim.create_group(it.caller().await, body(), Shown(true)).await);
    let caller = it.caller().await;
    users_only(scim.replace_group(caller, &group, IfMatch::Absent, body(), Shown(true)).await);
    users_only(it.push(&group, r#"{"op":"remove","path":"members"}"#).await);
    users_only(scim.delete_group(it.caller().await, &group, IfMatch::Absent).await);
    // To ask about a group that does not exist is to write none, too.
    let unknown = UserId::new(uuid::Uuid::from_u128(9)).to_string();
    users_only(it.push(&unknown, r#"{"op":"remove","path":"members"}"#).await);
    assert_eq!(it.world.members(&group).await, [jane]);

    let mut session = it.world.session_of(&it.key.token).await;
    let found = scim.search_groups(&mut session, &ListQuery::default(), Shown(true)).await.unwrap();
    assert!(found.items.iter().any(|it| it.group.id.to_string() == group));
    assert!(scim.get_group(&mut session, &group, Shown(true)).await.is_ok());
    scim.create_user(it.caller().await, user_json("joe"), Shown(true)).await.unwrap();
    it.patch_user(jane, r#"{"op":"replace","value":{"active":false}}"#).await.unwrap();
}

#[tokio::test]
async fn bulk_is_limited_operation_by_operation() {
    let world = world().await;
    let jane = world.create("jane").await;
    let admins = world.home_of("admin").await;
    let analysts = world.home_of("analyst").await;
    let it = limited(world, denied(&["admin"])).await;
    let add = |group: &str| Operation {
        bulk_id: None,
        task: Task::Change {
            kind: ResourceKind::Group,
            at: group.to_owned(),
            if_match: IfMatch::Absent,
            change: Change::Patch(patch(&format!(
                r#"{{"op":"add","path":"members","value":[{{"value":"{jane}"}}]}}"#
            ))),
        },
    };
    let caller = it.caller().await;
    let results = it.world.scim.bulk(&caller, vec![add(&admins), add(&analysts)], None).await;
    let Carried::Failed { error: Error::Forbidden(why), .. } = &results[&0] else {
        panic!("{results:?}")
    };
    assert_eq!(why.kind(), "role_denied");
    assert!(results[&1].is_done());
    assert_eq!(it.world.roles_of("jane").await, ["analyst"]);
}

#[tokio::test]
async fn the_refusal_names_the_role_and_is_of_the_whole_request() {
    let world = world().await;
    let (jane, joe) = (world.create("jane").await, world.create("joe").await);
    let admins = world.home_of("admin").await;
    world.add(&admins, joe).await;
    let it = limited(world, denied(&["admin", "developer"])).await;
    let mixed = format!(
        r#"{{"op":"replace","value":{{"displayName":"Bosses"}}}},
           {{"op":"remove","path":"members[value eq \"{joe}\"]"}},
           {{"op":"add","path":"members","value":[{{"value":"{jane}"}}]}}"#
    );
    let refused = it.push(&admins, &mixed).await.unwrap_err();
    assert!(refused.to_string().contains("the role Admin (admin)"), "{refused}");
    assert_eq!(it.world.members(&admins).await, [joe]);
    let named = it.world.get_group(&admins).await.unwrap();
    assert_eq!(crate::world::group_name(&named), "Admin");
    let (events, entries) = (it.world.events().await, it.world.audited().await);
    assert!(it.push(&admins, &mixed).await.is_err());
    assert_eq!((it.world.events().await, it.world.audited().await), (events, entries));
}

#[tokio::test]
async fn a_key_without_limits_grants_every_role() {
    let it = limited(world().await, Limits::default()).await;
    let jane = it.world.create("jane").await;
    assert_eq!(it.add(&it.world.home_of("admin").await, &jane.to_string()).await, None);
    let body = json(r#"{"userName":"joe","active":true}"#);
    it.world.scim.create_user(it.caller().await, body, Shown(true)).await.unwrap();
    assert_eq!(it.world.roles_of("jane").await, ["admin"]);
}
