//! Windows: the total is exact whatever part of the matches is asked for.

use std::sync::Arc;

use scim_domain::schema::Catalog;

use super::people::{ALL, groups, names_of, users};
use crate::{
    ports::{Store, Window},
    testing::contract::stage::{Stage, stored, stored_group},
};

pub async fn an_empty_organization_has_nothing_to_find(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    for filter in [None, Some("userName pr"), Some("not (title pr)")] {
        let page = users(&stage, acme, filter, None, ALL).await;
        assert_eq!((page.total, page.items.len()), (0, 0));
    }
    assert_eq!(groups(&stage, acme, None, None, ALL).await, (0, Vec::new()));
}

pub async fn what_is_found_is_what_is_stored(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let mut user = stage.new_user("Änna");
    user.protected = true;
    stage.insert_users(acme, std::slice::from_ref(&user)).await;
    for filter in [None, Some("userName sw \"ä\""), Some("not (title pr)")] {
        let page = users(&stage, acme, filter, None, ALL).await;
        assert_eq!(page.items, [stored(&user)]);
    }
    let group = stage.group(acme, "Größe").await;
    let search = crate::ports::Search {
        catalog: &Catalog::standard(),
        filter: None,
        sort: None,
        part: crate::ports::Part::Window(ALL),
    };
    let page = stage.read().await.groups().search(acme, search).await.unwrap();
    assert_eq!(page.items, [stored_group(&group)]);
}

pub async fn without_an_order_the_oldest_comes_first(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let all = ["zeta", "alpha", "mid"].map(|it| stage.new_user(it));
    let stored_late = [all[2].clone(), all[0].clone(), all[1].clone()];
    stage.insert_users(acme, &stored_late).await;
    let page = users(&stage, acme, None, None, ALL).await;
    assert_eq!(names_of(&page.items), ["zeta", "alpha", "mid"]);
    let page = users(&stage, acme, Some("userName co \"a\""), None, ALL).await;
    assert_eq!(names_of(&page.items), ["zeta", "alpha"]);
    for name in ["Zeta", "Alpha", "Mid"] {
        stage.group(acme, name).await;
    }
    let (_, names) = groups(&stage, acme, None, None, ALL).await;
    assert_eq!(names, ["Zeta", "Alpha", "Mid"]);
}

pub async fn a_window_shows_its_part_and_the_whole_total(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let ids = stage.users(acme, 25).await;
    let windows = [(0, 10), (10, 10), (20, 10), (24, 1), (25, 10), (1_000_000, 10), (0, 25)];
    // Without a filter, with one that columns answer, and with one that they do not.
    for filter in [None, Some("userName sw \"user-\""), Some("not (title pr)")] {
        for (offset, limit) in windows {
            let page = users(&stage, acme, filter, None, Window { offset, limit }).await;
            assert_eq!(page.total, 25, "{filter:?} {offset} {limit}");
            let skip = usize::try_from(offset).unwrap();
            let take = usize::try_from(limit).unwrap();
            let expected = ids.iter().skip(skip).take(take);
            assert!(page.items.iter().map(|it| &it.id).eq(expected), "{filter:?} {offset} {limit}");
        }
    }
}

pub async fn a_limit_of_zero_asks_for_the_total_alone(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.users(acme, 7).await;
    stage.group(acme, "One").await;
    let none = Window { offset: 0, limit: 0 };
    for (filter, total) in [(None, 7), (Some("userName eq \"user-3@acme.example\""), 1)] {
        let page = users(&stage, acme, filter, None, none).await;
        assert_eq!((page.total, page.items.len()), (total, 0));
    }
    let page = users(&stage, acme, Some("title pr"), Some(("title", "ascending")), none).await;
    assert_eq!((page.total, page.items.len()), (0, 0));
    assert_eq!(groups(&stage, acme, None, None, none).await, (1, Vec::new()));
}

pub async fn pages_of_groups_are_windows_too(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    for number in 0..7 {
        stage.group(acme, &format!("Group {number}")).await;
    }
    let window = Window { offset: 5, limit: 10 };
    for filter in [None, Some("displayName sw \"group\""), Some("not (externalId pr)")] {
        let found = groups(&stage, acme, filter, None, window).await;
        assert_eq!(found, (7, vec!["Group 5".to_owned(), "Group 6".to_owned()]));
    }
}
