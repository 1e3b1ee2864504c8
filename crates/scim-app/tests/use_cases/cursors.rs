//! Walks by cursor: through users and groups at once, over several instances, and in time.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use scim_app::{
    Error,
    authentication::Authentication,
    provisioning::{ExistingUser, ListQuery, Listing, Position, Provisioning, ResourceView, Shown},
    testing::{CountingIds, FailWith, FastSecrets},
};
use scim_domain::Reason;

use crate::world::{World, crowd, group_json, origin};

fn query(filter: Option<&str>, sort: Option<(&str, &str)>) -> ListQuery {
    ListQuery {
        filter: filter.map(str::to_owned),
        sort_by: sort.map(|(by, _)| by.to_owned()),
        sort_order: sort.map(|(_, order)| order.to_owned()),
        ..ListQuery::default()
    }
}

fn id(view: &ResourceView) -> String {
    match view {
        ResourceView::User(it) => it.user.id.to_string(),
        ResourceView::Group(it) => it.group.id.to_string(),
    }
}

fn ids(page: &Listing<ResourceView>) -> Vec<String> {
    page.items.iter().map(id).collect()
}

/// `previousCursor` and `nextCursor`.
fn cursors(page: &Listing<ResourceView>) -> (Option<&str>, Option<&str>) {
    match &page.position {
        Position::Cursor { previous, next } => (previous.as_deref(), next.as_deref()),
        Position::Index(_) => panic!("a cursor was sent"),
    }
}

async fn search(
    world: &World,
    scim: &Provisioning,
    query: &ListQuery,
    cursor: &str,
    count: usize,
) -> Result<Listing<ResourceView>, Error> {
    let query = ListQuery {
        cursor: Some(cursor.to_owned()),
        count: Some(count.to_string()),
        ..query.clone()
    };
    let mut session = scim.open(Some(&world.key.token), origin()).await.unwrap();
    scim.search_all(&mut session, &query, Shown(true), Shown(true)).await
}

async fn page(
    world: &World,
    query: &ListQuery,
    cursor: &str,
    count: usize,
) -> Listing<ResourceView> {
    search(world, &world.scim, query, cursor, count).await.unwrap()
}

#[tokio::test]
async fn users_and_groups_are_walked_in_one_order_and_back() {
    let world = crowd().await;
    let attributes = [
        "displayName",
        "userName",
        "id",
        "meta.lastModified",
        "meta.resourceType",
        "meta.location",
        "active",
        "groups.value",
        "members.value",
        "urn:ietf:params:scim:schemas:core:2.0:User:displayName",
    ];
    let sorts = attributes.into_iter().flat_map(|by| [(by, "ascending"), (by, "descending")]);
    let queries = sorts.map(|sort| query(None, Some(sort))).chain([
        query(None, None),
        query(Some(r#"displayName co "a""#), Some(("displayName", "descending"))),
        query(Some("not (userName pr)"), None),
        query(Some(r#"displayName eq "mallory""#), Some(("userName", "descending"))),
        query(Some(r#"displayName eq "team ann""#), Some(("members", "ascending"))),
        query(Some(r#"userName eq "nobody""#), None),
    ]);
    for query in queries {
        let mut session = world.session().await;
        let by_index = ListQuery { count: Some("1000".to_owned()), ..query.clone() };
        let whole = world.scim.search_all(&mut session, &by_index, Shown(true), Shown(true));
        let whole = ids(&whole.await.unwrap());
        drop(session);
        for count in [1, 2, 4, 7, 15, 16] {
            let mut pages = vec![page(&world, &query, "", count).await];
            while let (_, Some(next)) = cursors(pages.last().unwrap()) {
                let next = page(&world, &query, next, count).await;
                pages.push(next);
            }
            let seen: Vec<_> = pages.iter().flat_map(ids).collect();
            assert_eq!(seen, whole, "{query:?} {count}");
            assert!(pages.iter().all(|it| it.total == whole.len() as u64), "{query:?}");
            assert_eq!(cursors(&pages[0]).0, None);
            for at in (1..pages.len()).rev() {
                let before = cursors(&pages[at]).0.unwrap();
                let before = page(&world, &query, before, count).await;
                assert_eq!(ids(&before), ids(&pages[at - 1]), "{query:?} {count}");
                assert_eq!(cursors(&before).0.is_none(), at == 1, "{query:?} {count}");
            }
        }
    }
}

#[tokio::test]
async fn who_stays_is_met_once_whoever_comes_and_goes() {
    for sort in [None, Some(("displayName", "ascending")), Some(("userName", "descending"))] {
        let world = crowd().await;
        let query = query(None, sort);
        let stay: BTreeSet<_> = ids(&page(&world, &query, "", 1_000).await).into_iter().collect();
        let (mut seen, mut cursor, mut number) = (Vec::new(), String::new(), 0);
        loop {
            let goes = world.create(&format!("goes-{number}")).await;
            let found = page(&world, &query, &cursor, 3).await;
            seen.extend(ids(&found).into_iter().filter(|it| stay.contains(it)));
            world.delete(goes).await.unwrap();
            // Without an order whoever comes is last: at some time nobody must come any more.
            if number < 4 {
                world.create(&format!("comes-{number}")).await;
                world.try_push_group(group_json(&format!("Ours {number}"), None)).await.unwrap();
            }
            number += 1;
            let Some(next) = cursors(&found).1 else { break };
            next.clone_into(&mut cursor);
        }
        let met: BTreeSet<_> = seen.iter().cloned().collect();
        assert_eq!(seen.len(), met.len(), "{sort:?}");
        assert_eq!(met, stay, "{sort:?}");
    }
}

/// Another process on the same database, with randomness of its own.
fn another_instance(world: &World) -> Provisioning {
    let secrets = Arc::new(FastSecrets::new());
    for _ in 0..9 {
        scim_app::ports::Secrets::random(&*secrets).unwrap();
    }
    let authentication = Authentication::new(secrets, world.clock.clone()).unwrap();
    let store = Arc::new(world.store.clone());
    let ids = Arc::new(CountingIds::series(7));
    Provisioning::new(store, world.clock.clone(), ids, authentication, ExistingUser::Adopt)
}

#[tokio::test]
async fn a_cursor_is_good_on_every_instance_and_after_a_restart() {
    let world = crowd().await;
    let query = query(None, None);
    let (one, other) = (another_instance(&world), another_instance(&world));
    // Both need the secret for the first time.
    let (first, also_first) =
        tokio::join!(search(&world, &one, &query, "", 4), search(&world, &other, &query, "", 4),);
    for page in [first.unwrap(), also_first.unwrap()] {
        let cursor = cursors(&page).1.unwrap();
        for scim in [&one, &other, &another_instance(&world), &world.scim] {
            assert_eq!(search(&world, scim, &query, cursor, 4).await.unwrap().items.len(), 4);
        }
    }
}

#[tokio::test]
async fn a_secret_that_was_not_kept_is_not_used() {
    let world = crowd().await;
    let query = query(None, None);
    for how in [FailWith::Unavailable, FailWith::UnknownNotApplied, FailWith::UnknownApplied] {
        let scim = another_instance(&world);
        world.store.fail_next_commit(how);
        let failed = search(&world, &scim, &query, "", 4).await;
        assert!(matches!(failed, Err(Error::Store(_))), "{failed:?}");
        if how != FailWith::UnknownApplied {
            continue;
        }
        let page = search(&world, &scim, &query, "", 4).await.unwrap();
        let cursor = cursors(&page).1.unwrap();
        let other = another_instance(&world);
        assert_eq!(search(&world, &other, &query, cursor, 4).await.unwrap().items.len(), 4);
    }
}

#[tokio::test]
async fn a_cursor_expires_when_its_time_is_over_and_not_before() {
    let world = crowd().await;
    let query = query(None, None);
    let scim = another_instance(&world).with_cursor_timeout(Duration::from_mins(5));
    assert_eq!(scim.cursor_timeout().as_secs(), 300);
    let first = search(&world, &scim, &query, "", 4).await.unwrap();
    let cursor = cursors(&first).1.unwrap();
    // Instances need not agree on the time to the second: one of the future is good.
    for seconds in [-10, 310] {
        world.clock.advance(seconds);
        assert!(search(&world, &scim, &query, cursor, 4).await.is_ok());
    }
    world.clock.advance(1);
    let Err(Error::Invalid(refused)) = search(&world, &scim, &query, cursor, 4).await else {
        panic!("a cursor that is over");
    };
    assert_eq!(refused.reason, Reason::ExpiredCursor);
    assert!(refused.detail.contains("300 seconds"), "{}", refused.detail);
}
