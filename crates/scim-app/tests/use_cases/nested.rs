//! Groups as members of groups.

use scim_app::{
    Error,
    error::Forbidden,
    provisioning::{GroupView, IfMatch, Outcome, Shown},
};
use scim_domain::{
    Event, EventKind, GroupId, Subject, UserId, group::Member, organization::Plan, role::RoleKey,
};
use serde_json::json as value;

use crate::world::{World, json, patch, world};

mod circles;
mod model;
mod roles;

async fn nesting() -> World {
    let world = world().await;
    world.admin.set_nested_groups(world.organization, true).await.unwrap();
    world
}

fn members(ids: &[&str]) -> String {
    let all: Vec<_> = ids.iter().map(|it| value!({ "value": it })).collect();
    value!(all).to_string()
}

impl World {
    async fn try_nest(
        &self,
        group: &str,
        members_: &[&str],
    ) -> Result<Outcome<Option<GroupView>>, Error> {
        let add = format!(r#"{{"op":"add","path":"members","value":{}}}"#, members(members_));
        self.patch_group(group, &add).await
    }

    pub async fn nest(&self, group: &str, members: &[&str]) {
        self.try_nest(group, members).await.unwrap();
    }

    async fn unnest(&self, group: &str, member: &str) {
        let remove = format!(r#"{{"op":"remove","path":"members[value eq \"{member}\"]"}}"#);
        self.patch_group(group, &remove).await.unwrap();
    }

    async fn nested(&self, group: &str) -> Vec<String> {
        let view = self.get_group(group).await.unwrap();
        let group = |it: &Member| match it {
            Member::Group(id) => Some(id.to_string()),
            Member::User(_) => None,
        };
        view.members.all().unwrap().iter().filter_map(group).collect()
    }

    pub async fn map(&self, group: &str, role: &str) {
        let id = GroupId::parse(group).unwrap();
        self.admin.map_group(self.organization, id, &RoleKey::read(role)).await.unwrap();
    }

    async fn unmap(&self, group: &str, role: &str) {
        let id = GroupId::parse(group).unwrap();
        self.admin.unmap_group(self.organization, id, &RoleKey::read(role)).await.unwrap();
    }

    /// What was told of roles since so many events.
    async fn told_since(&self, before: usize) -> Vec<(EventKind, UserId, String)> {
        let events = self.events().await;
        let told = |it: &Event| {
            let of_roles = [EventKind::RoleGranted, EventKind::RoleRevoked].contains(&it.kind);
            let Subject::User(id) = it.subject else { return None };
            of_roles.then(|| (it.kind, id, it.data["role"].as_str().unwrap().to_owned()))
        };
        events[before..].iter().filter_map(told).collect()
    }
}

#[tokio::test]
async fn nesting_is_allowed_and_refused_by_the_organization() {
    let world = world().await;
    let shown = world.admin.set_nested_groups(world.organization, true).await.unwrap();
    assert!(shown.nested_groups);
    assert_eq!(world.last_audit().await.0, "organization.nested_groups_changed");
    assert_eq!(world.count(EventKind::OrganizationNestedGroupsChanged).await, 1);
    // What is so already costs nothing.
    world.admin.set_nested_groups(world.organization, true).await.unwrap();
    assert_eq!(world.count(EventKind::OrganizationNestedGroupsChanged).await, 1);
    let (team, low) = (world.push_group("Team", &[]).await, world.push_group("Low", &[]).await);
    world.nest(&team, &[&low]).await;
    let error = world.admin.set_nested_groups(world.organization, false).await.unwrap_err();
    assert!(error.to_string().starts_with("1 group is still a member of a group"), "{error}");
    world.unnest(&team, &low).await;
    let shown = world.admin.set_nested_groups(world.organization, false).await.unwrap();
    assert!(!shown.nested_groups);
}

#[tokio::test]
async fn where_it_is_not_allowed_groups_are_skipped_and_named_in_the_audit() {
    let world = world().await;
    let jane = world.create("jane").await;
    let (team, low) = (world.push_group("Team", &[]).await, world.push_group("Low", &[]).await);
    let outcome = world.try_nest(&team, &[&low, &jane.to_string(), "nobody"]).await.unwrap();
    assert_eq!(world.members(&team).await, [jane]);
    assert!(world.nested(&team).await.is_empty());
    let note = "1 member skipped: groups cannot be members in this organization";
    assert!(outcome.notes.iter().any(|it| it == note), "{:?}", outcome.notes);
    let (_, detail) = world.last_audit().await;
    let skipped = detail["membersSkipped"].to_string();
    assert!(skipped.contains("groups cannot be members in this organization"), "{skipped}");
    assert!(skipped.contains(&low) && skipped.contains("nobody"));
    // A group in itself is skipped like any other.
    world.try_nest(&team, &[&team]).await.unwrap();
}

#[tokio::test]
async fn groups_are_members_whatever_the_client_calls_them() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let (a, b, c) = (
        world.push_group("A", &[]).await,
        world.push_group("B", &[]).await,
        world.push_group("C", &[]).await,
    );
    let body = json(&format!(
        r#"{{"displayName":"Team","members":[{{"value":"{a}","type":"Group"}},{{"value":"{b}"}},
        {{"value":"{c}","type":"User","display":null}},{{"value":"{jane}","type":"Group"}}]}}"#
    ));
    let made = world.try_push_group(body).await.unwrap();
    let team = made.value.group.id.to_string();
    assert_eq!(made.value.members, world.get_group(&team).await.unwrap().members);
    assert_eq!(world.nested(&team).await, [a.clone(), b.clone(), c.clone()]);
    assert_eq!(world.members(&team).await, [jane]);
    let (_, detail) = world.last_audit().await;
    assert_eq!(
        (&detail["membersAdded"], detail["groupsAdded"].as_array().unwrap().len()),
        (&value!(4), 3)
    );
    let events = world.events().await;
    let told = events.iter().rfind(|it| it.kind == EventKind::GroupMembersAdded).unwrap();
    assert_eq!(told.data["users"], value!([jane.to_string()]));
    assert_eq!(told.data["groups"], value!([a, b, c]));
}

#[tokio::test]
async fn a_full_set_compares_groups_too_and_a_repeat_costs_nothing() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let (a, b) = (world.push_group("A", &[]).await, world.push_group("B", &[]).await);
    let team = world.push_group("Team", &[jane]).await;
    let set =
        |ids: &[&str]| json(&format!(r#"{{"displayName":"Team","members":{}}}"#, members(ids)));
    let jane = jane.to_string();
    world.put_group(&team, set(&[&jane, &a])).await.unwrap();
    assert_eq!(world.nested(&team).await, std::slice::from_ref(&a));
    let before = (world.get_group(&team).await.unwrap(), world.audited().await.len());
    world.put_group(&team, set(&[&a, &jane])).await.unwrap();
    world.nest(&team, &[&a]).await;
    world.unnest(&team, &b).await;
    assert_eq!((world.get_group(&team).await.unwrap(), world.audited().await.len()), before);
    world.put_group(&team, set(&[&b])).await.unwrap();
    assert_eq!((world.nested(&team).await, world.members(&team).await.len()), (vec![b], 0));
    let after = world.get_group(&team).await.unwrap();
    assert_eq!(after.group.meta.version, before.0.group.meta.version + 1);
    world.put_group(&team, set(&[])).await.unwrap();
    assert!(world.nested(&team).await.is_empty());
}

#[tokio::test]
async fn members_are_selected_by_their_type() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let (a, b) = (world.push_group("A", &[]).await, world.push_group("B", &[]).await);
    let team = world.push_group("Team", &[jane]).await;
    world.nest(&team, &[&a]).await;
    // Also one that the same request has just added.
    let operations = format!(
        r#"{{"op":"add","path":"members","value":{}}},
        {{"op":"remove","path":"members[type eq \"Group\"]"}}"#,
        members(&[&b])
    );
    world.patch_group(&team, &operations).await.unwrap();
    assert_eq!((world.nested(&team).await.len(), world.members(&team).await), (0, vec![jane]));
    world.nest(&team, &[&a, &b]).await;
    let users = r#"{"op":"remove","path":"members[type eq \"User\"]"}"#;
    world.patch_group(&team, users).await.unwrap();
    assert_eq!((world.nested(&team).await.len(), world.members(&team).await.len()), (2, 0));
}

// Z3
#[tokio::test]
async fn a_protected_user_is_left_alone_beside_groups() {
    let world = nesting().await;
    let root = world.made_by_sign_in(r#"{"userName":"root"}"#, true).await;
    let team = world.push_group("Team", &[]).await;
    let low = world.push_group("Low", &[]).await;
    world.nest(&team, &[&low, &root.to_string()]).await;
    assert!(world.members(&team).await.is_empty());
    assert_eq!(world.nested(&team).await, [low]);
}

// Z3
#[tokio::test]
async fn a_protected_user_keeps_what_it_reaches_through_groups_in_groups() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    let other = world.push_group("Other", &[]).await;
    let admin = world.home_of("admin").await;
    world.nest(&admin, &[&low, &other]).await;
    world.admin.set_user_protected(world.organization, jane, true).await.unwrap();
    world.unnest(&admin, &low).await;
    assert_eq!(world.last_audit().await.1["membersSkipped"][0]["reason"], "protected");
    world.put_group(&admin, json(r#"{"displayName":"Admin","members":[]}"#)).await.unwrap();
    assert_eq!(world.nested(&admin).await, std::slice::from_ref(&low));
    for group in [&low, &admin] {
        let refused = world.delete_group(group).await;
        let forbidden = matches!(refused, Err(Error::Forbidden(Forbidden::ProtectedMember)));
        assert!(forbidden, "{refused:?}");
    }
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    world.admin.set_user_protected(world.organization, jane, false).await.unwrap();
    world.unnest(&admin, &low).await;
    assert!(world.roles_of("jane").await.is_empty());
}

// Z5
#[tokio::test]
async fn without_the_plan_groups_can_be_taken_out_and_not_put_in() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    let other = world.push_group("Other", &[]).await;
    let admin = world.home_of("admin").await;
    world.nest(&admin, &[&low]).await;
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    assert!(world.try_nest(&admin, &[&other]).await.is_err());
    let caller = world.caller().await;
    let both = patch(&format!(
        r#"{{"op":"add","path":"members","value":{}}},
        {{"op":"remove","path":"members[value eq \"{low}\"]"}}"#,
        members(&[&other])
    ));
    let shown = Some(Shown(false));
    world.scim.patch_group(caller, &admin, IfMatch::Absent, both, shown).await.unwrap();
    assert!(world.nested(&admin).await.is_empty());
    assert!(world.roles_of("jane").await.is_empty());
}
