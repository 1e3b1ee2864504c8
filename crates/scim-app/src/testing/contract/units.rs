//! Units of work and snapshots: all or nothing, and one view.

use std::{future::poll_fn, pin::pin, sync::Arc, task::Poll, time::Duration};

use scim_domain::schema::Catalog;

use super::{
    builders::changed_user,
    stage::{Stage, stored, stored_group},
};
use crate::ports::{KeyUse, Store};

pub async fn a_fresh_store_is_ready(store: Arc<dyn Store>) {
    store.ready().await.unwrap();
}

pub async fn an_abandoned_unit_leaves_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let key = stage.key(acme, "Okta").await;
    let old = stage.user(acme, "old").await;
    let group = stage.group(acme, "Old").await;
    stage.join(acme, group.id, &[old.id]).await;

    let (new, new_group) = (stage.new_user("new"), stage.new_group("New"));
    let usage = KeyUse { at: stage.now(), address: None, agent: None };
    let mut unit = stage.begin().await;
    unit.organizations().insert(&stage.new_organization("Never")).await.unwrap();
    unit.api_keys().insert(&stage.new_key(acme, "Never")).await.unwrap();
    unit.users().insert(acme, &Catalog::standard(), &new).await.unwrap();
    unit.groups().insert(acme, &Catalog::standard(), &new_group).await.unwrap();
    unit.groups().add_members(acme, group.id, &[new.id], stage.now()).await.unwrap();
    unit.groups().remove_members(acme, group.id, &[old.id]).await.unwrap();
    unit.users().delete(acme, old.id, 1).await.unwrap();
    let role = stage.new_role("Never", group.id);
    unit.roles().insert(acme, &role).await.unwrap();
    unit.roles().map(acme, group.id, role.id, stage.now()).await.unwrap();
    unit.audit().append(acme, &[stage.new_entry("never")]).await.unwrap();
    unit.outbox().append(acme, &[stage.new_event()]).await.unwrap();
    unit.activities().append(acme, &[stage.new_request(key.id, "/never")]).await.unwrap();
    unit.activities().used(acme, &[(key.id, usage)]).await.unwrap();
    drop(unit);

    assert_eq!(stage.find_user(acme, old.id).await, Some(stored(&old)));
    assert_eq!(stage.find_user(acme, new.id).await, None);
    assert_eq!(stage.find_group(acme, new_group.id).await, None);
    assert_eq!(stage.members(acme, group.id).await, [old.id]);
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.organizations().list().await.unwrap().len(), 1);
    assert_eq!(snapshot.api_keys().list(acme).await.unwrap(), [(key, None)]);
    assert!(snapshot.roles().list(acme).await.unwrap().is_empty());
    assert!(snapshot.roles().mapped(acme, &[group.id]).await.unwrap().is_empty());
    assert!(snapshot.audit().newest(acme, 10).await.unwrap().is_empty());
    assert!(snapshot.audit().activity(acme, 10).await.unwrap().is_empty());
    drop(snapshot);
    assert!(stage.begin().await.outbox().oldest(acme, 10).await.unwrap().is_empty());
    // The names it had taken are free.
    stage.user(acme, "new").await;
    stage.group(acme, "New").await;
}

pub async fn a_unit_that_failed_leaves_nothing_and_blocks_nobody(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.user(acme, "anna").await;
    let (first, twin) = (stage.new_user("first"), stage.new_user("ANNA"));
    let mut unit = stage.begin().await;
    unit.users().insert(acme, &Catalog::standard(), &first).await.unwrap();
    assert!(unit.users().insert(acme, &Catalog::standard(), &twin).await.is_err());
    drop(unit);
    assert_eq!(stage.find_user(acme, first.id).await, None);
    stage.user(acme, "first").await;
}

pub async fn a_unit_whose_caller_went_away_keeps_no_row(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let mut first = stage.begin().await;
    first.organizations().find_for_update(acme).await.unwrap();
    // Gone after so many steps: on the way, and when nothing is left to do but to wait for the first
    // one, wherever a store does.
    for steps in [1, 10, 100, 1_000, 10_000] {
        let mut waiting =
            pin!(async { stage.begin().await.organizations().find_for_update(acme).await });
        for _ in 0..steps {
            let pending =
                poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending()));
            assert!(pending.await);
            tokio::task::yield_now().await;
        }
    }
    first.commit().await.unwrap();
    // Whoever has what the one who went away had, has nothing of its row.
    let mut snapshots = Vec::new();
    for _ in 0..3 {
        let mut snapshot = stage.read().await;
        assert_eq!(snapshot.organizations().list().await.unwrap().len(), 1);
        snapshots.push(snapshot);
        let mut unit = stage.begin().await;
        assert!(unit.organizations().find_for_update(acme).await.unwrap().is_some());
        unit.commit().await.unwrap();
    }
}

pub async fn a_commit_whose_caller_went_away_is_whole_or_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    for steps in [0, 1, 2, 3, 5, 10, 100] {
        let (user, group) = (stage.new_user(&format!("user-{steps}")), stage.new_group("Group"));
        let mut unit = stage.begin().await;
        unit.groups().insert(acme, &Catalog::standard(), &group).await.unwrap();
        unit.users().insert(acme, &Catalog::standard(), &user).await.unwrap();
        {
            let mut commit = pin!(unit.commit());
            for _ in 0..steps {
                let ready =
                    poll_fn(|context| Poll::Ready(commit.as_mut().poll(context).is_ready()));
                if ready.await {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        // Whoever has what it had carries nothing of it on.
        let mut next = stage.begin().await;
        assert!(next.organizations().find_for_update(acme).await.unwrap().is_some());
        next.commit().await.unwrap();
        let mut snapshot = stage.read().await;
        let one = snapshot.users().find(acme, user.id).await.unwrap().is_some();
        let other = snapshot.groups().find(acme, group.id).await.unwrap().is_some();
        assert_eq!(one, other, "{steps}");
        drop(snapshot);
        if other {
            stage.delete_group(acme, group.id, 1).await.unwrap();
        }
    }
}

pub async fn a_unit_reads_what_it_wrote(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (anna, group) = (stage.new_user("anna"), stage.new_group("Admins"));
    let mut unit = stage.begin().await;
    unit.users().insert(acme, &Catalog::standard(), &anna).await.unwrap();
    unit.groups().insert(acme, &Catalog::standard(), &group).await.unwrap();
    unit.groups().add_members(acme, group.id, &[anna.id], stage.now()).await.unwrap();
    let found = unit.read().users().find(acme, anna.id).await.unwrap();
    assert_eq!(found, Some(stored(&anna)));
    let locked = unit.users().find_for_update(acme, anna.id).await.unwrap();
    assert_eq!(locked, Some(stored(&anna)));
    let found = unit.read().groups().find_by_name(acme, group.display_name_key()).await.unwrap();
    assert_eq!(found, Some(stored_group(&group)));
    assert_eq!(unit.read().groups().count_members(acme, group.id).await.unwrap(), 1);
    assert_eq!(unit.read().users().groups_of(acme, &[anna.id]).await.unwrap().len(), 1);
}

pub async fn nobody_sees_a_unit_before_its_commit(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.new_user("anna");
    let mut unit = stage.begin().await;
    unit.users().insert(acme, &Catalog::standard(), &anna).await.unwrap();
    // Reading does not wait for the writer either.
    assert_eq!(stage.find_user(acme, anna.id).await, None);
    unit.commit().await.unwrap();
    assert_eq!(stage.find_user(acme, anna.id).await, Some(stored(&anna)));
}

pub async fn a_snapshot_does_not_see_later_commits(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let before = stage.user(acme, "anna").await;
    let mut snapshot = stage.read().await;
    // A view is fixed by the first question at the latest.
    assert_eq!(snapshot.users().find(acme, before.id).await.unwrap(), Some(stored(&before)));

    let body = serde_json::json!({ "userName": "annika" });
    let after = changed_user(&before, &body, stage.now());
    stage.update_user(acme, &after, 1).await.unwrap();
    let group = stage.group(acme, "Admins").await;
    stage.join(acme, group.id, &[after.id]).await;

    assert_eq!(snapshot.users().find(acme, before.id).await.unwrap(), Some(stored(&before)));
    assert_eq!(snapshot.groups().find(acme, group.id).await.unwrap(), None);
    assert!(snapshot.users().groups_of(acme, &[before.id]).await.unwrap().is_empty());
    let mut later = stage.read().await;
    assert_eq!(later.users().find(acme, before.id).await.unwrap(), Some(stored(&after)));
    assert_eq!(later.users().groups_of(acme, &[before.id]).await.unwrap().len(), 1);
}

pub async fn many_snapshots_are_open_at_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let (mut one, mut other) = (stage.read().await, stage.read().await);
    for snapshot in [&mut one, &mut other] {
        let found = snapshot.users().find(acme, anna.id).await.unwrap();
        assert_eq!(found, Some(stored(&anna)));
    }
}

pub async fn an_empty_unit_commits(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    stage.begin().await.commit().await.unwrap();
    stage.organization("Acme").await;
}

pub async fn a_commit_is_signalled(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let committed = stage.store.committed();
    let signal = async || {
        let waited = tokio::time::timeout(Duration::from_secs(10), committed.notified());
        waited.await.unwrap();
    };
    stage.organization("Acme").await;
    signal().await;
    // Nobody listened in this moment, and it is heard all the same.
    stage.organization("Bolt").await;
    signal().await;
}
