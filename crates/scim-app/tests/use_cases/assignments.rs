//! Roles that are assigned by the values of a user's `roles`.

mod switching;

use scim_app::{
    Error,
    administration::NewRole,
    provisioning::{Carried, Change, IfMatch, Operation, Task},
};
use scim_domain::{
    EventKind, UserId,
    access::Via,
    organization::{Entitlements, Plan},
    role::RoleKey,
    schema::ResourceKind,
};
use serde_json::json as value;

use crate::world::{World, attribute, json, patch, world};

pub async fn assigning() -> World {
    let world = world().await;
    world.switch(Entitlements::Assign).await.unwrap();
    world
}

/// A user with these values of `roles`.
pub fn person(name: &str, roles: &[&str]) -> scim_domain::Json {
    let roles: Vec<_> = roles.iter().map(|it| value!({ "value": it })).collect();
    json(&value!({ "userName": name, "roles": roles }).to_string())
}

impl World {
    pub async fn switch(&self, entitlements: Entitlements) -> Result<(), Error> {
        self.admin.set_entitlements(self.organization, entitlements, &|_| {}).await.map(drop)
    }

    pub async fn create_with(&self, name: &str, roles: &[&str]) -> UserId {
        self.try_create(person(name, roles)).await.unwrap().value.user.id
    }
}

#[tokio::test]
async fn a_role_value_grants_the_role_and_is_kept_as_sent() {
    let world = assigning().await;
    let body = r#"{"userName":"jane","roles":[
        {"value":"ADMIN","display":"The boss","type":"app","primary":true},{"value":"Other"}]}"#;
    let made = world.try_create(json(body)).await.unwrap();
    assert_eq!(
        made.notes,
        ["created", "1 value of roles kept as data: no such role in this organization"]
    );
    let roles = attribute(&made.value, "roles");
    let sent = value!({ "value": "ADMIN", "display": "The boss", "type": "app", "primary": true });
    assert_eq!(roles, value!([sent, { "value": "Other" }]));
    let access = world.access("jane").await;
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    assert_eq!(access.through.len(), 1);
    assert_eq!((access.through[0].via, &access.through[0].group_name), (Via::Assignment, &None));
    // The grant of a privileged role has its own entry, as through a group.
    let audited = world.audited().await;
    assert_eq!(&audited[audited.len() - 2..], ["user.created", "role.granted"]);
    let event = world.events().await.into_iter().find(|it| it.kind == EventKind::RoleGranted);
    assert_eq!(event.unwrap().data["assigned"], true);
}

#[tokio::test]
async fn without_the_setting_a_role_value_grants_nothing() {
    let world = world().await;
    let made = world.try_create(person("jane", &["admin"])).await.unwrap();
    assert_eq!(made.notes, ["created"]);
    assert!(world.roles_of("jane").await.is_empty());
    assert_eq!(world.count(EventKind::RoleGranted).await, 0);
    assert_eq!(attribute(&made.value, "roles"), value!([{ "value": "admin" }]));
}

#[tokio::test]
async fn put_and_patch_grant_and_take() {
    let world = assigning().await;
    let id = world.create_with("jane", &[]).await;
    world.put(id, person("jane", &["analyst", "developer"])).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["analyst", "developer"]);
    world.patch(id, r#"{"op":"remove","path":"roles[value eq \"analyst\"]"}"#).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["developer"]);
    world.patch(id, r#"{"op":"add","path":"roles","value":[{"value":"admin"}]}"#).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["admin", "developer"]);
    world.put(id, person("jane", &[])).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty());
    assert_eq!(world.count(EventKind::RoleGranted).await, 3);
    assert_eq!(world.count(EventKind::RoleRevoked).await, 3);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1, "Admin was privileged");
}

#[tokio::test]
async fn bulk_grants_and_takes_as_well() {
    let world = assigning().await;
    let kind = ResourceKind::User;
    let task = Task::Create { kind, data: person("jane", &["developer"]) };
    let create = Operation { bulk_id: Some("jane".to_owned()), task };
    let results = world.scim.bulk(&world.caller().await, vec![create], None).await;
    assert!(matches!(results[&0], Carried::Done { .. }), "{results:?}");
    assert_eq!(world.roles_of("jane").await, ["developer"]);
    let id = world.find(r#"userName eq "jane""#).await[0].user.id;
    let body = patch(r#"{"op":"replace","path":"roles","value":[{"value":"analyst"}]}"#);
    let (at, if_match) = (id.to_string(), IfMatch::Absent);
    let task = Task::Change { kind, at, if_match, change: Change::Patch(body) };
    let change = Operation { bulk_id: None, task };
    world.scim.bulk(&world.caller().await, vec![change], None).await;
    assert_eq!(world.roles_of("jane").await, ["analyst"]);
}

#[tokio::test]
async fn deactivation_takes_assigned_roles_and_activation_brings_them_back() {
    let world = assigning().await;
    let id = world.create_with("jane", &["admin"]).await;
    world.set_active(id, false).await;
    assert!(world.roles_of("jane").await.is_empty());
    assert_eq!(world.access("jane").await.through.len(), 1, "what would come back");
    assert_eq!(world.count(EventKind::RoleRevoked).await, 1);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    // What is assigned meanwhile is told when it takes effect.
    world.patch(id, r#"{"op":"add","path":"roles","value":[{"value":"analyst"}]}"#).await.unwrap();
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
    world.set_active(id, true).await;
    assert_eq!(world.roles_of("jane").await, ["admin", "analyst"]);
    assert_eq!(world.count(EventKind::RoleGranted).await, 3);
}

#[tokio::test]
async fn one_request_may_deactivate_and_take_a_role_and_tells_each_loss_once() {
    let world = assigning().await;
    let id = world.create_with("jane", &["analyst", "developer"]).await;
    let body = r#"{"userName":"jane","active":false,"roles":[{"value":"analyst"}]}"#;
    world.put(id, json(body)).await.unwrap();
    assert_eq!(world.count(EventKind::RoleRevoked).await, 2);
    world.set_active(id, true).await;
    assert_eq!(world.roles_of("jane").await, ["analyst"]);
}

#[tokio::test]
async fn a_deleted_user_holds_nothing_and_its_successor_neither() {
    let world = assigning().await;
    let id = world.create_with("jane", &["admin"]).await;
    world.delete(id).await.unwrap();
    assert_eq!(world.count(EventKind::RoleRevoked).await, 1);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    world.create_with("jane", &[]).await;
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn losing_one_of_two_ways_is_no_loss() {
    let world = assigning().await;
    let id = world.create_with("jane", &["admin"]).await;
    let home = world.home_of("admin").await;
    world.add(&home, id).await;
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
    world.put(id, person("jane", &[])).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    world.put(id, person("jane", &["admin"])).await.unwrap();
    world.remove(&home, id).await;
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    assert_eq!(world.count(EventKind::RoleGranted).await, 1);
    assert_eq!(world.count(EventKind::RoleRevoked).await, 0);
    world.put(id, person("jane", &[])).await.unwrap();
    assert_eq!(world.count(EventKind::RoleRevoked).await, 1);
}

#[tokio::test]
async fn the_same_put_again_changes_nothing() {
    let world = assigning().await;
    let id = world.create_with("jane", &["admin", "other"]).await;
    world.put(id, person("jane", &["admin", "other"])).await.unwrap();
    let before = (world.get(id).await.unwrap(), world.audited().await, world.events().await.len());
    let again = world.put(id, person("jane", &["admin", "other"])).await.unwrap();
    assert_eq!(again.notes[0], "nothing to change");
    let after = (world.get(id).await.unwrap(), world.audited().await, world.events().await.len());
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_role_made_later_is_granted_with_the_next_write_of_the_user_and_not_before() {
    let world = assigning().await;
    let id = world.create_with("jane", &["reviewer"]).await;
    let (action, detail) = world.last_audit().await;
    assert_eq!((action.as_str(), &detail["rolesUnknown"]), ("user.created", &value!(["reviewer"])));
    let new = NewRole { name: "Reviewer".to_owned(), ..NewRole::default() };
    world.admin.create_role(world.organization, new).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty(), "nothing is granted by making a role");
    let version = world.get(id).await.unwrap().user.meta.version;
    world.put(id, person("jane", &["reviewer"])).await.unwrap();
    assert_eq!(world.roles_of("jane").await, ["reviewer"]);
    assert_eq!(world.get(id).await.unwrap().user.meta.version, version, "the document is the same");
    assert_eq!(world.last_audit().await.0, "user.updated");
    // With the role goes what was assigned; its name as data does not bring it back.
    world.admin.delete_role(world.organization, &RoleKey::read("reviewer")).await.unwrap();
    assert_eq!(world.count(EventKind::RoleRevoked).await, 1);
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn an_adopted_user_gets_what_its_new_profile_says() {
    let world = assigning().await;
    world.made_by_sign_in(r#"{"userName":"jane","active":true}"#, false).await;
    let id = world.create_with("jane", &["developer"]).await;
    assert_eq!(world.roles_of("jane").await, ["developer"]);
    assert_eq!(world.audited().await.last().unwrap(), "user.adopted");
    assert!(world.get(id).await.is_ok());
}

#[tokio::test]
async fn a_protected_user_is_assigned_nothing() {
    let world = assigning().await;
    let id = world.made_by_sign_in(r#"{"userName":"root","active":true}"#, true).await;
    assert!(matches!(world.put(id, person("root", &["admin"])).await, Err(Error::Forbidden(_))));
    let add = r#"{"op":"add","path":"roles","value":[{"value":"admin"}]}"#;
    assert!(matches!(world.patch(id, add).await, Err(Error::Forbidden(_))));
    assert!(world.roles_of("root").await.is_empty());
}

#[tokio::test]
async fn a_plan_without_scim_assigns_nothing_and_lets_access_be_taken() {
    let world = assigning().await;
    let id = world.create_with("jane", &["admin"]).await;
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    let mut taken = person("jane", &["admin", "developer"]);
    assert!(matches!(world.put(id, taken).await, Err(Error::Forbidden(_))));
    let remove = r#"{"op":"remove","path":"roles"}"#;
    assert!(matches!(world.patch(id, remove).await, Err(Error::Forbidden(_))));
    taken = json(r#"{"userName":"jane","active":false,"roles":[{"value":"developer"}]}"#);
    world.put(id, taken).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty());
    let through = world.access("jane").await.through;
    assert_eq!(through.len(), 1);
    assert_eq!(through[0].role.as_str(), "admin", "only the access was taken");
}

#[tokio::test]
async fn a_neighbour_that_does_not_assign_is_not_touched() {
    let world = assigning().await;
    let (other, key) = world.neighbour().await;
    let caller = world.session_of(&key.token).await.release();
    let shown = scim_app::provisioning::Shown(true);
    world.scim.create_user(caller, person("jane", &["admin"]), shown).await.unwrap();
    assert!(world.access_in(other, "jane").await.roles.is_empty());
    world.create_with("jane", &["admin"]).await;
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    assert!(world.access_in(other, "jane").await.roles.is_empty());
}
