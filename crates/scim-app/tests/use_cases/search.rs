//! Users and groups searched together: one order, one total.

use std::cmp::Reverse;

use scim_app::{
    Error,
    error::Forbidden,
    provisioning::{ListQuery, Listing, Position, ResourceView, Shown},
};
use scim_domain::{Reason, organization::Plan};
use serde_json::Value;

use crate::world::{World, crowd};

async fn search(world: &World, query: &ListQuery) -> Result<Listing<ResourceView>, Error> {
    let mut session = world.session().await;
    world.scim.search_all(&mut session, query, Shown(true), Shown(true)).await
}

fn all() -> ListQuery {
    ListQuery { count: Some("1000".to_owned()), ..ListQuery::default() }
}

fn sorted(sort_by: &str, sort_order: &str) -> ListQuery {
    let (sort_by, sort_order) = (Some(sort_by.to_owned()), Some(sort_order.to_owned()));
    ListQuery { sort_by, sort_order, ..all() }
}

fn filtered(filter: &str) -> ListQuery {
    ListQuery { filter: Some(filter.to_owned()), ..all() }
}

fn id(view: &ResourceView) -> String {
    match view {
        ResourceView::User(it) => it.user.id.to_string(),
        ResourceView::Group(it) => it.group.id.to_string(),
    }
}

fn attribute(view: &ResourceView, name: &str) -> Option<String> {
    let document = match view {
        ResourceView::User(it) => &it.user.document,
        ResourceView::Group(it) => &it.group.document,
    };
    let document: Value = serde_json::from_str(document).unwrap();
    document[name].as_str().map(str::to_lowercase)
}

async fn ids(world: &World, query: &ListQuery) -> Vec<String> {
    let found = search(world, query).await.unwrap();
    assert_eq!(found.total, found.items.len() as u64);
    found.items.iter().map(id).collect()
}

#[tokio::test]
async fn without_an_order_both_come_as_they_were_created() {
    let world = crowd().await;
    let found = search(&world, &all()).await.unwrap();
    // Three home groups, six users, six groups.
    assert_eq!((found.total, found.items.len(), found.position), (15, 15, Position::Index(1)));
    let ids: Vec<_> = found.items.iter().map(id).collect();
    assert!(ids.is_sorted());
    let kinds: String = found.items.iter().map(letter).collect();
    assert_eq!(kinds, "gggugugugugugug");
}

fn letter(view: &ResourceView) -> char {
    match view {
        ResourceView::User(_) => 'u',
        ResourceView::Group(_) => 'g',
    }
}

#[tokio::test]
async fn an_attribute_of_both_orders_both_and_the_missing_come_last_ascending() {
    let world = crowd().await;
    let found = search(&world, &all()).await.unwrap();
    let place = |it: &ResourceView| {
        let name = attribute(it, "displayName");
        (name.is_none(), name, id(it))
    };
    let mut ascending: Vec<_> = found.items.iter().map(place).collect();
    ascending.sort();
    let expected: Vec<_> = ascending.iter().map(|(_, _, id)| id.clone()).collect();
    assert_eq!(ids(&world, &sorted("displayName", "ascending")).await, expected);
    // Among equals the older comes first in both directions.
    ascending
        .sort_by_key(|(missing, name, id)| (Reverse(*missing), Reverse(name.clone()), id.clone()));
    let expected: Vec<_> = ascending.into_iter().map(|(_, _, id)| id).collect();
    assert_eq!(ids(&world, &sorted("displayName", "descending")).await, expected);
}

#[tokio::test]
async fn an_attribute_of_one_type_leaves_the_other_without_a_place() {
    let world = crowd().await;
    let kinds = |query| {
        let world = &world;
        async move {
            let found = search(world, &query).await.unwrap();
            found.items.iter().map(letter).collect::<String>()
        }
    };
    assert_eq!(kinds(sorted("userName", "ascending")).await, "uuuuuuggggggggg");
    assert_eq!(kinds(sorted("userName", "descending")).await, "ggggggggguuuuuu");
    let of_users = "urn:ietf:params:scim:schemas:core:2.0:User:displayName";
    // Two users have none, and stand among the groups by age.
    assert_eq!(kinds(sorted(of_users, "ascending")).await, "uuuuggggugggugg");
}

#[tokio::test]
async fn every_window_is_a_part_of_the_whole() {
    let world = crowd().await;
    for query in [
        all(),
        sorted("displayName", "ascending"),
        sorted("displayName", "descending"),
        sorted("userName", "ascending"),
        sorted("id", "descending"),
        sorted("meta.lastModified", "descending"),
        sorted("meta.resourceType", "ascending"),
        sorted("meta.location", "descending"),
        sorted("groups.value", "ascending"),
        sorted("members.value", "descending"),
        filtered(r#"displayName co "a""#),
        filtered("not (userName pr)"),
    ] {
        let whole = ids(&world, &query).await;
        for start in 1..=whole.len() + 2 {
            for count in 0..=whole.len() + 1 {
                let part = ListQuery {
                    start_index: Some(start.to_string()),
                    count: Some(count.to_string()),
                    ..query.clone()
                };
                let found = search(&world, &part).await.unwrap();
                let found_ids: Vec<_> = found.items.iter().map(id).collect();
                let expected: Vec<_> = whole.iter().skip(start - 1).take(count).cloned().collect();
                assert_eq!(found_ids, expected, "{part:?}");
                assert_eq!(found.total, whole.len() as u64, "{part:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_attribute_of_one_type_is_absent_in_the_other() {
    let world = crowd().await;
    let count = |filter: &'static str| {
        let world = &world;
        async move { ids(world, &filtered(filter)).await.len() }
    };
    assert_eq!(count(r#"userName eq "ANN""#).await, 1);
    assert_eq!(count("members pr").await, 6);
    assert_eq!(count("userName pr or members pr").await, 12);
    assert_eq!(count("not (userName pr)").await, 9);
    assert_eq!(count(r#"displayName eq "analyst""#).await, 2);
    assert_eq!(count(r#"meta.resourceType eq "Group""#).await, 9);
    assert_eq!(count("meta.resourceType eq User or meta.resourceType eq Group").await, 15);
    assert_eq!(count("urn:ietf:params:scim:schemas:core:2.0:User:displayName pr").await, 4);
    // Without its URN, as Entra writes it.
    assert_eq!(count("manager pr").await, 0);
    assert_eq!(count("not (manager pr)").await, 15);
}

#[tokio::test]
async fn what_neither_type_knows_is_refused() {
    let world = crowd().await;
    let reason = |query| {
        let world = &world;
        async move {
            match search(world, &query).await.unwrap_err() {
                Error::Invalid(it) => it.reason,
                other => panic!("{other:?}"),
            }
        }
    };
    assert_eq!(reason(filtered("nothing pr")).await, Reason::InvalidFilter);
    assert_eq!(reason(filtered(r#"password eq "x""#)).await, Reason::InvalidFilter);
    assert_eq!(reason(filtered("userName eq")).await, Reason::InvalidFilter);
    assert_eq!(reason(sorted("nothing", "ascending")).await, Reason::InvalidValue);
    assert_eq!(reason(sorted("password", "ascending")).await, Reason::InvalidValue);
}

#[tokio::test]
async fn a_page_too_deep_is_refused_and_the_total_is_not() {
    let world = crowd().await;
    let page = |start: &str, count: &str| ListQuery {
        start_index: Some(start.to_owned()),
        count: Some(count.to_owned()),
        ..ListQuery::default()
    };
    assert!(search(&world, &page("99001", "1000")).await.unwrap().items.is_empty());
    for start in ["99002", "9999999999999999999999"] {
        let error = search(&world, &page(start, "1000")).await.unwrap_err();
        let Error::Invalid(invalid) = error else { panic!("{error:?}") };
        assert_eq!(invalid.reason, Reason::TooMany);
        assert!(invalid.detail.contains("100000"), "{}", invalid.detail);
        let totals = search(&world, &page(start, "0")).await.unwrap();
        assert_eq!((totals.total, totals.items.len()), (15, 0));
    }
}

#[tokio::test]
async fn groups_and_members_come_along_only_when_they_are_shown() {
    let world = crowd().await;
    let show = |users, groups| {
        let world = &world;
        async move {
            let mut session = world.session().await;
            let shown = (Shown(users), Shown(groups));
            world.scim.search_all(&mut session, &all(), shown.0, shown.1).await.unwrap().items
        }
    };
    for (users, groups) in [(true, true), (true, false), (false, true), (false, false)] {
        for view in show(users, groups).await {
            match view {
                ResourceView::User(it) => {
                    assert_eq!(it.groups.map(|all| all.len()), users.then_some(1));
                }
                ResourceView::Group(it) => assert_eq!(it.members.all().is_some(), groups),
            }
        }
    }
}

// Z5
#[tokio::test]
async fn after_a_plan_is_lost_one_thing_can_be_looked_up_in_both() {
    let world = crowd().await;
    world.admin.set_plan(world.organization, Plan::Starter).await.unwrap();
    assert_eq!(ids(&world, &filtered(r#"userName eq "ann""#)).await.len(), 1);
    assert_eq!(ids(&world, &filtered(r#"displayName eq "team bob""#)).await.len(), 1);
    for query in [
        all(),
        filtered("userName pr"),
        // What every group lacks would list all of them.
        filtered("userName eq null"),
        filtered(r#"userName ne "ann""#),
        filtered(r#"userName eq "ann" or members pr"#),
    ] {
        let error = search(&world, &query).await.unwrap_err();
        let refused = matches!(error, Error::Forbidden(Forbidden::Plan(Plan::Starter)));
        assert!(refused, "{query:?}: {error:?}");
    }
}

// T1, T2
#[tokio::test]
async fn what_belongs_to_another_organization_is_not_there() {
    let world = crowd().await;
    let (_, key) = world.neighbour().await;
    let mut session = world.session_of(&key.token).await;
    let found = world.scim.search_all(&mut session, &all(), Shown(true), Shown(true)).await;
    // Its own home groups.
    assert_eq!(found.unwrap().total, 3);
}
