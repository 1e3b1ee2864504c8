//! Following what happens, losing the place, and finding it again.

mod guide;
mod rebuilding;

use std::{sync::Arc, time::Duration};

use scim_app::{
    Error,
    feed::{Feeds, MOST_WAITING_OF_ONE, PublishedEvent, Refused, Retention},
    ports::{Clock as _, FeedPosition, Store},
    sealer::Sealer,
};
use scim_domain::{EventKind, OrganizationId};
use tokio::task::JoinHandle;

use crate::world::{World, json, world};

const LONG: Duration = Duration::from_mins(10);

struct Following {
    world: World,
    feeds: Feeds,
    sealer: Sealer,
}

async fn following() -> Following {
    let world = world().await;
    let store: Arc<dyn Store> = Arc::new(world.store.clone());
    let feeds = Feeds::new(Arc::clone(&store), world.clock.clone());
    let sealer = Sealer::new(store);
    sealer.run().await.unwrap();
    Following { world, feeds, sealer }
}

impl Following {
    async fn latest(&self) -> u64 {
        self.feeds.position(self.world.organization).await.unwrap().latest
    }

    /// Somebody who waits, once they do.
    async fn waiter(&self, after: u64) -> JoinHandle<Result<Vec<String>, Refused>> {
        let mut waiting = self.feeds.watch_waiting();
        let before = *waiting.borrow_and_update();
        let (feeds, organization) = (self.feeds.clone(), self.world.organization);
        let waiter = tokio::spawn(async move {
            let page = feeds.follow(organization, Some(after), 100, LONG).await?;
            let kinds = page.events.iter().map(|it| it.record.event.kind.name().to_owned());
            Ok(kinds.collect())
        });
        bounded(waiting.wait_for(|waiting| *waiting > before)).await.unwrap();
        waiter
    }
}

async fn bounded<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it takes too long")
}

#[tokio::test]
async fn what_is_there_is_told_at_once_and_page_by_page() {
    let it = following().await;
    it.world.create("jane").await;
    it.sealer.run().await.unwrap();
    let organization = it.world.organization;
    let (mut told, mut after) = (Vec::new(), None);
    loop {
        let page = bounded(it.feeds.follow(organization, after, 2, LONG)).await.unwrap();
        assert!(page.events.len() <= 2);
        after = Some(page.next_after);
        told.extend(page.events);
        if page.next_after == page.position.latest {
            break;
        }
    }
    assert!(told.iter().map(|it| it.sequence).eq(1..=it.latest().await));
    let all = it.world.events().await;
    assert!(told.iter().map(|it| &it.record.event).eq(all.iter()));
    let last = PublishedEvent::new(organization, told.pop().unwrap());
    assert_eq!((last.r#type, last.subject.r#type), ("user.created", "user"));
    assert_eq!(last.request_id.as_deref(), Some(crate::world::REQUEST));
}

#[tokio::test]
async fn who_waits_is_woken_by_what_was_numbered_and_by_nothing_before() {
    let it = following().await;
    let waiter = it.waiter(it.latest().await).await;
    let (other, key) = it.world.neighbour().await;
    it.sealer.run().await.unwrap();
    it.feeds.look().await.unwrap();
    it.world.create("jane").await;
    it.feeds.look().await.unwrap();
    assert!(!waiter.is_finished(), "the event has no number yet");
    it.sealer.run().await.unwrap();
    it.feeds.look().await.unwrap();
    assert_eq!(bounded(waiter).await.unwrap().unwrap(), ["user.created"]);
    assert_eq!(*it.feeds.watch_waiting().borrow(), 0);
    drop((other, key));
}

#[tokio::test]
async fn an_event_between_looking_and_waiting_is_not_missed() {
    let it = following().await;
    // The look that would wake comes before anybody waits; the event is found all the same.
    let after = it.latest().await;
    it.world.create("jane").await;
    it.sealer.run().await.unwrap();
    it.feeds.look().await.unwrap();
    let page = bounded(it.feeds.follow(it.world.organization, Some(after), 9, LONG)).await.unwrap();
    assert_eq!(page.events.len(), 1);
}

#[tokio::test]
async fn who_waits_long_enough_gets_an_empty_page() {
    let it = following().await;
    let latest = it.latest().await;
    let patience = Duration::from_millis(20);
    let page = it.feeds.follow(it.world.organization, Some(latest), 9, patience).await.unwrap();
    assert_eq!((page.events.len(), page.next_after), (0, latest));
    assert_eq!(*it.feeds.watch_waiting().borrow(), 0);
}

// R7
#[tokio::test]
async fn when_the_service_stops_everybody_is_sent_home() {
    let it = following().await;
    let latest = it.latest().await;
    let waiters = [it.waiter(latest).await, it.waiter(latest).await];
    it.feeds.stop();
    for waiter in waiters {
        assert!(bounded(waiter).await.unwrap().unwrap().is_empty());
    }
    let late = it.feeds.follow(it.world.organization, Some(latest), 9, LONG);
    assert!(bounded(late).await.unwrap().events.is_empty());
}

// O3
#[tokio::test]
async fn one_organization_does_not_take_every_place_and_hanging_up_frees_one() {
    let it = following().await;
    let latest = it.latest().await;
    let mut waiters = Vec::new();
    for _ in 0..MOST_WAITING_OF_ONE {
        waiters.push(it.waiter(latest).await);
    }
    let refused = it.feeds.follow(it.world.organization, Some(latest), 9, LONG).await;
    assert!(matches!(refused, Err(Refused::TooManyOfOne)), "{refused:?}");
    // Without waiting, and in other organizations, there is still room.
    it.feeds.read(it.world.organization, Some(latest), 9).await.unwrap();
    let (other, _) = it.world.neighbour().await;
    let patience = Duration::from_millis(5);
    it.feeds.follow(other, None, 9, patience).await.unwrap();
    let hung_up = waiters.pop().unwrap();
    hung_up.abort();
    assert!(hung_up.await.unwrap_err().is_cancelled());
    drop(it.waiter(latest).await);
}

// W6
#[tokio::test]
async fn what_is_gone_is_refused_with_where_the_feed_begins_and_ends() {
    let it = following().await;
    let organization = it.world.organization;
    it.world.clock.advance(100);
    it.world.create("jane").await;
    it.sealer.run().await.unwrap();
    let latest = it.latest().await;
    let store: Arc<dyn Store> = Arc::new(it.world.store.clone());
    let kept = Duration::from_secs(50);
    let retention = Retention::new(store, it.world.clock.clone(), kept);
    assert_eq!(retention.run(|| false).await.unwrap(), 0, "it was told to stop");
    assert_eq!(retention.run(|| true).await.unwrap(), latest - 1);
    let position = FeedPosition { latest, forgotten: latest - 1 };
    for after in [0, latest - 2, latest + 1] {
        let refused = it.feeds.follow(organization, Some(after), 9, LONG).await.unwrap_err();
        assert!(refused.to_string().contains(&latest.to_string()), "{refused}");
        let Refused::Gone { after: asked, position: told } = refused else { panic!("{refused}") };
        assert_eq!((asked, told), (after, position));
    }
    for after in [None, Some(latest - 1)] {
        let page = it.feeds.read(organization, after, 9).await.unwrap();
        assert_eq!(page.events.len(), 1);
        assert_eq!(page.events[0].record.event.kind, EventKind::UserCreated);
    }
    // Numbers go on.
    it.world.clock.advance(100);
    assert_eq!(retention.run(|| true).await.unwrap(), 1);
    assert_eq!(it.feeds.read(organization, None, 9).await.unwrap().next_after, latest);
    it.world.create("bob").await;
    it.sealer.run().await.unwrap();
    let page = it.feeds.read(organization, Some(latest), 9).await.unwrap();
    assert_eq!(page.events[0].sequence, latest + 1);
    assert!(it.world.clock.now() > page.events[0].record.at.plus_seconds(-1));
}

#[tokio::test]
async fn a_page_ends_early_when_its_events_are_large() {
    let it = following().await;
    let organization = it.world.organization;
    let after = it.latest().await;
    let name = "x".repeat(4_000);
    for number in 0..400 {
        let body = json(&format!(r#"{{"userName":"{number}{name}"}}"#));
        it.world.try_create(body).await.unwrap();
    }
    it.sealer.run().await.unwrap();
    let page = it.feeds.read(organization, Some(after), 1_000).await.unwrap();
    assert!((200..400).contains(&page.events.len()), "{}", page.events.len());
    let rest = it.feeds.read(organization, Some(page.next_after), 1_000).await.unwrap();
    assert_eq!(page.events.len() + rest.events.len(), 400);
}

#[tokio::test]
async fn an_unknown_organization_has_no_feed() {
    let it = following().await;
    let unknown = OrganizationId::new(uuid::Uuid::from_u128(77));
    let refused = it.feeds.follow(unknown, None, 9, LONG).await;
    assert!(matches!(refused, Err(Refused::Failed(Error::Missing { .. }))), "{refused:?}");
    assert!(it.feeds.position(unknown).await.is_err());
}
