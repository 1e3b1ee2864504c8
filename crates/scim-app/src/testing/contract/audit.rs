//! The audit log and its chain.

use std::sync::Arc;

use scim_domain::{OrganizationId, Subject};

use super::stage::Stage;
use crate::ports::{AuditFilter, AuditRecord, Ids as _, Seal, Store, StoreError};

impl Stage {
    pub(super) async fn entries(
        &self,
        organization: OrganizationId,
        actions: &[&str],
    ) -> Vec<AuditRecord> {
        let entries: Vec<_> = actions.iter().map(|it| self.new_entry(it)).collect();
        let mut unit = self.begin().await;
        unit.audit().append(organization, &entries).await.unwrap();
        unit.commit().await.unwrap();
        entries
    }

    pub(super) async fn seal(
        &self,
        organization: OrganizationId,
        seals: &[(&AuditRecord, Seal)],
    ) -> Result<(), StoreError> {
        let mut unit = self.begin().await;
        unit.audit().seal(organization, seals).await?;
        unit.commit().await
    }
}

fn place(sequence: u64) -> Seal {
    Seal { sequence, hash: [u8::try_from(sequence).unwrap(); 32] }
}

pub async fn an_audit_entry_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let full = stage.new_entry("user.created");
    let key = scim_domain::ApiKeyId::new(stage.ids.next());
    let bare = AuditRecord {
        subject: Subject::ApiKey(key),
        request_id: None,
        detail: serde_json::json!({}),
        ..stage.new_entry("api_key.revoked")
    };
    let organization =
        AuditRecord { subject: Subject::Organization(acme), ..stage.new_entry("plan") };
    let all = [full, bare, organization];
    let mut unit = stage.begin().await;
    unit.audit().append(acme, &all).await.unwrap();
    unit.commit().await.unwrap();
    let newest = stage.read().await.audit().newest(acme, 10).await.unwrap();
    assert!(newest.iter().all(|it| it.seal.is_none()));
    assert!(newest.into_iter().map(|it| it.entry).eq(all.into_iter().rev()));
}

pub async fn the_newest_entries_come_first_and_as_many_as_asked(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    assert!(stage.read().await.audit().newest(acme, 10).await.unwrap().is_empty());
    stage.entries(acme, &["1", "2"]).await;
    stage.entries(acme, &["3", "4"]).await;
    stage.entries(acme, &[]).await;
    let mut snapshot = stage.read().await;
    for (limit, expected) in [(3, vec!["4", "3", "2"]), (9, vec!["4", "3", "2", "1"]), (0, vec![])]
    {
        let newest = snapshot.audit().newest(acme, limit).await.unwrap();
        let actions: Vec<_> = newest.iter().map(|it| it.entry.action.as_str()).collect();
        assert_eq!(actions, expected);
    }
}

pub async fn unsealed_entries_come_in_commit_order_of_all_organizations(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    stage.entries(bolt, &["1", "2"]).await;
    stage.entries(acme, &["3"]).await;
    stage.entries(bolt, &["4"]).await;
    stage.entries(acme, &["5", "6"]).await;
    let mut unit = stage.begin().await;
    let all = unit.audit().unsealed(100).await.unwrap();
    let found: Vec<_> = all.iter().map(|it| (it.organization, it.entry.action.as_str())).collect();
    let expected = [(bolt, "1"), (bolt, "2"), (acme, "3"), (bolt, "4"), (acme, "5"), (acme, "6")];
    assert_eq!(found, expected);
    assert_eq!(unit.audit().unsealed(4).await.unwrap(), all[..4]);
}

pub async fn a_sealed_entry_waits_no_more(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let entries = stage.entries(acme, &["1", "2", "3"]).await;
    assert_eq!(stage.read().await.audit().count_unsealed(acme).await.unwrap(), 3);
    stage.seal(acme, &[(&entries[0], place(1)), (&entries[1], place(2))]).await.unwrap();
    assert_eq!(stage.read().await.audit().count_unsealed(acme).await.unwrap(), 1);
    let waiting = stage.begin().await.audit().unsealed(10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].entry, entries[2]);
    let newest = stage.read().await.audit().newest(acme, 10).await.unwrap();
    let seals: Vec<_> = newest.into_iter().map(|it| it.seal).collect();
    assert_eq!(seals, [None, Some(place(2)), Some(place(1))]);
}

pub async fn the_chain_is_read_in_its_order(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let entries = stage.entries(acme, &["1", "2", "3", "4", "5", "open"]).await;
    let seals: Vec<_> = entries[..5].iter().zip((1..=5).map(place)).collect();
    stage.seal(acme, &seals[..2]).await.unwrap();
    stage.seal(acme, &seals[2..]).await.unwrap();
    let mut snapshot = stage.read().await;
    for (after, limit, expected) in [(0, 10, 0..5), (0, 2, 0..2), (2, 2, 2..4), (4, 9, 4..5)] {
        let chain = snapshot.audit().chain(acme, after, limit).await.unwrap();
        let found: Vec<_> = chain.into_iter().map(|it| (it.entry, it.seal)).collect();
        let wanted: Vec<_> =
            expected.map(|at| (entries[at].clone(), Some(seals[at].1.clone()))).collect();
        assert_eq!(found, wanted, "after {after}, at most {limit}");
    }
    assert!(snapshot.audit().chain(acme, 5, 10).await.unwrap().is_empty());
}

pub async fn the_last_seal_is_that_of_the_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let ours = stage.entries(acme, &["1", "2"]).await;
    let theirs = stage.entries(bolt, &["1"]).await;
    assert_eq!(stage.begin().await.audit().last_seal(acme).await.unwrap(), None);
    // Each organization counts from 1.
    stage.seal(acme, &[(&ours[0], place(1)), (&ours[1], place(2))]).await.unwrap();
    stage.seal(bolt, &[(&theirs[0], place(1))]).await.unwrap();
    let mut unit = stage.begin().await;
    assert_eq!(unit.audit().last_seal(acme).await.unwrap(), Some(place(2)));
    assert_eq!(unit.audit().last_seal(bolt).await.unwrap(), Some(place(1)));
}

pub async fn a_place_in_the_chain_is_given_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let entries = stage.entries(acme, &["1", "2", "3"]).await;
    stage.seal(acme, &[(&entries[0], place(1))]).await.unwrap();
    let outcome = stage.seal(acme, &[(&entries[1], place(2)), (&entries[2], place(1))]).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.audit().count_unsealed(acme).await.unwrap(), 2);
    let chain = snapshot.audit().chain(acme, 0, 10).await.unwrap();
    assert_eq!(chain.len(), 1);
    assert_eq!(chain[0].entry, entries[0]);
}

async fn walk(
    stage: &Stage,
    organization: OrganizationId,
    filter: &AuditFilter,
    limit: u64,
) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let mut snapshot = stage.read().await;
        let page = snapshot.audit().page(organization, filter, before, limit).await.unwrap();
        assert!(page.entries.len() <= usize::try_from(limit).unwrap());
        found.extend(page.entries.into_iter().map(|it| it.entry.action));
        let Some(rest) = page.rest else { return found };
        before = Some(rest);
    }
}

pub async fn pages_of_the_audit_log_make_up_the_whole(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let entries = stage.entries(acme, &["1", "2", "3"]).await;
    stage.entries(bolt, &["foreign"]).await;
    let seals: Vec<_> = entries.iter().zip((1..=3).map(place)).collect();
    stage.seal(acme, &seals).await.unwrap();
    stage.entries(acme, &["4", "5", "6", "7"]).await;
    for limit in 1..=8 {
        let found = walk(&stage, acme, &AuditFilter::default(), limit).await;
        assert_eq!(found, ["7", "6", "5", "4", "3", "2", "1"], "{limit} a page");
    }
}

pub async fn a_page_goes_on_where_it_ended_when_entries_got_their_place(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let entries = stage.entries(acme, &["1", "2", "3", "4", "5"]).await;
    let all = AuditFilter::default();
    let first = stage.read().await.audit().page(acme, &all, None, 2).await.unwrap();
    assert_eq!((first.entries[1].entry.action.as_str(), first.rest), ("4", Some(4)));
    let seals: Vec<_> = entries.iter().zip((1..=5).map(place)).collect();
    stage.seal(acme, &seals).await.unwrap();
    stage.entries(acme, &["6"]).await;
    let second = stage.read().await.audit().page(acme, &all, first.rest, 9).await.unwrap();
    let actions: Vec<_> = second.entries.iter().map(|it| it.entry.action.as_str()).collect();
    assert_eq!((actions, second.rest), (vec!["3", "2", "1"], None));
}

pub async fn the_audit_log_is_filtered_by_subject_and_action(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let mut entries: Vec<_> =
        ["a", "b", "a", "b", "a", "b", "a"].iter().map(|it| stage.new_entry(it)).collect();
    let (one, other) = (entries[0].subject, entries[1].subject);
    for (at, entry) in entries.iter_mut().enumerate() {
        entry.subject = if at < 4 { one } else { other };
    }
    let mut unit = stage.begin().await;
    unit.audit().append(acme, &entries).await.unwrap();
    unit.commit().await.unwrap();
    let filters = [(None, None, 7), (Some(one), None, 4), (None, Some("b"), 3)];
    let filters = filters.into_iter().chain([(Some(other), Some("a"), 2), (None, Some("c"), 0)]);
    for sealed in [0, 5, 7_usize] {
        let seals: Vec<_> = entries.iter().zip((1..).map(place)).take(sealed).collect();
        let waiting = stage.read().await.audit().count_unsealed(acme).await.unwrap();
        let done = entries.len() - usize::try_from(waiting).unwrap();
        stage.seal(acme, &seals[done..]).await.unwrap();
        for (subject, action, expected) in filters.clone() {
            let subject = subject.map(|it: Subject| it.uuid());
            let filter = AuditFilter { subject, action: action.map(str::to_owned) };
            let found = walk(&stage, acme, &filter, 2).await;
            assert_eq!(found.len(), expected, "{filter:?}, {sealed} sealed");
            assert!(action.is_none_or(|it| found.iter().all(|found| found == it)));
        }
    }
}
