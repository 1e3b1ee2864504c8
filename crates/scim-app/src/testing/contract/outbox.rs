//! Events that wait to be told, and what is gathered about requests.

use std::sync::Arc;

use scim_domain::{ApiKeyId, OrganizationId, Subject};

use super::stage::Stage;
use crate::ports::{ActivityRecord, EventRecord, Ids as _, Store};

impl Stage {
    async fn events(&self, organization: OrganizationId, number: usize) -> Vec<EventRecord> {
        let events: Vec<_> = (0..number).map(|_| self.new_event()).collect();
        let mut unit = self.begin().await;
        unit.outbox().append(organization, &events).await.unwrap();
        unit.commit().await.unwrap();
        events
    }

    pub(super) async fn requests(
        &self,
        organization: OrganizationId,
        paths: &[&str],
    ) -> Vec<ActivityRecord> {
        let key = ApiKeyId::new(self.ids.next());
        let requests: Vec<_> = paths.iter().map(|it| self.new_request(key, it)).collect();
        let mut unit = self.begin().await;
        unit.activities().append(organization, &requests).await.unwrap();
        unit.commit().await.unwrap();
        requests
    }

    async fn activity(&self, organization: OrganizationId, limit: u64) -> Vec<ActivityRecord> {
        self.read().await.audit().activity(organization, limit).await.unwrap()
    }
}

pub async fn events_come_in_commit_order_as_they_were_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let first = stage.events(acme, 2).await;
    let foreign = stage.events(bolt, 1).await;
    let mut second = stage.new_event();
    second.request_id = Some("a request".to_owned());
    second.event.subject = Subject::Organization(acme);
    let mut unit = stage.begin().await;
    unit.outbox().append(acme, std::slice::from_ref(&second)).await.unwrap();
    unit.outbox().append(acme, &[]).await.unwrap();
    unit.commit().await.unwrap();
    let all = [first, vec![second]].concat();
    let mut unit = stage.begin().await;
    assert_eq!(unit.outbox().oldest(acme, 10).await.unwrap(), all);
    assert_eq!(unit.outbox().oldest(acme, 2).await.unwrap(), all[..2]);
    assert_eq!(unit.outbox().oldest(bolt, 10).await.unwrap(), foreign);
}

pub async fn every_event_gets_its_number_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    stage.events(acme, 3).await;
    stage.events(bolt, 2).await;
    for expected in [4, 1, 0] {
        let mut unit = stage.begin().await;
        assert_eq!(unit.outbox().number(4).await.unwrap(), expected);
        unit.commit().await.unwrap();
    }
    stage.events(acme, 1).await;
    let mut unit = stage.begin().await;
    assert_eq!(unit.outbox().number(4).await.unwrap(), 1);
    // Numbers take nothing away and change no order.
    assert_eq!(unit.outbox().oldest(acme, 10).await.unwrap().len(), 4);
}

pub async fn numbers_given_in_an_abandoned_unit_are_given_again(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.events(acme, 3).await;
    for _ in 0..2 {
        let mut unit = stage.begin().await;
        assert_eq!(unit.outbox().number(10).await.unwrap(), 3);
    }
}

pub async fn the_newest_requests_come_first_and_as_many_as_asked(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let mut all = stage.requests(acme, &["/Users", "/Groups/'ü'"]).await;
    stage.requests(bolt, &["/Users/secret"]).await;
    all.extend(stage.requests(acme, &["/Users/1"]).await);
    stage.requests(acme, &[]).await;
    all.reverse();
    assert_eq!(stage.activity(acme, 10).await, all);
    assert_eq!(stage.activity(acme, 2).await, all[..2]);
    assert!(stage.activity(acme, 0).await.is_empty());
}

pub async fn pages_of_requests_make_up_the_whole(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let mut all = stage.requests(acme, &["/1", "/2", "/3", "/4", "/5"]).await;
    // Requests of one moment, too, come once each.
    let key = all[0].api_key;
    let one: Vec<_> = ["/6", "/7", "/8"].iter().map(|it| stage.new_request(key, it)).collect();
    let at = one[0].at;
    let one: Vec<_> = one.into_iter().map(|it| ActivityRecord { at, ..it }).collect();
    let mut unit = stage.begin().await;
    unit.activities().append(acme, &one).await.unwrap();
    unit.commit().await.unwrap();
    all.extend(one);
    all.reverse();
    for limit in 1..=9 {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let mut snapshot = stage.read().await;
            let page = snapshot.audit().activity_page(acme, after, limit).await.unwrap();
            found.extend(page.requests);
            after = page.rest;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, all, "{limit} a page");
    }
}

pub async fn requests_older_than_a_moment_are_forgotten_everywhere(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let ours = stage.requests(acme, &["/1", "/2"]).await;
    let theirs = stage.requests(bolt, &["/3", "/4"]).await;
    let mut unit = stage.begin().await;
    unit.activities().forget(theirs[1].at).await.unwrap();
    unit.commit().await.unwrap();
    assert!(stage.activity(acme, 10).await.is_empty());
    assert_eq!(stage.activity(bolt, 10).await, theirs[1..]);
    let mut unit = stage.begin().await;
    unit.activities().forget(ours[0].at).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(stage.activity(bolt, 10).await, theirs[1..]);
}
