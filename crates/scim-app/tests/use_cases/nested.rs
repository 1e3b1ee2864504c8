//! Groups as members of groups.

use scim_app::{
    Error,
    provisioning::{GroupView, IfMatch, Operation, Outcome, Shown, Task},
};
use scim_domain::{
    Event, EventKind, Reason, UserId, group::Member, organization::Plan,
    resource::representation::GroupRef, role::RoleKey, schema::ResourceKind,
};
use serde_json::json as value;

use crate::world::{World, group_json, json, patch, world};

mod model;

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

    async fn nest(&self, group: &str, members: &[&str]) {
        self.try_nest(group, members).await.unwrap();
    }

    async fn unnest(&self, group: &str, member: &str) {
        let remove = format!(r#"{{"op":"remove","path":"members[value eq \"{member}\"]"}}"#);
        self.patch_group(group, &remove).await.unwrap();
    }

    async fn nested(&self, group: &str) -> Vec<String> {
        let members = self.get_group(group).await.unwrap().members.unwrap();
        let group = |it| match it {
            Member::Group(id) => Some(id.to_string()),
            Member::User(_) => None,
        };
        members.into_iter().filter_map(group).collect()
    }

    async fn map(&self, group: &str, role: &str) {
        let id = scim_domain::GroupId::parse(group).unwrap();
        self.admin.map_group(self.organization, id, &RoleKey::read(role)).await.unwrap();
    }

    async fn unmap(&self, group: &str, role: &str) {
        let id = scim_domain::GroupId::parse(group).unwrap();
        self.admin.unmap_group(self.organization, id, &RoleKey::read(role)).await.unwrap();
    }

    /// What was told of roles since so many events.
    async fn told_since(&self, before: usize) -> Vec<(EventKind, UserId, String)> {
        let events = self.events().await;
        let told = |it: &Event| match (it.kind, it.subject) {
            (EventKind::RoleGranted | EventKind::RoleRevoked, scim_domain::Subject::User(id)) => {
                Some((it.kind, id, it.data["role"].as_str().unwrap().to_owned()))
            }
            _ => None,
        };
        events[before..].iter().filter_map(told).collect()
    }
}

fn refusal(result: Result<Outcome<Option<GroupView>>, Error>) -> String {
    match result {
        Err(Error::Invalid(it)) => {
            assert_eq!(it.reason, Reason::InvalidValue);
            it.detail
        }
        other => panic!("{other:?}"),
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
    assert_eq!(world.nested(&team).await, [a.clone()]);
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

#[tokio::test]
async fn no_group_can_contain_itself() {
    let world = nesting().await;
    let (top, middle, low) = (
        world.push_group("Top", &[]).await,
        world.push_group("Middle", &[]).await,
        world.push_group("Low", &[]).await,
    );
    world.nest(&top, &[&middle]).await;
    world.nest(&middle, &[&low]).await;
    let jane = world.create("jane").await.to_string();
    let before = (world.get_group(&low).await.unwrap(), world.audited().await.len());
    let detail = refusal(world.try_nest(&low, &[&low]).await);
    assert_eq!(detail, "The group \"Low\" cannot be a member of itself.");
    for above in [&top, &middle] {
        let detail = refusal(world.try_nest(&low, &[&jane, above]).await);
        assert!(detail.contains("no group can contain itself"), "{detail}");
    }
    let set = json(&format!(r#"{{"displayName":"New","members":{}}}"#, members(&[&jane, &top])));
    let error = world.put_group(&low, set).await.unwrap_err();
    assert!(error.to_string().contains("\"Top\""), "{error}");
    assert_eq!((world.get_group(&low).await.unwrap(), world.audited().await.len()), before);
    // Twice on different ways is no circle.
    world.nest(&top, &[&low]).await;
    assert_eq!(world.nested(&top).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_halves_of_a_circle_one_is_refused() {
    let world = std::sync::Arc::new(nesting().await);
    for round in 0..20 {
        let a = world.push_group(&format!("A{round}"), &[]).await;
        let b = world.push_group(&format!("B{round}"), &[]).await;
        let half = |group: String, member: String| {
            let world = std::sync::Arc::clone(&world);
            tokio::spawn(async move { world.try_nest(&group, &[&member]).await })
        };
        let (one, other) = (half(a.clone(), b.clone()), half(b.clone(), a.clone()));
        let (one, other) = (one.await.unwrap(), other.await.unwrap());
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        refusal(if one.is_ok() { other } else { one });
        assert_eq!(world.nested(&a).await.len() + world.nested(&b).await.len(), 1);
    }
}

#[tokio::test]
async fn groups_of_a_bulk_request_refer_to_each_other_unless_in_a_circle() {
    let world = nesting().await;
    let create = |name: &str, members: &[&str]| {
        let members: Vec<_> =
            members.iter().map(|it| value!({ "value": format!("bulkId:{it}") })).collect();
        let data = json(&value!({ "displayName": name, "members": members }).to_string());
        Operation {
            bulk_id: Some(name.to_owned()),
            task: Task::Create { kind: ResourceKind::Group, data },
        }
    };
    let caller = world.caller().await;
    let all = vec![create("top", &["low"]), create("low", &[])];
    let results = world.scim.bulk(&caller, all, None).await;
    assert!(results.values().all(scim_app::provisioning::Carried::is_done), "{results:?}");
    let circles = vec![create("one", &["two"]), create("two", &["one"]), create("own", &["own"])];
    let results = world.scim.bulk(&caller, circles, None).await;
    assert!(!results.values().any(scim_app::provisioning::Carried::is_done));
    let told = format!("{results:?}");
    assert!(told.contains("no group can contain itself"), "{told}");
    assert!(told.contains("cannot be a member of itself"), "{told}");
    let page = world
        .admin
        .list_groups(world.organization, scim_app::ports::Window { offset: 0, limit: 100 });
    let names: Vec<_> = page.await.unwrap().items.into_iter().map(|it| it.display_name).collect();
    assert_eq!(names, ["Admin", "Analyst", "Developer", "low", "top"]);
}

#[tokio::test]
async fn roles_follow_the_nesting_and_say_on_which_way() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    let (middle, top) = (world.push_group("Middle", &[]).await, world.push_group("Top", &[]).await);
    world.map(&top, "admin").await;
    world.nest(&middle, &[&low]).await;
    assert!(world.roles_of("jane").await.is_empty());
    let before = world.events().await.len();
    world.nest(&top, &[&middle]).await;
    let granted = (EventKind::RoleGranted, jane, "admin".to_owned());
    assert_eq!(world.told_since(before).await, [granted]);
    assert!(world.audited().await.contains(&"role.granted".to_owned()));
    let access = world.access("jane").await;
    assert_eq!(access.roles.len(), 1);
    let names = |all: &[GroupRef]| all.iter().map(|it| it.display_name.clone()).collect::<Vec<_>>();
    assert_eq!(
        (access.through[0].group_name.as_str(), names(&access.through[0].way)),
        ("Top", vec!["Low".to_owned(), "Middle".to_owned()])
    );
    let groups = world.get(jane).await.unwrap().groups.unwrap();
    let how: Vec<_> = groups.iter().map(|it| (it.display_name.as_str(), it.how())).collect();
    assert_eq!(how, [("Low", "direct"), ("Middle", "indirect"), ("Top", "indirect")]);
    let found = world.find(&format!("groups.value eq \"{top}\"")).await;
    assert_eq!(found[0].groups.as_ref().unwrap().len(), 3);

    let before = world.events().await.len();
    world.set_active(jane, false).await;
    assert!(world.roles_of("jane").await.is_empty());
    world.set_active(jane, true).await;
    let told: Vec<_> = world.told_since(before).await.into_iter().map(|it| it.0).collect();
    assert_eq!(told, [EventKind::RoleRevoked, EventKind::RoleGranted]);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
}

#[tokio::test]
async fn a_role_is_kept_until_the_last_way_to_it_is_gone() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    let (left, right) = (world.push_group("Left", &[]).await, world.push_group("Right", &[]).await);
    let top = world.push_group("Top", &[]).await;
    world.map(&top, "admin").await;
    world.nest(&top, &[&left, &right]).await;
    world.nest(&left, &[&low]).await;
    let before = world.events().await.len();
    world.nest(&right, &[&low]).await;
    world.unnest(&left, &low).await;
    world.add(&top, jane).await;
    world.unnest(&top, &right).await;
    assert!(world.told_since(before).await.is_empty());
    world.nest(&left, &[&low]).await;
    world.remove(&top, jane).await;
    assert!(world.told_since(before).await.is_empty());
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    // What joins instead of what leaves, in one request.
    let instead = format!(
        r#"{{"op":"remove","path":"members[value eq \"{left}\"]"}},
        {{"op":"add","path":"members","value":{}}}"#,
        members(&[&low])
    );
    world.patch_group(&top, &instead).await.unwrap();
    assert!(world.told_since(before).await.is_empty());
    world.unnest(&top, &low).await;
    let revoked = (EventKind::RoleRevoked, jane, "admin".to_owned());
    assert_eq!(world.told_since(before).await, [revoked]);
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    assert!(world.roles_of("jane").await.is_empty());
}

#[tokio::test]
async fn mappings_and_deleted_groups_reach_who_is_below() {
    let world = nesting().await;
    let (jane, joe) = (world.create("jane").await, world.create("joe").await);
    world.set_active(joe, false).await;
    let low = world.push_group("Low", &[jane, joe]).await;
    let (middle, top) = (world.push_group("Middle", &[]).await, world.push_group("Top", &[]).await);
    world.nest(&top, &[&middle]).await;
    world.nest(&middle, &[&low]).await;
    let before = world.events().await.len();
    world.map(&top, "analyst").await;
    world.map(&middle, "analyst").await;
    world.unmap(&top, "analyst").await;
    let mut expected = vec![(EventKind::RoleGranted, jane, "analyst".to_owned())];
    assert_eq!(world.told_since(before).await, expected);
    world.map(&top, "developer").await;
    expected.push((EventKind::RoleGranted, jane, "developer".to_owned()));
    world.delete_group(&middle).await.unwrap();
    let mut told = world.told_since(before).await;
    let last = told.split_off(2);
    assert_eq!(told, expected);
    let lost: Vec<_> = last.iter().map(|it| (it.0, it.2.as_str())).collect();
    assert_eq!(lost.len(), 2);
    assert!(lost.contains(&(EventKind::RoleRevoked, "analyst")));
    assert!(lost.contains(&(EventKind::RoleRevoked, "developer")));
    assert!(world.roles_of("jane").await.is_empty());
    assert!(world.nested(&top).await.is_empty());
}

#[tokio::test]
async fn a_role_with_groups_below_goes_and_its_home_group_stays_while_it_has_any() {
    let world = nesting().await;
    let new =
        scim_app::administration::NewRole { name: "Auditor".to_owned(), ..Default::default() };
    let role = world.admin.create_role(world.organization, new).await.unwrap();
    let home = role.home_group.to_string();
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    world.nest(&home, &[&low]).await;
    assert_eq!(world.roles_of("jane").await, ["auditor"]);
    let before = world.events().await.len();
    world.admin.delete_role(world.organization, &role.key).await.unwrap();
    let revoked = (EventKind::RoleRevoked, jane, "auditor".to_owned());
    assert_eq!(world.told_since(before).await, [revoked]);
    assert_eq!(world.nested(&home).await, [low]);
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

#[tokio::test]
async fn a_home_group_has_groups_as_members_and_a_rename_keeps_them() {
    let world = nesting().await;
    let jane = world.create("jane").await;
    let low = world.push_group("Low", &[jane]).await;
    let admin = world.home_of("admin").await;
    world.nest(&admin, &[&low]).await;
    world.put_group(&admin, group_json("Okta Admins", None)).await.unwrap();
    assert_eq!(world.nested(&admin).await, [low.clone()]);
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    world.delete_group(&admin).await.unwrap();
    assert!(world.roles_of("jane").await.is_empty());
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    assert_ne!(world.home_of("admin").await, admin);
    world.delete(jane).await.unwrap();
    assert!(world.get_group(&low).await.unwrap().members.unwrap().is_empty());
}
