//! Whose a group is, and who may change who is in it.

use scim_app::{
    Error,
    administration::{GroupMember, GroupsAfter},
};
use scim_domain::{EventKind, GroupId, ManagedBy, UserId};

use crate::world::{World, group_json, json, world};

fn id(group: &str) -> GroupId {
    GroupId::parse(group).unwrap()
}

impl World {
    async fn owner(&self, group: &str) -> ManagedBy {
        self.admin.show_group(self.organization, id(group)).await.unwrap().managed_by
    }

    async fn add_here(&self, group: &str, user: UserId) -> Result<bool, Error> {
        self.admin.add_member(self.organization, id(group), user.uuid()).await
    }
}

#[tokio::test]
async fn a_home_group_is_local_until_an_identity_provider_writes_it() {
    let world = world().await;
    let home = world.home_of("admin").await;
    assert_eq!(world.owner(&home).await, ManagedBy::Local);
    world.put_group(&home, group_json("Okta Admins", None)).await.unwrap();
    assert_eq!(world.owner(&home).await, ManagedBy::IdentityProvider);
    assert_eq!(world.count(EventKind::GroupAttached).await, 1);
    let (action, detail) = world.last_audit().await;
    assert_eq!((action.as_str(), &detail["attached"]), ("group.renamed", &true.into()));
    world.put_group(&home, group_json("Okta Admins 2", None)).await.unwrap();
    assert_eq!(world.count(EventKind::GroupAttached).await, 1);
}

#[tokio::test]
async fn linking_a_group_of_the_same_name_and_members_attaches_it_and_keeps_its_version() {
    let world = world().await;
    let home = world.home_of("admin").await;
    world.put_group(&home, group_json("Admin", Some(&[]))).await.unwrap();
    assert_eq!(world.owner(&home).await, ManagedBy::IdentityProvider);
    assert_eq!(world.get_group(&home).await.unwrap().group.meta.version, 1);
    assert_eq!(world.last_audit().await.0, "group.attached");
    // From then on the same again is nothing.
    let before = world.events().await.len();
    world.put_group(&home, group_json("Admin", Some(&[]))).await.unwrap();
    assert_eq!(world.events().await.len(), before);
}

#[tokio::test]
async fn members_of_a_local_group_come_and_go_here_with_their_roles() {
    let world = world().await;
    let (home, user) = (world.home_of("admin").await, world.create("jane").await);
    assert!(world.add_here(&home, user).await.unwrap());
    assert!(!world.add_here(&home, user).await.unwrap());
    assert_eq!(world.roles_of("jane").await, ["admin"]);
    assert_eq!(world.owner(&home).await, ManagedBy::Local);
    assert_eq!(world.get_group(&home).await.unwrap().group.meta.version, 2);
    assert_eq!(world.audited().await.iter().filter(|it| *it == "role.granted").count(), 1);
    let gone = || world.admin.remove_member(world.organization, id(&home), user.uuid());
    assert!(gone().await.unwrap());
    assert!(!gone().await.unwrap());
    assert!(world.roles_of("jane").await.is_empty());
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
    assert_eq!(world.count(EventKind::GroupMembersAdded).await, 1);
}

#[tokio::test]
async fn members_of_an_identity_providers_group_are_changed_there() {
    let world = world().await;
    let user = world.create("jane").await;
    let group = world.push_group("Team", &[]).await;
    let refused = world.add_here(&group, user).await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict(it) if it.contains("detach")), "{refused}");
    let refused = world.admin.remove_member(world.organization, id(&group), user.uuid()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    assert!(world.members(&group).await.is_empty());
}

#[tokio::test]
async fn who_is_no_user_of_the_organization_is_not_found() {
    let world = world().await;
    let home = world.home_of("admin").await;
    let (other, _) = world.neighbour().await;
    let strange = world.admin.list_groups(other, scim_app::ports::Window { offset: 0, limit: 1 });
    let strange = UserId::new(strange.await.unwrap().items[0].id.uuid());
    let own = UserId::new(id(&world.home_of("analyst").await).uuid());
    for user in [strange, UserId::new(uuid::Uuid::nil())] {
        let refused = world.add_here(&home, user).await.unwrap_err();
        assert!(matches!(refused, Error::Missing { what: "user", .. }), "{refused:?}");
    }
    // A group is one, but cannot be a member here.
    let refused = world.add_here(&home, own).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
    world.admin.set_nested_groups(world.organization, true).await.unwrap();
    assert!(world.add_here(&home, own).await.unwrap());
    let above = UserId::new(id(&home).uuid());
    let refused = world.add_here(&world.home_of("analyst").await, above).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "a circle: {refused:?}");
}

// Z3
#[tokio::test]
async fn a_protected_user_gets_its_roles_here_and_keeps_them_whatever_is_pushed() {
    let world = world().await;
    let boss = world.made_by_sign_in(r#"{"userName":"boss"}"#, true).await;
    let home = world.home_of("admin").await;
    assert!(world.add_here(&home, boss).await.unwrap());
    assert_eq!(world.roles_of("boss").await, ["admin"]);
    world.put_group(&home, group_json("Okta Admins", Some(&[]))).await.unwrap();
    assert_eq!(world.roles_of("boss").await, ["admin"]);
    world.admin.detach_group(world.organization, id(&home)).await.unwrap();
    world.admin.remove_member(world.organization, id(&home), boss.uuid()).await.unwrap();
    assert!(world.roles_of("boss").await.is_empty());
}

#[tokio::test]
async fn a_detached_group_keeps_members_and_roles_and_forgets_its_external_id() {
    let world = world().await;
    let (a, b) = (world.create("a").await, world.create("b").await);
    let body =
        format!(r#"{{"displayName":"Team","externalId":"00g1","members":[{{"value":"{a}"}}]}}"#);
    let made = world.try_push_group(json(&body)).await.unwrap().value.group.id;
    let group = made.to_string();
    let analyst = scim_domain::role::RoleKey::read("analyst");
    world.admin.map_group(world.organization, made, &analyst).await.unwrap();
    let detached = world.admin.detach_group(world.organization, made).await.unwrap();
    assert_eq!((detached.managed_by, detached.external_id), (ManagedBy::Local, None));
    assert_eq!((detached.members, detached.roles.len()), (1, 1));
    let (action, detail) = world.last_audit().await;
    assert_eq!(
        (action.as_str(), &detail["previousExternalId"]),
        ("group.detached", &"00g1".into())
    );
    assert_eq!(world.roles_of("a").await, ["analyst"]);
    assert!(world.add_here(&group, b).await.unwrap());
    // Again is nothing.
    world.admin.detach_group(world.organization, made).await.unwrap();
    assert_eq!(world.count(EventKind::GroupDetached).await, 1);
    // What an identity provider writes is its own again, as is everybody in it.
    world.put_group(&group, group_json("Team", Some(&[a]))).await.unwrap();
    assert_eq!(world.owner(&group).await, ManagedBy::IdentityProvider);
    assert_eq!(world.count(EventKind::GroupAttached).await, 1);
    assert_eq!(world.members(&group).await, [a]);
}

#[tokio::test]
async fn members_are_listed_part_by_part_users_and_groups_by_id() {
    let world = world().await;
    world.admin.set_nested_groups(world.organization, true).await.unwrap();
    let a = world.create("a").await;
    let inner = world.push_group("Inner", &[]).await;
    let b = world.create("b").await;
    world.set_active(b, false).await;
    let nested = UserId::parse(&inner).unwrap();
    let group = id(&world.push_group("Team", &[a, b, nested]).await);
    let list = async |organization, after, limit| {
        world.admin.list_group_members(organization, group, after, limit).await
    };
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let part = list(world.organization, after, 1).await.unwrap();
        assert!(part.len() <= 1);
        let Some(end) = part.last() else { break };
        after = Some(end.id());
        met.extend(part);
    }
    let ids: Vec<_> = met.iter().map(GroupMember::id).collect();
    assert_eq!(ids, [a.uuid(), nested.uuid(), b.uuid()]);
    assert_eq!(met[1], GroupMember::Group(id(&inner), "Inner".to_owned()));
    let GroupMember::User(person) = &met[2] else { panic!("{met:?}") };
    assert_eq!((person.user_name.as_str(), person.active), ("b", false));
    assert_eq!(list(world.organization, None, 10).await.unwrap(), met);
    let (other, _) = world.neighbour().await;
    let strange = list(other, None, 3).await.unwrap_err();
    assert!(matches!(strange, Error::Missing { what: "group", .. }), "{strange:?}");
}

#[tokio::test]
async fn groups_are_searched_by_filter_and_from_a_place_on() {
    let world = world().await;
    for name in ["Eng-1", "Sales", "Eng-2", "Eng-3"] {
        world.push_group(name, &[]).await;
    }
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let filter = Some("displayName sw \"eng\"");
        let wanted = GroupsAfter { filter, after, limit: 2 };
        let page = world.admin.search_groups(world.organization, wanted).await.unwrap();
        assert_eq!(page.total, 3);
        met.extend(page.items.into_iter().map(|it| it.display_name));
        let Some(rest) = page.rest else { break };
        after = Some(GroupId::new(rest.id));
    }
    assert_eq!(met, ["Eng-1", "Eng-2", "Eng-3"]);
    let wrong = GroupsAfter { filter: Some("displayName sw"), after: None, limit: 2 };
    let refused = world.admin.search_groups(world.organization, wrong).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
}
