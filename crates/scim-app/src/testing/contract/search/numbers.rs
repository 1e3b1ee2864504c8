//! Windows over everything: every page and every total is right, whoever came and went, and in
//! whatever order they came.

use std::sync::Arc;

use scim_domain::{
    OrganizationId, UserId,
    schema::Catalog,
    user::{StoredUser, User},
};

use super::people::{ALL, groups, users};
use crate::{
    ports::{Part, Search, Store, Window},
    testing::contract::stage::Stage,
};

/// Puts what came in its order in another one: every seventh after the others.
fn shuffled<T>(items: Vec<T>) -> Vec<T> {
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for (number, item) in items.into_iter().enumerate() {
        if number % 7 == 3 { late.push(item) } else { early.push(item) }
    }
    late.reverse();
    early.into_iter().chain(late).collect()
}

async fn assert_every_window(stage: &Stage, acme: OrganizationId, expected: &[UserId]) {
    let total = expected.len();
    for descending in [false, true] {
        let mut expected = expected.to_vec();
        if descending {
            expected.reverse();
        }
        let sort = descending.then_some(("id", "descending"));
        for offset in 0..total + 3 {
            let window = Window { offset: offset as u64, limit: 7 };
            let page = users(stage, acme, None, sort, window).await;
            assert_eq!(page.total, total as u64, "{descending} {offset}");
            let ids: Vec<_> = page.items.iter().map(|it: &StoredUser| it.id).collect();
            let inside: Vec<_> = expected.iter().copied().skip(offset).take(7).collect();
            assert_eq!(ids, inside, "{descending} {offset}");
        }
    }
}

pub async fn every_window_is_right_whoever_came_and_went(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    stage.users(bolt, 5).await;
    let all: Vec<User> = (0..40).map(|it| stage.new_user(&format!("user-{it}"))).collect();
    let ids: Vec<UserId> = all.iter().map(|it| it.id).collect();
    stage.insert_users(acme, &shuffled(all)).await;
    assert_every_window(&stage, acme, &ids).await;
    let (gone, left): (Vec<_>, Vec<_>) =
        ids.iter().enumerate().partition(|(number, _)| number % 5 < 2);
    for (_, id) in gone {
        stage.delete_user(acme, *id, 1).await.unwrap();
    }
    let mut left: Vec<UserId> = left.into_iter().map(|(_, id)| *id).collect();
    assert_every_window(&stage, acme, &left).await;
    let more: Vec<User> = (0..6).map(|it| stage.new_user(&format!("more-{it}"))).collect();
    left.extend(more.iter().map(|it| it.id));
    let mut unit = stage.begin().await;
    unit.users().insert_many(acme, &Catalog::standard(), &shuffled(more)).await.unwrap();
    unit.commit().await.unwrap();
    assert_every_window(&stage, acme, &left).await;
    assert_eq!(users(&stage, bolt, None, None, ALL).await.total, 5);
}

pub async fn every_window_of_groups_is_right_too(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let all: Vec<_> = (10..40).map(|it| stage.new_group(&format!("Group {it}"))).collect();
    let mut names: Vec<_> = all.iter().map(|it| it.display_name().to_owned()).collect();
    for group in shuffled(all.clone()) {
        stage.try_insert_group(acme, &group).await.unwrap();
    }
    for group in all.iter().step_by(4) {
        stage.delete_group(acme, group.id, 1).await.unwrap();
        names.retain(|it| it != group.display_name());
    }
    for offset in 0..names.len() + 2 {
        let window = Window { offset: offset as u64, limit: 4 };
        let inside: Vec<_> = names.iter().skip(offset).take(4).cloned().collect();
        let found = groups(&stage, acme, None, None, window).await;
        assert_eq!(found, (names.len() as u64, inside), "{offset}");
    }
}

pub async fn a_unit_counts_what_it_wrote(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let ids = stage.users(acme, 6).await;
    let mut unit = stage.begin().await;
    unit.users().delete(acme, ids[1], 1).await.unwrap();
    let late = stage.new_user("late");
    unit.users().insert(acme, &Catalog::standard(), &late).await.unwrap();
    unit.users().delete(acme, ids[3], 1).await.unwrap();
    let catalog = Catalog::standard();
    let part = Part::Window(Window { offset: 2, limit: 2 });
    let search = Search { catalog: &catalog, filter: None, sort: None, part };
    let page = unit.read().users().search(acme, search).await.unwrap();
    assert_eq!(page.total, 5);
    let found: Vec<_> = page.items.iter().map(|it| it.id).collect();
    assert_eq!(found, [ids[4], ids[5]]);
}
