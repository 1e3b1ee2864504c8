//! Units of work on SQLite: shared commits, and what survives when something fails.
#![cfg(test)]

#[path = "common/fresh.rs"]
mod fresh;
#[path = "common/people.rs"]
mod people;
#[path = "common/units.rs"]
mod units;

use std::{sync::Arc, time::Duration};

use fresh::Fresh;

use rusqlite::Connection;
use scim_app::{
    ports::{Ids as _, Store, StoreError},
    testing::CountingIds,
};
use scim_domain::{OrganizationId, schema::Catalog};
use scim_store::{SqlStore, SqliteOptions};
use tokio::task::JoinSet;
use units::{count, named, store_user};

fn organization(ids: &CountingIds) -> OrganizationId {
    OrganizationId::new(ids.next())
}

// R2, V2
#[tokio::test(flavor = "multi_thread")]
async fn units_of_many_writers_share_commits_and_all_are_kept() {
    let fresh = Fresh::new().await;
    let (store, ids) = (fresh.open(), Arc::new(CountingIds::new()));
    let acme = organization(&ids);
    let mut writers = JoinSet::new();
    for writer in 0..16 {
        let (store, ids) = (Arc::clone(&store), Arc::clone(&ids));
        writers.spawn(async move {
            for number in 0..50 {
                let user = named(&ids, &format!("user-{writer}-{number}@acme.example"));
                store_user(&*store, acme, &user).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let commits = store.commits().await.unwrap();
    assert!(commits < 800, "{commits} commits for 800 units");
    assert!(commits > 0);
    // Another process sees them all, so they are in the file and not in this one's memory.
    assert_eq!(count(&*fresh.open(), acme).await, 800);
}

// R2
#[tokio::test]
async fn an_acknowledged_unit_has_its_own_commit_when_nobody_else_writes() {
    let fresh = Fresh::new().await;
    let (store, ids) = (fresh.open(), CountingIds::new());
    let acme = organization(&ids);
    for number in 1..=5 {
        store_user(&*store, acme, &named(&ids, &format!("user-{number}"))).await.unwrap();
        assert_eq!(store.commits().await.unwrap(), number);
    }
}

// N7, R1
#[tokio::test]
async fn what_a_dropped_unit_has_seen_of_others_is_kept_before_it_is_gone() {
    let fresh = Fresh::new().await;
    let (store, ids) = (fresh.open(), CountingIds::new());
    let acme = organization(&ids);
    for number in 0..10 {
        let user = named(&ids, &format!("user-{number}@acme.example"));
        let name = user.user_name_key().clone();
        let mut writes = store.begin().await.unwrap();
        let refused = tokio::spawn({
            let store = Arc::clone(&store);
            async move {
                // Joins the batch of the first and finds its user, as a repeated create does.
                let mut unit = store.begin().await.unwrap();
                let seen = unit.read().users().find_by_name(acme, &name).await.unwrap();
                drop(unit);
                (seen.is_some(), count(&*store, acme).await)
            }
        });
        // It waits for its turn now.
        tokio::task::yield_now().await;
        writes.users().insert(acme, &Catalog::standard(), &user).await.unwrap();
        writes.commit().await.unwrap();
        assert_eq!(refused.await.unwrap(), (true, number + 1));
    }
}

#[tokio::test]
async fn a_dropped_unit_leaves_nothing_and_costs_no_commit() {
    let fresh = Fresh::new().await;
    let (store, ids) = (fresh.open(), CountingIds::new());
    let acme = organization(&ids);
    let mut unit = store.begin().await.unwrap();
    unit.users().insert(acme, &Catalog::standard(), &named(&ids, "gone")).await.unwrap();
    drop(unit);
    assert_eq!(store.commits().await.unwrap(), 0);
    assert_eq!(count(&*store, acme).await, 0);
    store_user(&*store, acme, &named(&ids, "gone")).await.unwrap();
    assert_eq!(count(&*store, acme).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn units_that_are_dropped_among_others_take_nobody_along() {
    let fresh = Fresh::new().await;
    let (store, ids) = (fresh.open(), Arc::new(CountingIds::new()));
    let acme = organization(&ids);
    let mut writers = JoinSet::new();
    for number in 0..200 {
        let (store, ids) = (Arc::clone(&store), Arc::clone(&ids));
        writers.spawn(async move {
            let user = named(&ids, &format!("user-{number}"));
            let mut unit = store.begin().await.unwrap();
            unit.users().insert(acme, &Catalog::standard(), &user).await.unwrap();
            if number % 3 == 0 {
                drop(unit);
            } else {
                unit.commit().await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let kept = (0..200).filter(|it| it % 3 != 0).count() as u64;
    assert_eq!(count(&*store, acme).await, kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_whose_caller_went_away_while_it_waited_blocks_nobody() {
    let fresh = Fresh::new().await;
    let (store, ids) = (fresh.open(), CountingIds::new());
    let acme = organization(&ids);
    let first = store.begin().await.unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..10 {
        let store = Arc::clone(&store);
        waiting.spawn(async move { store.begin().await.map(drop) });
    }
    tokio::task::yield_now().await;
    waiting.abort_all();
    while waiting.join_next().await.is_some() {}
    first.commit().await.unwrap();
    store_user(&*store, acme, &named(&ids, "next")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_write_to_one_file_in_turn() {
    let fresh = Fresh::new().await;
    let stores = [fresh.open(), fresh.open()];
    let ids = Arc::new(CountingIds::new());
    let acme = organization(&ids);
    let mut writers = JoinSet::new();
    for number in 0..100 {
        let (store, ids) = (Arc::clone(&stores[number % 2]), Arc::clone(&ids));
        writers.spawn(async move {
            let user = named(&ids, &format!("user-{number}"));
            store_user(&*store, acme, &user).await.unwrap();
        });
    }
    writers.join_all().await;
    for store in &stores {
        assert_eq!(count(&**store, acme).await, 100);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_beside_a_busy_server_gets_its_turn() {
    let fresh = Fresh::new().await;
    let (server, command) = (fresh.open(), fresh.open());
    let ids = Arc::new(CountingIds::new());
    let acme = organization(&ids);
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let (server, ids) = (Arc::clone(&server), Arc::clone(&ids));
        writers.spawn(async move {
            for number in 0.. {
                let user = named(&ids, &format!("user-{writer}-{number}"));
                store_user(&*server, acme, &user).await.unwrap();
            }
        });
    }
    // Each has five seconds.
    for number in 0..3 {
        store_user(&*command, acme, &named(&ids, &format!("cli-{number}"))).await.unwrap();
    }
    writers.abort_all();
}

fn impatient(fresh: &Fresh) -> SqlStore {
    let options = SqliteOptions {
        patience: Duration::from_millis(30),
        ..SqliteOptions::new(scim_migrations::LATEST)
    };
    SqlStore::open_sqlite(&fresh.path, options).unwrap()
}

#[tokio::test]
async fn whoever_holds_the_lock_for_too_long_makes_writes_unavailable_and_reads_go_on() {
    let fresh = Fresh::new().await;
    let (store, ids) = (impatient(&fresh), CountingIds::new());
    let acme = organization(&ids);
    let other = Connection::open(&fresh.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store_user(&store, acme, &named(&ids, "a")).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert_eq!(count(&store, acme).await, 0);
    other.execute_batch("ROLLBACK").unwrap();
    store_user(&store, acme, &named(&ids, "a")).await.unwrap();
}

#[tokio::test]
async fn a_unit_that_holds_the_turn_for_too_long_makes_others_unavailable() {
    let fresh = Fresh::new().await;
    let store = impatient(&fresh);
    let slow = store.begin().await.unwrap();
    let refused = store.begin().await.map(drop);
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    drop(slow);
    store.begin().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_store_without_schema_is_not_ready_and_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("empty.db");
    let options = SqliteOptions::new(scim_migrations::LATEST);
    let store = SqlStore::open_sqlite(&path, options).unwrap();
    assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));
    let ids = CountingIds::new();
    let refused = store_user(&store, organization(&ids), &named(&ids, "a")).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    scim_migrations::up(&format!("sqlite://{}", path.display())).await.unwrap();
    store.ready().await.unwrap();
    let newer = SqlStore::open_sqlite(&path, SqliteOptions::new("m99990101_000001_newer"));
    assert!(matches!(newer.unwrap().ready().await, Err(StoreError::Unavailable(_))));
}

// V4
#[tokio::test]
async fn one_member_more_is_one_statement_whatever_the_size_of_the_group() {
    let fresh = Fresh::new().await;
    let (store, ids) = (fresh.open(), CountingIds::new());
    let acme = organization(&ids);
    let mut unit = store.begin().await.unwrap();
    let group = units::group(&ids, "Everybody");
    unit.groups().insert(acme, &Catalog::standard(), &group).await.unwrap();
    let mut users = Vec::new();
    for number in 0..2500 {
        let user = named(&ids, &format!("user-{number}"));
        unit.users().insert(acme, &Catalog::standard(), &user).await.unwrap();
        users.push(user.id);
    }
    let newcomer = users.pop().unwrap();
    // 2,499 rows: two thousands, four hundreds, nine tens, nine ones.
    let before = store.statements();
    let added = unit.groups().add_members(acme, group.id, &users, people::NOW).await.unwrap();
    assert_eq!(added, users);
    assert_eq!(store.statements() - before, 24);
    let before = store.statements();
    let added = unit.groups().add_members(acme, group.id, &[newcomer], people::NOW).await.unwrap();
    assert_eq!(added, [newcomer]);
    assert_eq!(store.statements() - before, 1);
    unit.commit().await.unwrap();
    let mut snapshot = store.read().await.unwrap();
    assert_eq!(snapshot.groups().count_members(acme, group.id).await.unwrap(), 2500);
}
