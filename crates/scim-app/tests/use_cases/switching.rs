//! SCIM that is paused, switched off and switched on again.

use std::sync::Mutex;

use scim_app::{
    Error,
    error::Forbidden,
    ports::{Clock as _, StoreError},
    provisioning::{ListQuery, Shown},
};
use scim_domain::{
    EventKind, UserId,
    organization::{LeftUsers, Pause, SeatLimit},
    role::RoleKey,
};
use serde_json::json as value;

use crate::world::{World, group_json, origin, user_json, world};

impl World {
    async fn switch_off(&self, users: LeftUsers) {
        self.admin.switch_scim_off(self.organization, users, &|_| {}).await.unwrap();
    }
}

fn says_off<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Forbidden(Forbidden::ScimOff)), "{error:?}");
    assert!(error.to_string().contains("switched off"), "{error}");
}

// O2
#[tokio::test]
async fn while_it_is_paused_everybody_is_told_when_to_come_back() {
    let world = world().await;
    let caller = world.caller().await;
    let until = world.clock.now().plus_seconds(90);
    world.admin.pause_scim(world.organization, Some(until)).await.unwrap();
    let told = async || {
        let denied = world.scim.open(Some(&world.key.token), origin()).await.map(drop).unwrap_err();
        assert!(denied.caller.is_some(), "the activity tells of it");
        match denied.error {
            Error::Paused { retry_after } => retry_after,
            other => panic!("{other}"),
        }
    };
    assert_eq!(told().await, 90);
    // Who was let in before is told the same.
    let late = world.scim.create_user(caller, user_json("ann"), Shown(false)).await;
    assert!(matches!(late, Err(Error::Paused { retry_after: 90 })), "{late:?}");
    world.admin.pause_scim(world.organization, None).await.unwrap();
    world.clock.advance(90);
    assert_eq!(told().await, Pause::OPEN_RETRY);
    // Managing goes on.
    world.admin.list_roles(world.organization).await.unwrap();
    world.admin.resume_scim(world.organization).await.unwrap();
    world.create("ann").await;
    assert_eq!(world.count(EventKind::OrganizationScimPaused).await, 2);
    assert_eq!(world.count(EventKind::OrganizationScimResumed).await, 1);
}

#[tokio::test]
async fn a_pause_ends_by_itself() {
    let world = world().await;
    let until = world.clock.now().plus_seconds(60);
    world.admin.pause_scim(world.organization, Some(until)).await.unwrap();
    world.clock.advance(60);
    world.create("ann").await;
    let past = world.admin.pause_scim(world.organization, Some(until)).await;
    assert!(matches!(past, Err(Error::Invalid(_))), "{past:?}");
}

#[tokio::test]
async fn while_it_is_off_access_can_only_be_taken_away() {
    let world = world().await;
    let [ann, bob] = [world.create("ann").await, world.create("bob").await];
    let group = world.push_group("Team", &[ann, bob]).await;
    world.switch_off(LeftUsers::Keep).await;
    assert!(world.access("ann").await.active(), "they stay as they are");
    says_off(world.try_create(user_json("cid")).await);
    says_off(world.try_push_group(group_json("Other", None)).await);
    says_off(world.patch(ann, r#"{"op":"replace","path":"title","value":"x"}"#).await);
    let session = world.session().await;
    let all = world.scim.search_users(session, &ListQuery::default(), Shown(false)).await;
    says_off(all);
    assert_eq!(world.find(r#"userName eq "ann""#).await.len(), 1);
    world.set_active(ann, false).await;
    world.remove(&group, bob).await;
    world.delete(bob).await.unwrap();
    says_off(world.patch(ann, r#"{"op":"replace","value":{"active":true}}"#).await);
    world.admin.switch_scim_on(world.organization).await.unwrap();
    world.set_active(ann, true).await;
    let told = [EventKind::OrganizationScimSwitchedOff, EventKind::OrganizationScimSwitchedOn];
    for kind in told {
        assert_eq!(world.count(kind).await, 1);
        assert!(world.audited().await.contains(&kind.name().to_owned()));
    }
}

#[tokio::test]
async fn a_request_from_before_neither_creates_nor_is_lost() {
    let world = world().await;
    let caller = world.caller().await;
    world.switch_off(LeftUsers::Deactivate).await;
    let late = world.scim.create_user(caller, user_json("ann"), Shown(false)).await;
    assert!(matches!(late, Err(Error::Store(StoreError::Stale))), "{late:?}");
}

/// Three that an identity provider manages, one of them inactive and one an admin; a protected admin
/// is there only if asked for.
async fn staffed(break_glass: bool) -> (World, UserId) {
    let world = world().await;
    if break_glass {
        let id = world.made_by_sign_in(r#"{"userName":"glass"}"#, true).await;
        // Before it was protected somebody has made it an admin.
        let mut unit = scim_app::ports::Store::begin(&world.store).await.unwrap();
        let home = scim_domain::GroupId::parse(&world.home_of("admin").await).unwrap();
        let now = world.clock.now();
        unit.groups().add_members(world.organization, home, &[id], now).await.unwrap();
        unit.commit().await.unwrap();
    }
    let [ann, bob] = [world.create("ann").await, world.create("bob").await];
    let cid = world.create("cid").await;
    world.set_active(cid, false).await;
    world.add(&world.home_of("admin").await, ann).await;
    world.add(&world.home_of("analyst").await, bob).await;
    world.add(&world.home_of("analyst").await, cid).await;
    (world, ann)
}

#[tokio::test]
async fn everybody_who_is_managed_is_deactivated_and_told() {
    let (world, ann) = staffed(true).await;
    let limit = SeatLimit::new(10).unwrap();
    world.admin.set_seat_limit(world.organization, limit).await.unwrap();
    let seen = Mutex::new(Vec::new());
    let progress = |users| seen.lock().unwrap().push(users);
    let off = LeftUsers::Deactivate;
    let before = world.events().await.len();
    world.admin.switch_scim_off(world.organization, off, &progress).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [2]);
    assert!(!world.access("ann").await.active() && !world.access("bob").await.active());
    assert_eq!(world.roles_of("glass").await, ["admin"], "protected users are kept");
    let events = world.events().await;
    let kinds: Vec<_> = events[before..].iter().map(|it| it.kind).collect();
    let expected = [
        EventKind::OrganizationScimSwitchedOff,
        EventKind::UserDeactivated,
        EventKind::UserDeactivated,
        EventKind::RoleRevoked,
        EventKind::RoleRevoked,
    ];
    assert_eq!(kinds, expected);
    let (action, detail) = world.last_audit().await;
    assert_eq!((action.as_str(), &detail["users"]), ("organization.users_deactivated", &value!(2)));
    assert_eq!(detail["userIds"][0], ann.to_string());
    assert_eq!(world.admin.seats(world.organization).await.unwrap().unwrap().used, 1);
    // The same again has nothing left to do.
    world.admin.switch_scim_off(world.organization, off, &progress).await.unwrap();
    assert_eq!(world.events().await.len(), events.len());
    // Switching on brings nobody back by itself; the identity provider does.
    world.admin.switch_scim_on(world.organization).await.unwrap();
    assert!(!world.access("ann").await.active());
    world.set_active(ann, true).await;
    assert_eq!(world.roles_of("ann").await, ["admin"]);
}

#[tokio::test]
async fn the_loss_of_the_last_holder_is_told() {
    let (world, _) = staffed(false).await;
    world.switch_off(LeftUsers::Deactivate).await;
    assert_eq!(world.count(EventKind::RoleAbandoned).await, 1);
}

#[tokio::test]
async fn keeping_them_first_does_not_prevent_deactivating_them_later() {
    let (world, _) = staffed(false).await;
    world.switch_off(LeftUsers::Keep).await;
    assert!(world.access("ann").await.active());
    world.switch_off(LeftUsers::Deactivate).await;
    assert!(!world.access("ann").await.active());
}

#[tokio::test]
async fn many_pages_are_gone_through_and_each_is_an_entry() {
    let world = world().await;
    for number in 0..501 {
        world.create(&format!("user-{number}")).await;
    }
    world.switch_off(LeftUsers::Deactivate).await;
    assert_eq!(world.count(EventKind::UserDeactivated).await, 501);
    let pages = world.audited().await;
    let pages = pages.iter().filter(|it| *it == "organization.users_deactivated").count();
    assert_eq!(pages, 2);
}

#[tokio::test]
async fn a_preview_tells_what_would_happen_and_changes_nothing() {
    for break_glass in [true, false] {
        let (world, _) = staffed(break_glass).await;
        let entries = world.audited().await.len();
        let preview =
            async |users| world.admin.preview_scim_off(world.organization, users).await.unwrap();
        let found = preview(LeftUsers::Deactivate).await;
        let counted = (found.provisioned, found.losing_access, found.unaffected);
        assert_eq!(counted, (2, 2, u64::from(break_glass)));
        let abandoned: Vec<_> = found.abandoned_roles.iter().map(RoleKey::as_str).collect();
        assert_eq!(abandoned, if break_glass { vec![] } else { vec!["admin"] });
        assert_eq!((found.groups, found.api_keys), (3, 1));
        let found = preview(LeftUsers::Keep).await;
        assert_eq!((found.provisioned, found.losing_access), (2, 0));
        assert_eq!(found.abandoned_roles, []);
        assert_eq!(world.audited().await.len(), entries);
        assert!(world.access("ann").await.active());
    }
}

#[tokio::test]
async fn whoever_switches_otherwise_meanwhile_ends_the_deactivating() {
    let world = world().await;
    for number in 0..501 {
        world.create(&format!("user-{number}")).await;
    }
    let (admin, id) = (world.admin.clone(), world.organization);
    let back = |users| {
        if users == 500 {
            // Told in the middle of a task: somebody else must do it.
            let (admin, runtime) = (admin.clone(), tokio::runtime::Handle::current());
            let switch = move || runtime.block_on(admin.switch_scim_on(id)).map(drop);
            std::thread::spawn(switch).join().unwrap().unwrap();
        }
    };
    let ended = world.admin.switch_scim_off(id, LeftUsers::Deactivate, &back).await;
    assert!(matches!(ended, Err(Error::Conflict(_))), "{ended:?}");
    assert_eq!(world.count(EventKind::UserDeactivated).await, 500);
}
