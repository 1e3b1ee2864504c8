//! What a backend is told at sign-in.

use scim_app::{
    Error,
    access::{Answer, Lookup, MOST_LOOKUPS},
    administration::NewRole,
};
use scim_domain::{
    EventKind, RequestId, access::Made, access::Standing, organization::NameIdAttribute,
};

use crate::world::{World, json, world};

fn name(text: &str) -> Lookup {
    Lookup::UserName(text.to_owned())
}

impl World {
    async fn asked(&self, lookup: Lookup) -> Answer {
        self.look_up(self.organization, lookup).await
    }
}

#[tokio::test]
async fn a_push_changes_access_at_once_and_tells_its_request() {
    let world = world().await;
    let jane = world.create("jane").await;
    assert!(world.access("JANE").await.roles.is_empty());
    let home = world.home_of("admin").await;
    let pushed = world.clock.advance(60);
    world.add(&home, jane).await;
    let access = world.access("jane").await;
    assert_eq!((access.user, access.standing), (jane, Standing::Active));
    let [path] = access.through.as_slice() else { panic!("{access:?}") };
    let request = RequestId::parse(&crate::world::origin().request_id);
    assert!(request.is_some(), "the requests of this world have ids of ours");
    let by_push = Made { at: pushed, request };
    assert_eq!((path.membership, path.since()), (Some(by_push), by_push));
    assert_eq!(path.grant.request, None, "the home group was mapped when the role was made");
    assert_eq!(path.group_name.as_deref(), Some("Admin"));

    // A mapping that comes later is what the way is whole since.
    let group = world.push_group("Reviewers", &[jane]).await;
    let mapped = world.clock.advance(60);
    world.map(&group, "analyst").await;
    let access = world.access("jane").await;
    let path = access.through.iter().find(|it| it.role.as_str() == "analyst").unwrap();
    assert_eq!(path.since(), Made { at: mapped, request: None });
}

#[tokio::test]
async fn a_deactivated_user_has_no_role_and_keeps_its_ways() {
    let world = world().await;
    let jane = world.create("jane").await;
    world.add(&world.home_of("admin").await, jane).await;
    world.set_active(jane, false).await;
    let access = world.access("jane").await;
    assert_eq!((access.standing, access.through.len()), (Standing::Deactivated, 1));
    assert!(access.roles.is_empty() && access.permissions.is_empty());
    world.set_active(jane, true).await;
    assert_eq!(world.roles_of("jane").await, ["admin"]);
}

#[tokio::test]
async fn who_was_deleted_is_told_from_who_is_unknown() {
    let world = world().await;
    let jane = world.create("jane").await;
    let deleted = world.clock.advance(60);
    world.delete(jane).await.unwrap();
    let lookups = [
        Lookup::Id(jane.to_string()),
        name("JANE"),
        Lookup::ExternalId("00u-jane".to_owned()),
        Lookup::NameId("Jane".to_owned()),
    ];
    for lookup in &lookups {
        let Answer::Deprovisioned(it) = world.asked(lookup.clone()).await else {
            panic!("{lookup:?}")
        };
        assert_eq!((it.user, it.made.at, it.made.request.is_some()), (jane, deleted, true));
    }
    for stranger in [name("john"), Lookup::Id("jane".to_owned()), name("")] {
        assert_eq!(world.asked(stranger).await, Answer::Unknown);
    }
    let (other, _) = world.neighbour().await;
    for lookup in &lookups {
        assert_eq!(world.look_up(other, lookup.clone()).await, Answer::Unknown, "T1");
    }

    // Somebody new under the name is somebody else, and the old id stays gone.
    let again = world.create("jane").await;
    assert_eq!(world.access("jane").await.user, again);
    assert!(matches!(world.asked(lookups[0].clone()).await, Answer::Deprovisioned(_)));
    world.delete(again).await.unwrap();
    let Answer::Deprovisioned(it) = world.asked(name("jane")).await else { panic!() };
    assert_eq!(it.user, again);

    let day = 24 * 60 * 60;
    world.clock.advance(89 * day);
    world.admin.forget_departed().await.unwrap();
    assert!(matches!(world.asked(name("jane")).await, Answer::Deprovisioned(_)));
    world.clock.advance(2 * day);
    world.admin.forget_departed().await.unwrap();
    for lookup in lookups {
        assert_eq!(world.asked(lookup).await, Answer::Unknown);
    }
}

#[tokio::test]
async fn the_name_id_is_compared_with_one_attribute_and_no_other() {
    let world = world().await;
    let jane = world.create("jane").await;
    let name_id = |text: &str| Lookup::NameId(text.to_owned());
    let is_jane = |it: Answer| matches!(it, Answer::Known(access) if access.user == jane);
    assert!(is_jane(world.asked(name_id("JANE")).await));
    assert_eq!(world.asked(name_id("00u-jane")).await, Answer::Unknown);

    let set = NameIdAttribute::ExternalId;
    let shown = world.admin.set_name_id_attribute(world.organization, set).await.unwrap();
    assert_eq!(shown.name_id_attribute, set);
    assert!(is_jane(world.asked(name_id("00u-jane")).await));
    assert_eq!(world.asked(name_id("00U-JANE")).await, Answer::Unknown, "exactly");
    assert_eq!(world.asked(name_id("jane")).await, Answer::Unknown, "no falling through");
    assert!(is_jane(world.asked(name("jane")).await));

    let kind = EventKind::OrganizationNameIdAttributeChanged;
    assert_eq!(world.count(kind).await, 1);
    world.admin.set_name_id_attribute(world.organization, set).await.unwrap();
    assert_eq!(world.count(kind).await, 1, "nothing changed");
    assert_eq!(world.audited().await.last().unwrap(), kind.name());
    let (other, _) = world.neighbour().await;
    let neighbour = world.admin.show_organization(other).await.unwrap();
    assert_eq!(neighbour.name_id_attribute, NameIdAttribute::UserName);
}

#[tokio::test]
async fn two_users_of_one_external_id_are_ambiguous() {
    let world = world().await;
    for user in ["jane", "john"] {
        let body = json(&format!(r#"{{"userName":"{user}","externalId":"x","active":true}}"#));
        world.try_create(body).await.unwrap();
    }
    let lookup = Lookup::ExternalId("x".to_owned());
    assert_eq!(world.asked(lookup.clone()).await, Answer::Ambiguous);
    let set = NameIdAttribute::ExternalId;
    world.admin.set_name_id_attribute(world.organization, set).await.unwrap();
    assert_eq!(world.asked(Lookup::NameId("x".to_owned())).await, Answer::Ambiguous);
    let Answer::Known(john) = world.asked(name("john")).await else { panic!() };
    world.delete(john.user).await.unwrap();
    assert!(matches!(world.asked(lookup).await, Answer::Known(_)), "one is left");
}

#[tokio::test]
async fn the_permissions_of_a_role_are_those_of_now() {
    let world = world().await;
    let new = NewRole {
        name: "Case Reviewer".to_owned(),
        permissions: vec!["cases.read".to_owned()],
        ..NewRole::default()
    };
    let role = world.admin.create_role(world.organization, new).await.unwrap();
    let jane = world.create("jane").await;
    world.add(&role.home_group.to_string(), jane).await;
    assert_eq!(world.access("jane").await.permissions, ["cases.read"]);
    let change = scim_app::administration::RoleChange {
        permissions: Some(vec!["cases.read".to_owned(), "cases.close".to_owned()]),
        ..Default::default()
    };
    world.admin.update_role(world.organization, &role.key, change).await.unwrap();
    assert_eq!(world.access("jane").await.permissions, ["cases.close", "cases.read"]);
    world.admin.delete_role(world.organization, &role.key).await.unwrap();
    assert!(world.access("jane").await.through.is_empty());
}

#[tokio::test]
async fn many_are_answered_in_order_each_for_itself() {
    let world = world().await;
    let (jane, john) = (world.create("jane").await, world.create("john").await);
    world.delete(john).await.unwrap();
    let lookups = [name("john"), name("jane"), name("nobody"), name("jane")];
    let answers = world.admin.list_access(world.organization, &lookups).await.unwrap();
    let told: Vec<_> = answers.iter().map(Answer::status).collect();
    assert_eq!(told, ["deprovisioned", "active", "unknown", "active"]);
    assert!(matches!(&answers[3], Answer::Known(access) if access.user == jane));
    let none = world.admin.list_access(world.organization, &[]).await.unwrap();
    assert!(none.is_empty());
    let many = vec![name("jane"); MOST_LOOKUPS + 1];
    let refused = world.admin.list_access(world.organization, &many).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let refused = world.admin.list_access(scim_domain::OrganizationId::OPERATOR, &lookups).await;
    assert!(matches!(refused, Err(Error::Missing { .. })), "{refused:?}");
}
