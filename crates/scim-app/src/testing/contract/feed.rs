//! Events that have their number, and what becomes of them.

use std::{collections::BTreeMap, sync::Arc};

use scim_domain::OrganizationId;
use tokio::task::JoinSet;

use super::stage::{Stage, sorted};
use crate::ports::{EventRecord, FeedPosition, NumberedEvent, Store, StoreError};

impl Stage {
    pub(super) async fn told(
        &self,
        organization: OrganizationId,
        number: usize,
    ) -> Vec<EventRecord> {
        let events: Vec<_> = (0..number).map(|_| self.new_event()).collect();
        let mut unit = self.begin().await;
        unit.outbox().append(organization, &events).await.unwrap();
        unit.commit().await.unwrap();
        events
    }

    pub(super) async fn number_all(&self) {
        let mut unit = self.begin().await;
        unit.outbox().number(10_000).await.unwrap();
        unit.commit().await.unwrap();
    }

    async fn forget(&self, organization: OrganizationId, oldest: &EventRecord, limit: u64) -> u64 {
        let mut unit = self.begin().await;
        let gone = unit.outbox().forget(organization, oldest.at, limit).await.unwrap();
        unit.commit().await.unwrap();
        gone
    }

    async fn position(&self, organization: OrganizationId) -> FeedPosition {
        self.read().await.feed().position(organization).await.unwrap()
    }

    async fn feed(&self, organization: OrganizationId, after: u64) -> Vec<NumberedEvent> {
        self.read().await.feed().after(organization, after, 10_000).await.unwrap()
    }
}

fn numbered(from: u64, events: &[EventRecord]) -> Vec<NumberedEvent> {
    let numbered = (from..).zip(events);
    numbered.map(|(sequence, it)| NumberedEvent { sequence, record: it.clone() }).collect()
}

pub async fn a_feed_is_read_in_its_order_from_any_number(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let first = stage.told(acme, 3).await;
    let foreign = stage.told(bolt, 2).await;
    let second = stage.told(acme, 2).await;
    assert!(stage.feed(acme, 0).await.is_empty(), "without a number");
    stage.number_all().await;
    let all = numbered(1, &[first, second].concat());
    let mut snapshot = stage.read().await;
    for (after, limit, expected) in [(0, 9, 0..5), (0, 2, 0..2), (2, 2, 2..4), (4, 9, 4..5)] {
        let found = snapshot.feed().after(acme, after, limit).await.unwrap();
        assert_eq!(found, all[expected], "after {after}, at most {limit}");
    }
    assert!(snapshot.feed().after(acme, 5, 9).await.unwrap().is_empty());
    assert!(snapshot.feed().after(acme, 77, 9).await.unwrap().is_empty());
    assert_eq!(stage.feed(bolt, 0).await, numbered(1, &foreign));
}

pub async fn a_feed_knows_where_it_ends(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let quiet = stage.organization("Quiet").await;
    assert!(!stage.read().await.feed().is_waiting().await.unwrap());
    stage.told(acme, 3).await;
    stage.told(bolt, 1).await;
    assert_eq!(stage.position(acme).await, FeedPosition::default());
    assert!(stage.read().await.feed().is_waiting().await.unwrap());
    stage.number_all().await;
    stage.told(acme, 2).await;
    stage.number_all().await;
    let mut snapshot = stage.read().await;
    assert!(!snapshot.feed().is_waiting().await.unwrap());
    let position = snapshot.feed().position(acme).await.unwrap();
    assert_eq!(position, FeedPosition { latest: 5, forgotten: 0 });
    assert_eq!(position.oldest(), Some(1));
    assert_eq!(snapshot.feed().position(quiet).await.unwrap().oldest(), None);
    let latest = snapshot.feed().latest(&[quiet, bolt, acme]).await.unwrap();
    let latest: BTreeMap<_, _> = latest.into_iter().filter(|(_, it)| *it > 0).collect();
    assert_eq!(latest, BTreeMap::from([(acme, 5), (bolt, 1)]));
    assert!(snapshot.feed().latest(&[]).await.unwrap().is_empty());
    let with_events = snapshot.feed().organizations().await.unwrap();
    assert_eq!(sorted(with_events), sorted([acme, bolt]));
}

pub async fn an_audit_entry_without_a_place_waits_too(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let entries = stage.entries(acme, &["1"]).await;
    assert!(stage.read().await.feed().is_waiting().await.unwrap());
    let seal = crate::ports::Seal { sequence: 1, hash: [1; 32] };
    stage.seal(acme, &[(&entries[0], seal)]).await.unwrap();
    assert!(!stage.read().await.feed().is_waiting().await.unwrap());
}

// W6
pub async fn old_events_are_forgotten_from_the_beginning_alone(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let events = stage.told(acme, 6).await;
    let foreign = stage.told(bolt, 2).await;
    stage.number_all().await;
    let waiting = stage.told(acme, 1).await;
    assert_eq!(stage.forget(acme, &events[0], 10).await, 0);
    assert_eq!(stage.forget(acme, &events[4], 3).await, 3);
    assert_eq!(stage.position(acme).await, FeedPosition { latest: 6, forgotten: 3 });
    assert_eq!(stage.forget(acme, &events[4], 3).await, 1);
    assert_eq!(stage.forget(acme, &events[4], 3).await, 0);
    assert_eq!(stage.feed(acme, 0).await, numbered(5, &events[4..]));
    assert_eq!(stage.feed(bolt, 0).await, numbered(1, &foreign));
    let mut unit = stage.begin().await;
    let left = [&events[4..], &waiting[..]].concat();
    assert_eq!(unit.outbox().oldest(acme, 10).await.unwrap(), left);
}

// W6
pub async fn numbers_go_on_when_everything_is_forgotten(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.told(acme, 4).await;
    stage.number_all().await;
    let later = stage.told(acme, 2).await;
    assert_eq!(stage.forget(acme, &later[1], 10).await, 4, "what has no number is not forgotten");
    let position = stage.position(acme).await;
    assert_eq!((position.latest, position.forgotten, position.oldest()), (4, 4, None));
    assert!(stage.read().await.feed().organizations().await.unwrap().is_empty());
    stage.number_all().await;
    assert_eq!(stage.feed(acme, 4).await, numbered(5, &later));
    assert_eq!(stage.position(acme).await, FeedPosition { latest: 6, forgotten: 4 });
}

/// Writes events of both organizations in units of one to three; answers each unit's, in order.
async fn write(stage: Arc<Stage>, of: [OrganizationId; 2]) -> Vec<(OrganizationId, EventRecord)> {
    let mut written = Vec::new();
    for round in 0..15 {
        let organization = of[round % 2];
        let events: Vec<_> = (0..=round % 3).map(|_| stage.new_event()).collect();
        let mut unit = stage.begin().await;
        unit.outbox().append(organization, &events).await.unwrap();
        tokio::task::yield_now().await;
        unit.commit().await.unwrap();
        written.extend(events.into_iter().map(|it| (organization, it)));
    }
    written
}

/// Numbers until nothing waits and nobody writes; every third time it dies before its commit.
async fn number(stage: Arc<Stage>, mut writing: tokio::sync::watch::Receiver<bool>) {
    for round in 0.. {
        let done = !*writing.borrow_and_update();
        if done && !stage.read().await.feed().is_waiting().await.unwrap() {
            return;
        }
        let mut unit = stage.begin().await;
        let given = unit.outbox().number(7).await;
        tokio::task::yield_now().await;
        if round % 3 == 0 {
            continue;
        }
        let outcome = match given {
            Ok(_) => unit.commit().await,
            Err(error) => Err(error),
        };
        assert!(matches!(outcome, Ok(()) | Err(StoreError::Stale)), "{outcome:?}");
    }
}

// W2
pub async fn numbers_have_no_gaps_whoever_writes_and_numbers(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let of = [stage.organization("Acme").await, stage.organization("Bolt").await];
    let (writing, watching) = tokio::sync::watch::channel(true);
    let mut sealers = JoinSet::new();
    for _ in 0..2 {
        sealers.spawn(number(Arc::clone(&stage), watching.clone()));
    }
    let mut writers = JoinSet::new();
    for _ in 0..6 {
        writers.spawn(write(Arc::clone(&stage), of));
    }
    let written = writers.join_all().await;
    writing.send_replace(false);
    sealers.join_all().await;
    for organization in of {
        let feed = stage.feed(organization, 0).await;
        let numbers: Vec<_> = feed.iter().map(|it| it.sequence).collect();
        let wrote = |all: &[(OrganizationId, EventRecord)]| -> Vec<EventRecord> {
            let own = all.iter().filter(|(it, _)| *it == organization);
            own.map(|(_, it)| it.clone()).collect()
        };
        let total: usize = written.iter().map(|all| wrote(all).len()).sum();
        assert_eq!(numbers, (1..=u64::try_from(total).unwrap()).collect::<Vec<_>>());
        for all in &written {
            // What one wrote is there once and in the order in which it was committed.
            let own = wrote(all);
            let mine = feed.iter().map(|it| &it.record).filter(|it| own.contains(it));
            assert!(mine.eq(own.iter()));
        }
    }
}
