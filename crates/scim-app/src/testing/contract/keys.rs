//! API keys and their last use.

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};

use scim_domain::{
    ApiKeyId, OrganizationId,
    api_key::{AllowedAddresses, ApiKey, Limits},
    organization::Plan,
    resource::document::Strictness,
    role::RoleKey,
};
use tokio::task::JoinSet;

use super::stage::Stage;
use crate::{
    ports::{Ids as _, KeyUse, QuirkCount, Store, StoreError},
    quirks::Quirk,
};

async fn find(stage: &Stage, organization: OrganizationId, id: ApiKeyId) -> Option<ApiKey> {
    stage.read().await.api_keys().find(organization, id).await.unwrap()
}

async fn update(stage: &Stage, key: &ApiKey) -> Result<(), StoreError> {
    let mut unit = stage.begin().await;
    unit.api_keys().update(key).await?;
    unit.commit().await
}

async fn note_use(stage: &Stage, organization: OrganizationId, uses: &[(ApiKeyId, KeyUse)]) {
    let mut unit = stage.begin().await;
    unit.activities().used(organization, uses).await.unwrap();
    unit.commit().await.unwrap();
}

async fn note_quirks(stage: &Stage, organization: OrganizationId, quirks: &[QuirkCount]) {
    let mut unit = stage.begin().await;
    unit.activities().showed(organization, quirks).await.unwrap();
    unit.commit().await.unwrap();
}

pub async fn a_key_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let full = stage.key(acme, "Okta 'x' ü").await;
    let mut bare = stage.new_key(acme, "Bare");
    bare.permissions = BTreeSet::new();
    bare.description = String::new();
    bare.addresses = AllowedAddresses::default();
    bare.limits = Limits::default();
    bare.expires = None;
    bare.warning = Some(stage.now());
    bare.successor = Some(full.id);
    bare.revoked = Some(stage.now());
    bare.connection = full.id;
    let mut unit = stage.begin().await;
    unit.api_keys().insert(&bare).await.unwrap();
    unit.commit().await.unwrap();
    for key in [full, bare] {
        assert_eq!(find(&stage, acme, key.id).await, Some(key));
    }
    assert_eq!(find(&stage, acme, ApiKeyId::new(stage.ids.next())).await, None);
}

pub async fn authentication_joins_the_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let (key, other) = (stage.key(acme, "Okta").await, stage.key(bolt, "Okta").await);
    let mut snapshot = stage.read().await;
    for (key, organization) in [(key, acme), (other, bolt)] {
        let organization = snapshot.organizations().find(organization).await.unwrap().unwrap();
        let found = snapshot.api_keys().authenticate(key.id).await.unwrap();
        assert_eq!(found, Some((key, organization)));
    }
    let unknown = ApiKeyId::new(stage.ids.next());
    assert_eq!(snapshot.api_keys().authenticate(unknown).await.unwrap(), None);
}

pub async fn authentication_sees_plan_and_revocation_at_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let mut key = stage.key(acme, "Okta").await;
    let mut snapshot = stage.read().await;
    let mut organization = snapshot.organizations().find(acme).await.unwrap().unwrap();
    drop(snapshot);
    organization.plan = Plan::Starter;
    key.revoked = Some(stage.now());
    let mut unit = stage.begin().await;
    unit.organizations().update(&organization).await.unwrap();
    unit.api_keys().update(&key).await.unwrap();
    unit.commit().await.unwrap();
    let found = stage.read().await.api_keys().authenticate(key.id).await.unwrap();
    assert_eq!(found, Some((key, organization)));
}

pub async fn an_update_of_a_key_changes_what_may_change(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (before, other) = (stage.key(acme, "Okta").await, stage.key(acme, "Entra").await);
    let after = ApiKey {
        name: "Entra 'x' ü".to_owned(),
        description: String::new(),
        permissions: BTreeSet::new(),
        strictness: Strictness::Strict,
        addresses: AllowedAddresses::parse(&["198.51.100.7"]).unwrap(),
        limits: Limits { users_only: false, denied_roles: [RoleKey::read("analyst")].into() },
        expires: None,
        warning: Some(stage.now()),
        revoked: Some(stage.now()),
        successor: Some(other.id),
        token_generation: 7,
        ..before.clone()
    };
    let given = ApiKey {
        hash: "never".to_owned(),
        created: stage.now(),
        connection: other.id,
        ..after.clone()
    };
    update(&stage, &given).await.unwrap();
    assert_eq!(find(&stage, acme, after.id).await, Some(after));
    assert_eq!(find(&stage, acme, other.id).await, Some(other));
}

pub async fn an_update_of_an_unknown_key_is_stale(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let key = stage.key(acme, "Okta").await;
    let foreign = ApiKey { organization: bolt, revoked: Some(stage.now()), ..key.clone() };
    for unknown in [foreign, stage.new_key(acme, "Unknown")] {
        let outcome = update(&stage, &unknown).await;
        assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    }
    assert_eq!(find(&stage, acme, key.id).await, Some(key));
}

pub async fn keys_are_listed_oldest_first_with_their_last_use(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let keys = [
        stage.key(acme, "Zeta").await,
        stage.key(acme, "Alpha").await,
        stage.key(acme, "Alpha").await,
    ];
    let first = KeyUse { at: stage.now(), address: None, agent: None };
    let last = KeyUse {
        at: stage.now(),
        address: Some(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1])),
        agent: Some("Okta SCIM Client 1.0.0 'ü'".to_owned()),
    };
    let other =
        KeyUse { at: stage.now(), address: Some(IpAddr::from([192, 0, 2, 7])), agent: None };
    note_use(&stage, acme, &[(keys[0].id, first)]).await;
    note_use(&stage, acme, &[(keys[0].id, last.clone()), (keys[2].id, other.clone())]).await;
    note_use(&stage, acme, &[]).await;
    let listed = stage.read().await.api_keys().list(acme).await.unwrap();
    let [zeta, alpha, twin] = keys;
    let mut snapshot = stage.read().await;
    for (key, used) in &listed {
        assert_eq!(snapshot.api_keys().last_use(acme, key.id).await.unwrap(), *used);
    }
    assert_eq!(listed, [(zeta, Some(last)), (alpha, None), (twin, Some(other))]);
}

pub async fn keys_are_listed_in_pages_after_a_key(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let mut keys = Vec::new();
    for number in 0..5 {
        keys.push(stage.key(acme, &format!("Key {number}")).await);
        stage.key(bolt, "Another's").await;
    }
    let used = KeyUse { at: stage.now(), address: None, agent: Some("Okta".to_owned()) };
    note_use(&stage, acme, &[(keys[3].id, used.clone())]).await;
    let mut snapshot = stage.read().await;
    let all = snapshot.api_keys().list(acme).await.unwrap();
    assert_eq!(all[3], (keys[3].clone(), Some(used)));
    for limit in 0..7 {
        for from in 0..=all.len() {
            let after = from.checked_sub(1).map(|at| keys[at].id);
            let page = snapshot.api_keys().page(acme, after, limit).await.unwrap();
            let to = all.len().min(from + usize::try_from(limit).unwrap());
            assert_eq!(page, all[from..to], "{limit} after {after:?}");
        }
    }
}

pub async fn warnings_are_due_at_their_moment_of_all_organizations(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let now = stage.now();
    let at = |seconds| Some(now.plus_seconds(seconds));
    let mut due = Vec::new();
    for (organization, warning) in
        [(acme, at(30)), (bolt, at(10)), (acme, None), (bolt, at(31)), (acme, at(20))]
    {
        let key = ApiKey { warning, ..stage.new_key(organization, "Okta") };
        let mut unit = stage.begin().await;
        unit.api_keys().insert(&key).await.unwrap();
        unit.commit().await.unwrap();
        due.push((organization, key.id));
    }
    let mut snapshot = stage.read().await;
    let keys = snapshot.api_keys();
    let moment = now.plus_seconds(30);
    // Up to and with the moment, the longest due first.
    let wanted = [due[1], due[4], due[0]];
    assert_eq!(keys.warnings_due(moment, 10).await.unwrap(), wanted);
    assert_eq!(keys.warnings_due(moment, 2).await.unwrap(), wanted[..2]);
    assert_eq!(keys.warnings_due(now.plus_seconds(9), 10).await.unwrap(), []);
}

pub async fn one_of_many_who_warn_of_a_key_changes_it(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let now = stage.now();
    let key = ApiKey { warning: Some(now), ..stage.new_key(acme, "Okta") };
    let mut unit = stage.begin().await;
    unit.api_keys().insert(&key).await.unwrap();
    unit.commit().await.unwrap();
    let mut racers = JoinSet::new();
    for _ in 0..20 {
        let (stage, id) = (Arc::clone(&stage), key.id);
        racers.spawn(async move {
            let mut unit = stage.begin().await;
            let found = unit.api_keys().find_for_update(acme, id).await.unwrap().unwrap();
            tokio::task::yield_now().await;
            let first = found.warning.is_some();
            unit.api_keys().update(&ApiKey { warning: None, ..found }).await.unwrap();
            unit.commit().await.unwrap();
            first
        });
    }
    let outcomes = racers.join_all().await;
    assert_eq!(outcomes.iter().filter(|first| **first).count(), 1);
    assert_eq!(find(&stage, acme, key.id).await, Some(ApiKey { warning: None, ..key }));
}

pub async fn quirks_add_up_and_keep_their_last_request(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let (okta, entra) = (stage.key(acme, "Okta").await, stage.key(acme, "Entra").await);
    let (early, late) = (stage.now(), stage.now());
    let count = |api_key, quirk, requests, last, request: &str| QuirkCount {
        api_key,
        quirk,
        requests,
        last,
        last_request_id: request.to_owned(),
    };
    let text = Quirk::BooleanAsText;
    note_quirks(&stage, acme, &[count(okta.id, text, 2, late, "r2")]).await;
    // Another instance may be late with what it has gathered.
    let later = [
        count(okta.id, text, 3, early, "r1"),
        count(entra.id, text, 1, early, "r1"),
        count(okta.id, Quirk::EmptyPath, u64::from(u32::MAX) + 1, late, "r3 'ü'"),
    ];
    note_quirks(&stage, acme, &later).await;
    note_quirks(&stage, bolt, &[]).await;
    let mut wanted = vec![
        count(okta.id, text, 5, late, "r2"),
        count(okta.id, Quirk::EmptyPath, u64::from(u32::MAX) + 1, late, "r3 'ü'"),
        count(entra.id, text, 1, early, "r1"),
    ];
    wanted.sort_by_key(|it| (it.api_key, it.quirk.name()));
    assert_eq!(stage.read().await.api_keys().quirks(acme).await.unwrap(), wanted);
    assert_eq!(stage.read().await.api_keys().quirks(bolt).await.unwrap(), []);
}

pub async fn an_update_of_a_key_keeps_its_last_use(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let mut key = stage.key(acme, "Okta").await;
    let last = KeyUse { at: stage.now(), address: None, agent: Some("curl".to_owned()) };
    note_use(&stage, acme, &[(key.id, last.clone())]).await;
    key.revoked = Some(stage.now());
    update(&stage, &key).await.unwrap();
    let listed = stage.read().await.api_keys().list(acme).await.unwrap();
    assert_eq!(listed, [(key, Some(last))]);
}
