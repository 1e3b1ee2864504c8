//! Requests that were carried out, with their answers.

use std::sync::Arc;

use scim_domain::{ApiKeyId, OrganizationId};
use tokio::task::JoinSet;

use super::stage::Stage;
use crate::ports::{AnsweredRequest, Ids as _, Store, StoreError, UniqueKey};

fn request(stage: &Stage, organization: OrganizationId, name: u8) -> AnsweredRequest {
    AnsweredRequest {
        organization,
        api_key: ApiKeyId::new(stage.ids.next()),
        name: [name; 32],
        fingerprint: [name ^ 0xff; 32],
        answer: vec![0, 1, 0xff, name],
        at: stage.now(),
    }
}

async fn insert(stage: &Stage, request: &AnsweredRequest) -> Result<(), StoreError> {
    let mut unit = stage.begin().await;
    unit.idempotency().insert(request).await?;
    tokio::task::yield_now().await;
    unit.commit().await
}

async fn find(stage: &Stage, like: &AnsweredRequest) -> Option<AnsweredRequest> {
    let AnsweredRequest { organization, api_key, name, .. } = like;
    stage.read().await.idempotency().find(*organization, *api_key, name).await.unwrap()
}

pub async fn an_answered_request_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    for owner in [acme, OrganizationId::OPERATOR] {
        let one = request(&stage, owner, 1);
        assert_eq!(find(&stage, &one).await, None);
        insert(&stage, &one).await.unwrap();
        assert_eq!(find(&stage, &one).await, Some(one));
    }
}

pub async fn a_request_of_a_name_is_answered_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let one = request(&stage, acme, 1);
    insert(&stage, &one).await.unwrap();
    let again = AnsweredRequest { answer: vec![9], fingerprint: [9; 32], ..one.clone() };
    let clash = insert(&stage, &again).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::IdempotencyKey))), "{clash:?}");
    assert_eq!(find(&stage, &one).await, Some(one));
}

// T2
pub async fn a_name_of_another_key_or_organization_is_another(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let one = request(&stage, acme, 1);
    let of_another_key = request(&stage, acme, 1);
    let of_another_organization = AnsweredRequest { organization: bolt, ..one.clone() };
    let of_another_name = AnsweredRequest { name: [2; 32], ..one.clone() };
    let all = [one, of_another_key, of_another_organization, of_another_name];
    for it in &all {
        assert_eq!(find(&stage, it).await, None);
        insert(&stage, it).await.unwrap();
    }
    for it in all {
        assert_eq!(find(&stage, &it).await, Some(it));
    }
}

pub async fn answers_older_than_a_moment_are_forgotten_oldest_first(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let mut all = Vec::new();
    for (owner, name) in [(acme, 1), (bolt, 2), (acme, 3), (bolt, 4)] {
        let it = request(&stage, owner, name);
        insert(&stage, &it).await.unwrap();
        all.push(it);
        stage.clock.advance(1);
    }
    for (limit, gone, left) in [(2, 2, 2), (2, 1, 1), (2, 0, 1)] {
        let mut unit = stage.begin().await;
        assert_eq!(unit.idempotency().forget(all[3].at, limit).await.unwrap(), gone);
        unit.commit().await.unwrap();
        for (at, it) in all.iter().enumerate() {
            let kept = find(&stage, it).await.is_some();
            assert_eq!(kept, at >= all.len() - left, "{at}");
        }
    }
}

pub async fn of_many_at_once_one_is_answered(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let one = request(&stage, acme, 1);
    let mut racers = JoinSet::new();
    for number in 0..16 {
        let (stage, it) =
            (Arc::clone(&stage), AnsweredRequest { answer: vec![number], ..one.clone() });
        racers.spawn(async move { insert(&stage, &it).await.map(|()| number) });
    }
    let outcomes = racers.join_all().await;
    let won: Vec<_> = outcomes.iter().filter_map(|it| it.as_ref().ok()).collect();
    assert_eq!(won.len(), 1);
    let lost = outcomes.iter().filter_map(|it| it.as_ref().err());
    assert!(lost.clone().all(|it| matches!(it, StoreError::Taken(UniqueKey::IdempotencyKey))));
    assert_eq!(find(&stage, &one).await.unwrap().answer, [*won[0]]);
}
