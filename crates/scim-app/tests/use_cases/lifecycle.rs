//! An organization that is disabled, deleted, restored and at last erased.

use std::sync::Arc;

use scim_app::{
    Error,
    activity::{Activity, Answered},
    error::{Forbidden, Unauthenticated},
    ports::Store as _,
    testing::CountingIds,
};
use scim_domain::{EventKind, OrganizationId, organization::Deletion};

use crate::world::{World, origin, user_json, world};

const DAY: i64 = 24 * 60 * 60;

impl World {
    /// What somebody is told who comes with the organization's key.
    async fn turned_away(&self) -> Error {
        self.scim.open(Some(&self.key.token), origin()).await.map(drop).unwrap_err().error
    }

    async fn purge(&self) {
        self.admin.purge_organizations(|| true).await.unwrap();
    }

    async fn operators_audit(&self) -> Vec<String> {
        let all = self.admin.list_audit(OrganizationId::OPERATOR, 100).await.unwrap();
        all.into_iter().rev().map(|it| it.entry.action).collect()
    }
}

#[tokio::test]
async fn a_disabled_organization_has_no_access_and_its_keys_open_nothing() {
    let world = world().await;
    let ann = world.create("ann").await;
    world.add(&world.home_of("admin").await, ann).await;
    world.admin.disable_organization(world.organization).await.unwrap();
    let refused = world.turned_away().await;
    assert!(matches!(refused, Error::Forbidden(Forbidden::Disabled)), "{refused}");
    assert!(refused.to_string().contains("disabled"), "{refused}");
    let access = world.access("ann").await;
    assert!(!access.active() && access.roles.is_empty() && access.permissions.is_empty());
    assert_eq!(access.through.len(), 1, "what would come back is told");
    // Nobody is changed by it, so nobody has to be brought back.
    world.admin.disable_organization(world.organization).await.unwrap();
    world.admin.enable_organization(world.organization).await.unwrap();
    assert_eq!(world.roles_of("ann").await, ["admin"]);
    assert!(world.get(ann).await.unwrap().user.active);
    let told = [EventKind::OrganizationDisabled, EventKind::OrganizationEnabled];
    for kind in told {
        assert_eq!(world.count(kind).await, 1);
        assert!(world.audited().await.contains(&kind.name().to_owned()));
    }
}

#[tokio::test]
async fn a_request_that_was_let_in_before_is_refused_in_its_unit() {
    let world = world().await;
    let caller = world.caller().await;
    world.admin.disable_organization(world.organization).await.unwrap();
    let shown = scim_app::provisioning::Shown(false);
    let refused = world.scim.create_user(caller, user_json("ann"), shown).await.unwrap_err();
    assert!(matches!(refused, Error::Forbidden(Forbidden::Disabled)), "{refused}");
}

#[tokio::test]
async fn a_deleted_organization_is_as_disabled_and_can_be_restored() {
    let world = world().await;
    world.create("ann").await;
    let deleted = world.admin.delete_organization(world.organization, None).await.unwrap();
    let deletion = deleted.deletion.unwrap();
    assert_eq!(deletion.purge, deletion.at.plus_seconds(Deletion::GRACE));
    let refused = world.turned_away().await;
    assert!(matches!(refused, Error::Forbidden(Forbidden::Deleted(_))), "{refused}");
    assert!(refused.to_string().contains(&deletion.purge.to_string()), "{refused}");
    assert!(!world.access("ann").await.active());
    let refused = world.admin.enable_organization(world.organization).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict(_)), "{refused}");
    world.clock.advance(29 * DAY);
    world.purge().await;
    world.admin.restore_organization(world.organization).await.unwrap();
    assert!(world.access("ann").await.active());
    world.clock.advance(2 * DAY);
    world.purge().await;
    assert_eq!(world.find(r#"userName eq "ann""#).await.len(), 1);
    let both = ["organization.deleted", "organization.restored"];
    assert_eq!(world.operators_audit().await, both);
    let own = world.audited().await;
    assert!(both.iter().all(|it| own.iter().any(|told| told == it)), "{own:?}");
}

#[tokio::test]
async fn when_the_grace_is_over_it_is_gone_for_everybody_and_erased() {
    let world = world().await;
    let (bolt, other_key) = world.neighbour().await;
    for number in 0..5 {
        world.create(&format!("user-{number}")).await;
    }
    world.admin.delete_organization(world.organization, Some(7 * DAY)).await.unwrap();
    world.clock.advance(7 * DAY);
    // Before any server gets to it.
    let missing = |it: Error| matches!(it, Error::Missing { what: "organization", .. });
    let admin = &world.admin;
    assert!(missing(admin.show_organization(world.organization).await.unwrap_err()));
    assert!(missing(admin.restore_organization(world.organization).await.unwrap_err()));
    assert!(missing(admin.list_roles(world.organization).await.unwrap_err()));
    assert_eq!(admin.list_organizations().await.unwrap().len(), 1);
    world.purge().await;
    let refused = world.turned_away().await;
    assert!(matches!(refused, Error::Unauthenticated(Unauthenticated::Unknown)), "{refused}");
    let mut snapshot = world.store.read().await.unwrap();
    assert_eq!(snapshot.organizations().find(world.organization).await.unwrap(), None);
    assert!(snapshot.organizations().find(bolt).await.unwrap().is_some());
    drop(snapshot);
    assert!(world.scim.open(Some(&other_key.token), origin()).await.is_ok());
    // What remains is that it was deleted, by whom and when, and that it was erased.
    let told = ["organization.deleted", "organization.purged"];
    assert_eq!(world.operators_audit().await, told);
    let operators = admin.list_audit(OrganizationId::OPERATOR, 10).await.unwrap();
    assert_eq!(operators[0].entry.detail["name"], "Acme");
    assert_eq!(operators[0].entry.subject.uuid(), world.organization.uuid());
    world.purge().await;
    assert_eq!(world.operators_audit().await.len(), 2);
}

#[tokio::test]
async fn without_a_grace_it_is_gone_at_once() {
    let world = world().await;
    world.admin.delete_organization(world.organization, None).await.unwrap();
    world.admin.delete_organization(world.organization, Some(0)).await.unwrap();
    assert!(world.admin.show_organization(world.organization).await.is_err());
    world.purge().await;
    assert_eq!(world.operators_audit().await.last().unwrap(), "organization.purged");
}

#[tokio::test]
async fn what_was_gathered_of_an_erased_organization_is_not_written() {
    let world = world().await;
    let store = Arc::new(world.store.clone());
    let activity = Activity::new(store, world.clock.clone(), Arc::new(CountingIds::series(9)));
    let caller = world.caller().await;
    let answered =
        || Answered { method: "POST", path: "/Users", status: 201, detail: String::new() };
    activity.used(caller.client(), None);
    activity.answered(&caller, answered());
    world.admin.delete_organization(world.organization, Some(0)).await.unwrap();
    world.purge().await;
    activity.flush(true).await.unwrap();
    let mut snapshot = world.store.read().await.unwrap();
    assert!(snapshot.audit().activity(world.organization, 10).await.unwrap().is_empty());
}
