//! Many writers at once: nothing is lost, nothing is there twice.

use std::sync::Arc;

use scim_domain::{FoldedText, schema::Catalog, user::User};
use serde_json::json;
use tokio::task::JoinSet;

use super::{
    builders::{changed_user, renamed},
    stage::{Stage, sorted},
};
use crate::ports::{Part, Search, Store, StoreError, UniqueKey, Window};

// N1
pub async fn one_of_200_racers_gets_a_user_name(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let mut racers = JoinSet::new();
    for number in 0..200 {
        let stage = Arc::clone(&stage);
        let name = if number % 2 == 0 { "anna@acme.example" } else { "ANNA@Acme.Example" };
        let user = stage.new_user(name);
        racers.spawn(async move { stage.try_insert_user(acme, &user).await });
    }
    let mut winners = 0;
    while let Some(outcome) = racers.join_next().await {
        match outcome.unwrap() {
            Ok(()) => winners += 1,
            Err(other) => {
                assert!(matches!(other, StoreError::Taken(UniqueKey::UserName)), "{other:?}");
            }
        }
    }
    assert_eq!(winners, 1);
    let window = Window { offset: 0, limit: 0 };
    let everybody = Search {
        catalog: &Catalog::standard(),
        filter: None,
        sort: None,
        part: Part::Window(window),
    };
    assert_eq!(stage.read().await.users().search(acme, everybody).await.unwrap().total, 1);
}

// N2
pub async fn one_of_many_renames_gets_a_user_name(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let users: Vec<_> = (0..30).map(|it| stage.new_user(&format!("user-{it}"))).collect();
    stage.insert_users(acme, &users).await;
    let mut racers = JoinSet::new();
    for user in users {
        let after = changed_user(&user, &json!({ "userName": "Wanted" }), stage.now());
        let stage = Arc::clone(&stage);
        racers.spawn(async move { stage.update_user(acme, &after, 1).await });
    }
    let outcomes = racers.join_all().await;
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    let lost =
        |it: &&Result<(), StoreError>| matches!(it, Err(StoreError::Taken(UniqueKey::UserName)));
    assert_eq!(outcomes.iter().filter(lost).count(), 29);
}

// N2
pub async fn one_of_many_renames_gets_a_display_name(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let mut groups = Vec::new();
    for number in 0..30 {
        groups.push(stage.group(acme, &format!("Group {number}")).await);
    }
    let mut racers = JoinSet::new();
    for group in groups {
        let after = renamed(&group, "Wanted", stage.now());
        let stage = Arc::clone(&stage);
        racers.spawn(async move { stage.update_group(acme, &after, 1).await });
    }
    let outcomes = racers.join_all().await;
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    let lost = |it: &&Result<(), StoreError>| {
        matches!(it, Err(StoreError::Taken(UniqueKey::GroupDisplayName)))
    };
    assert_eq!(outcomes.iter().filter(lost).count(), 29);
    let name = FoldedText::of("wanted");
    assert!(stage.read().await.groups().find_by_name(acme, &name).await.unwrap().is_some());
}

// N4
pub async fn one_of_many_updates_of_a_version_wins(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let mut racers = JoinSet::new();
    for number in 0..16 {
        let body = json!({ "userName": "anna", "nickName": format!("number {number}") });
        let after = changed_user(&anna, &body, stage.now());
        let stage = Arc::clone(&stage);
        racers.spawn(async move { stage.update_user(acme, &after, 1).await });
    }
    let outcomes = racers.join_all().await;
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    let losers = outcomes.iter().filter(|it| matches!(it, Err(StoreError::Stale))).count();
    assert_eq!(losers, 15);
    assert_eq!(stage.find_user(acme, anna.id).await.unwrap().meta.version, 2);
}

pub async fn writers_take_turns_and_lose_no_update(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let counter = stage.new_user_of(&json!({ "userName": "counter", "nickName": "0" }));
    stage.insert_users(acme, std::slice::from_ref(&counter)).await;
    let mut writers = JoinSet::new();
    for _ in 0..16 {
        let stage = Arc::clone(&stage);
        let id = counter.id;
        writers.spawn(async move {
            for _ in 0..5 {
                let mut unit = stage.begin().await;
                let stored = unit.users().find_for_update(acme, id).await.unwrap().unwrap();
                let user = User::from_stored(&Catalog::standard().user, &stored).unwrap();
                let more = (count(&user) + 1).to_string();
                let body = json!({ "userName": "counter", "nickName": more });
                let next = changed_user(&user, &body, stage.now());
                unit.users()
                    .update(acme, &Catalog::standard(), &next, user.meta.version)
                    .await
                    .unwrap();
                unit.commit().await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let stored = stage.find_user(acme, counter.id).await.unwrap();
    assert_eq!(stored.meta.version, 81);
    let user = User::from_stored(&Catalog::standard().user, &stored).unwrap();
    assert_eq!(count(&user), 80);
}

fn count(user: &User) -> u64 {
    user.document().get("nickName").unwrap().as_text().unwrap().parse().unwrap()
}

// N5
pub async fn eight_writers_add_a_hundred_members_each(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let users = stage.users(acme, 800).await;
    let mut writers = JoinSet::new();
    for part in users.chunks(100) {
        let (stage, part) = (Arc::clone(&stage), part.to_vec());
        writers.spawn(async move {
            for user in part {
                assert_eq!(stage.join(acme, group.id, &[user]).await, [user]);
            }
        });
    }
    writers.join_all().await;
    assert_eq!(stage.members(acme, group.id).await, users);
}

pub async fn a_member_added_by_many_at_once_is_new_to_one(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let users = stage.users(acme, 20).await;
    let mut writers = JoinSet::new();
    for _ in 0..8 {
        let (stage, users) = (Arc::clone(&stage), users.clone());
        writers.spawn(async move { stage.join(acme, group.id, &users).await });
    }
    let new = writers.join_all().await.concat();
    assert_eq!(sorted(new), users);
}

pub async fn a_reader_never_sees_half_a_unit(store: Arc<dyn Store>) {
    let stage = Stage::shared(store);
    let acme = stage.organization("Acme").await;
    let (one, other) = (stage.group(acme, "One").await, stage.group(acme, "Other").await);
    let users = stage.users(acme, 60).await;
    let mut tasks = JoinSet::new();
    let writer = Arc::clone(&stage);
    tasks.spawn(async move {
        for user in users {
            let mut unit = writer.begin().await;
            unit.groups().add_members(acme, one.id, &[user], writer.now()).await.unwrap();
            unit.groups().add_members(acme, other.id, &[user], writer.now()).await.unwrap();
            unit.commit().await.unwrap();
        }
    });
    for _ in 0..4 {
        let stage = Arc::clone(&stage);
        tasks.spawn(async move {
            for _ in 0..100 {
                let mut snapshot = stage.read().await;
                let ones = snapshot.groups().count_members(acme, one.id).await.unwrap();
                tokio::task::yield_now().await;
                let others = snapshot.groups().count_members(acme, other.id).await.unwrap();
                assert_eq!(ones, others);
            }
        });
    }
    tasks.join_all().await;
}
