//! Seats: a limit to how many users may be active, counted in the unit of each change.

use std::sync::Arc;

use scim_app::{Error, error::Forbidden, ports::Store as _, provisioning::Shown};
use scim_domain::{
    EventKind, UserId,
    organization::{OrganizationChange, Plan, SeatLimit},
};
use serde_json::json as value;
use tokio::task::JoinSet;

use crate::world::{World, user_json, world};

async fn limited(seats: u64) -> World {
    let world = world().await;
    world.limit(seats).await;
    world
}

impl World {
    pub async fn limit(&self, seats: u64) {
        let limit = SeatLimit::new(seats).unwrap();
        self.admin.set_seat_limit(self.organization, limit).await.unwrap();
    }

    pub async fn used(&self) -> u64 {
        self.admin.seats(self.organization).await.unwrap().unwrap().used
    }

    /// How many users are active, counted anew.
    pub async fn counted(&self) -> u64 {
        let mut snapshot = self.store.read().await.unwrap();
        snapshot.users().count_active(self.organization).await.unwrap()
    }

    async fn activate(&self, id: UserId) -> Result<(), Error> {
        let activate = r#"{"op":"replace","value":{"active":true}}"#;
        self.patch(id, activate).await.map(drop)
    }
}

fn is_full<T: std::fmt::Debug>(result: Result<T, Error>, expected: (u64, u64)) {
    match result {
        Err(Error::Forbidden(Forbidden::SeatLimit { limit, used })) => {
            assert_eq!((limit, used), expected);
        }
        other => panic!("{other:?}"),
    }
}

// Z4
#[tokio::test]
async fn nobody_becomes_active_beyond_the_limit_and_the_refusal_names_limit_and_use() {
    let world = limited(2).await;
    let [ann, _] = [world.create("ann").await, world.create("bob").await];
    let refused = world.try_create(user_json("cid")).await;
    let told = refused.as_ref().unwrap_err().to_string();
    assert!(told.contains("2 active users") && told.contains("limit is 2"), "{told}");
    is_full(refused, (2, 2));
    assert!(world.find(r#"userName eq "cid""#).await.is_empty());
    // Who is not active takes no seat, and a name in use is told before a seat.
    let idle = crate::world::json(r#"{"userName":"dee","active":false}"#);
    let dee = world.try_create(idle).await.unwrap().value.user.id;
    assert!(matches!(world.try_create(user_json("ann")).await, Err(Error::Taken { .. })));
    is_full(world.activate(dee).await, (2, 2));
    assert!(!world.get(dee).await.unwrap().user.active);
    // Everything else of an active user may change.
    world.patch(ann, r#"{"op":"replace","path":"title","value":"x"}"#).await.unwrap();
    assert_eq!((world.used().await, world.counted().await), (2, 2));
}

// Z4
#[tokio::test]
async fn who_is_deactivated_or_deleted_frees_the_seat() {
    let world = limited(1).await;
    let ann = world.create("ann").await;
    world.set_active(ann, false).await;
    let bob = world.create("bob").await;
    is_full(world.activate(ann).await, (1, 1));
    world.delete(bob).await.unwrap();
    world.activate(ann).await.unwrap();
    world.set_active(ann, false).await;
    // Deleting somebody inactive frees nothing a second time.
    world.delete(ann).await.unwrap();
    assert_eq!((world.used().await, world.counted().await), (0, 0));
}

#[tokio::test]
async fn adopting_counts_as_it_makes_somebody_active() {
    let world = world().await;
    let idle = world.made_by_sign_in(r#"{"userName":"ann","active":false}"#, false).await;
    world.limit(0).await;
    is_full(world.try_create(user_json("ann")).await, (0, 0));
    let found = world.get(idle).await.unwrap().user;
    assert_eq!(found.source, scim_domain::user::Source::SignIn);
    world.limit(1).await;
    assert_eq!(world.create("ann").await, idle);
    assert_eq!(world.used().await, 1);
    // One that was active already keeps its seat.
    world.delete(idle).await.unwrap();
    let active = world.made_by_sign_in(r#"{"userName":"ann"}"#, false).await;
    world.admin.set_seat_limit(world.organization, SeatLimit::Unlimited).await.unwrap();
    world.limit(1).await;
    assert_eq!(world.create("ann").await, active);
    assert_eq!(world.used().await, 1);
}

#[tokio::test]
async fn a_lower_limit_deactivates_nobody() {
    let world = world().await;
    let [ann, bob, _] =
        [world.create("ann").await, world.create("bob").await, world.create("cid").await];
    world.limit(1).await;
    assert_eq!((world.used().await, world.counted().await), (3, 3));
    is_full(world.try_create(user_json("dee")).await, (1, 3));
    world.set_active(ann, false).await;
    is_full(world.activate(ann).await, (1, 2));
    world.delete(bob).await.unwrap();
    is_full(world.activate(ann).await, (1, 1));
    world.limit(2).await;
    world.activate(ann).await.unwrap();
    world.admin.set_seat_limit(world.organization, SeatLimit::Unlimited).await.unwrap();
    assert_eq!(world.admin.seats(world.organization).await.unwrap(), None);
    world.create("eve").await;
    assert_eq!(world.count(EventKind::OrganizationSeatLimitChanged).await, 3);
}

#[tokio::test]
async fn after_a_plan_is_lost_who_is_deactivated_frees_the_seat_too() {
    let world = limited(5).await;
    let ann = world.create("ann").await;
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    world.set_active(ann, false).await;
    assert_eq!(world.used().await, 0);
}

// Z4
#[tokio::test(flavor = "multi_thread")]
async fn the_limit_holds_under_parallel_creates_and_reactivations() {
    let world = Arc::new(limited(25).await);
    let mut idle = Vec::new();
    for number in 0..20 {
        let body = format!(r#"{{"userName":"idle-{number}","active":false}}"#);
        let made = world.try_create(crate::world::json(&body)).await.unwrap();
        idle.push(made.value.user.id);
    }
    let mut racers = JoinSet::new();
    for (number, id) in idle.into_iter().enumerate() {
        let (one, other) = (Arc::clone(&world), Arc::clone(&world));
        racers.spawn(async move { one.activate(id).await.is_ok() });
        racers.spawn(async move {
            let body = user_json(&format!("new-{number}"));
            other.scim.create_user(other.caller().await, body, Shown(false)).await.is_ok()
        });
    }
    let active = racers.join_all().await.into_iter().filter(|it| *it).count();
    assert_eq!((active, world.used().await, world.counted().await), (25, 25, 25));
}

#[tokio::test]
async fn one_change_of_many_settings_is_one_entry_with_an_event_for_each() {
    let world = world().await;
    world.create("ann").await;
    let change = OrganizationChange {
        name: Some("Acme Inc.".to_owned()),
        plan: Some(Plan::Growth),
        seat_limit: Some(SeatLimit::new(7).unwrap()),
        ..OrganizationChange::default()
    };
    let changed = world.admin.update_organization(world.organization, &change, &|_| {}).await;
    let changed = changed.unwrap();
    assert_eq!((changed.name.as_str(), changed.plan), ("Acme Inc.", Plan::Growth));
    assert_eq!(world.used().await, 1);
    let (action, detail) = world.last_audit().await;
    assert_eq!(action, "organization.updated");
    assert_eq!(detail["previousName"], "Acme");
    assert_eq!(detail["seatLimit"], value!(7));
    assert_eq!(world.count(EventKind::OrganizationRenamed).await, 1);
    let renamed = world.admin.rename_organization(world.organization, "Acme").await.unwrap();
    assert_eq!(renamed.name, "Acme");
    assert_eq!(world.last_audit().await.0, "organization.renamed");
    let entries = world.audited().await.len();
    world.admin.rename_organization(world.organization, "Acme").await.unwrap();
    assert_eq!(world.audited().await.len(), entries);
}
