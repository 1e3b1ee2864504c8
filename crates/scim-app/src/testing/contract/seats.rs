//! Seats: how many users are active, where somebody counts.

use std::sync::Arc;

use scim_domain::{OrganizationId, user::Source};
use serde_json::json;
use tokio::task::JoinSet;

use super::stage::{Stage, sorted};
use crate::ports::Store;

impl Stage {
    async fn count_seats(&self, organization: OrganizationId, used: Option<u64>) {
        let mut unit = self.begin().await;
        unit.organizations().set_seats_used(organization, used).await.unwrap();
        unit.commit().await.unwrap();
    }

    async fn take_seat(&self, organization: OrganizationId, limit: u64) -> bool {
        let mut unit = self.begin().await;
        let taken = unit.organizations().take_seat(organization, limit).await.unwrap();
        tokio::task::yield_now().await;
        unit.commit().await.unwrap();
        taken
    }

    async fn seats_used(&self, organization: OrganizationId) -> Option<u64> {
        self.read().await.organizations().seats_used(organization).await.unwrap()
    }
}

pub async fn seats_are_counted_only_where_somebody_began(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    assert_eq!(stage.seats_used(acme).await, None);
    stage.count_seats(acme, Some(7)).await;
    assert_eq!((stage.seats_used(acme).await, stage.seats_used(bolt).await), (Some(7), None));
    let mut unit = stage.begin().await;
    assert!(!unit.organizations().take_seat(bolt, 10).await.unwrap());
    unit.organizations().free_seats(bolt, 1).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!((stage.seats_used(acme).await, stage.seats_used(bolt).await), (Some(7), None));
    stage.count_seats(acme, Some(2)).await;
    assert_eq!(stage.seats_used(acme).await, Some(2));
    stage.count_seats(acme, None).await;
    assert_eq!(stage.seats_used(acme).await, None);
}

pub async fn several_seats_are_taken_together_or_not_at_all(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.count_seats(acme, Some(2)).await;
    let mut unit = stage.begin().await;
    for (number, limit, taken) in [(4, 5, false), (4, 3, false), (3, 5, true), (1, 5, false)] {
        let answer = unit.organizations().take_seats(acme, number, limit).await.unwrap();
        assert_eq!(answer, taken, "{number} of {limit}");
    }
    unit.commit().await.unwrap();
    assert_eq!(stage.seats_used(acme).await, Some(5));
}

pub async fn a_seat_is_taken_only_below_the_limit(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.count_seats(acme, Some(5)).await;
    // The limit came later.
    assert!(!stage.take_seat(acme, 3).await);
    let mut unit = stage.begin().await;
    unit.organizations().free_seats(acme, 3).await.unwrap();
    unit.commit().await.unwrap();
    assert!(stage.take_seat(acme, 3).await);
    assert!(!stage.take_seat(acme, 3).await);
    assert_eq!(stage.seats_used(acme).await, Some(3));
}

pub async fn a_seat_of_an_abandoned_unit_is_free(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.count_seats(acme, Some(0)).await;
    let mut unit = stage.begin().await;
    assert!(unit.organizations().take_seat(acme, 1).await.unwrap());
    assert!(!unit.organizations().take_seat(acme, 1).await.unwrap());
    drop(unit);
    assert_eq!(stage.seats_used(acme).await, Some(0));
    assert!(stage.take_seat(acme, 1).await);
}

// Z4
pub async fn as_many_racers_get_a_seat_as_there_are(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    stage.count_seats(acme, Some(0)).await;
    let mut racers = JoinSet::new();
    for _ in 0..60 {
        let stage = Arc::clone(&stage);
        racers.spawn(async move { stage.take_seat(acme, 17).await });
    }
    let taken = racers.join_all().await.into_iter().filter(|it| *it).count();
    assert_eq!((taken, stage.seats_used(acme).await), (17, Some(17)));
}

pub async fn active_users_are_counted_by_who_manages_them(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let mut users = Vec::new();
    for (number, (source, protected, active)) in [
        (Source::Scim, false, json!(true)),
        (Source::Scim, false, json!(false)),
        (Source::Scim, false, json!(true)),
        (Source::Scim, true, json!(true)),
        (Source::SignIn, false, json!(true)),
        (Source::SignIn, true, json!(true)),
        (Source::SignIn, true, json!(false)),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "userName": format!("user-{number}"), "active": active });
        let mut user = stage.new_user_of(&body);
        (user.source, user.protected) = (source, protected);
        users.push(user);
    }
    stage.insert_users(acme, &users).await;
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.users().count_active(acme).await.unwrap(), 5);
    assert_eq!(snapshot.users().count_provisioned(acme).await.unwrap(), 2);
    let others = sorted([users[3].id, users[4].id, users[5].id]);
    let found = snapshot.users().unprovisioned(acme, None, 2).await.unwrap();
    assert_eq!(found, others[..2]);
    let found = snapshot.users().unprovisioned(acme, Some(others[1]), 9).await.unwrap();
    assert_eq!(found, others[2..]);
    assert_eq!(snapshot.users().count_active(bolt).await.unwrap(), 0);
    assert_eq!(snapshot.users().unprovisioned(bolt, None, 9).await.unwrap(), []);
}
