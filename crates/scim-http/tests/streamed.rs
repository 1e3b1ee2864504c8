//! Answers that are sent while they are still being read: the same as if they had been read before,
//! or none at all.

use std::time::Duration;

use scim_app::ports::{Clock as _, Store as _};
use scim_domain::{
    GroupId, UserId,
    resource::{Document, document::Strictness},
    schema::Catalog,
    user::{Source, User},
};
use serde_json::json;
use uuid::Uuid;

use crate::common::{Opened, World, patch};

mod idle;
mod places;
mod wire;

const MINUTE: Duration = Duration::from_mins(1);
/// As text, some pieces.
const MANY: usize = 4_000;

async fn nesting() -> World {
    let world = World::new().await;
    world.administration.set_nested_groups(world.tenant.organization.id, true).await.unwrap();
    world
}

/// Users that nobody had to ask for one by one.
async fn users(world: &World, number: usize) -> Vec<UserId> {
    let (catalog, now) = (Catalog::standard(), world.clock.now());
    let made = |at: usize| {
        let id = UserId::new(Uuid::from_u128(0xabcd << 64 | at as u128));
        let body = json!({"schemas": [], "userName": format!("many-{at}")}).to_string();
        let body = scim_domain::Json::parse(body.as_bytes()).unwrap();
        let parsed = Document::from_request(&catalog.user, &body, Strictness::Tolerant).unwrap();
        User::create(id, parsed.document, Source::Scim, now).unwrap().outcome().clone()
    };
    let all: Vec<_> = (1..=number).map(made).collect();
    let mut unit = world.store.begin().await.unwrap();
    let organization = world.tenant.organization.id;
    unit.users().insert_many(organization, &catalog, &all).await.unwrap();
    unit.commit().await.unwrap();
    all.iter().map(|it| it.id).collect()
}

async fn join(world: &World, group: &str, users: &[UserId]) {
    let group = GroupId::parse(group).unwrap();
    let mut unit = world.store.begin().await.unwrap();
    let (organization, now) = (world.tenant.organization.id, world.clock.now());
    unit.groups().add_members(organization, group, users, now).await.unwrap();
    unit.commit().await.unwrap();
}

/// A group with so many users in it.
async fn large(world: &World, name: &str, members: &[UserId]) -> String {
    let id = world.group(name, &[]).await;
    join(world, &id, members).await;
    id
}

async fn open(world: &World, path: &str) -> Opened {
    let opened = world.ask("GET", &format!("/scim/v2{path}")).open().await;
    assert_eq!(opened.status, 200, "{path}");
    opened
}

const PROJECTIONS: [&str; 9] = [
    "",
    "attributes=members.value",
    "attributes=displayName,members",
    "attributes=members.$ref,members.type",
    "attributes=members.display",
    "excludedAttributes=members",
    "excludedAttributes=members.$ref,meta",
    "excludedAttributes=displayName,members.value",
    "excludedAttributes=members.value,members.$ref,members.type,members.display",
];

// V4
#[actix_web::test]
async fn a_streamed_answer_has_the_bytes_of_one_that_is_not() {
    let mut world = nesting().await;
    let everybody = users(&world, 9).await;
    let mut paths = Vec::new();
    let mut last = None;
    for size in 0..=9 {
        let id = large(&world, &format!("Group of {size}"), &everybody[..size]).await;
        // Each second one has others in it, one or more.
        if let (Some(before), 0) = (last.clone(), size % 2) {
            let nested: Vec<_> = [Some(&before), paths.get(1)].into_iter().flatten().collect();
            let values: Vec<_> = nested.iter().map(|it| json!({"value": it})).collect();
            let body = patch(json!([{"op": "add", "path": "members", "value": values}]));
            assert_eq!(world.send("PATCH", &format!("/Groups/{id}"), body).await.status, 204);
        }
        last = Some(id.clone());
        paths.push(id);
    }
    let of_one = paths.iter().map(|id| format!("/Groups/{id}"));
    let paths: Vec<_> = of_one
        .chain(
            ["/Groups?count=100", "/Groups?sortBy=displayName&sortOrder=descending"]
                .map(Into::into),
        )
        .chain(["/Groups?startIndex=3&count=4", "/Groups?cursor=&count=20"].map(Into::into))
        .collect();
    for path in &paths {
        for projection in PROJECTIONS {
            let joint = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{joint}{projection}");
            world.hold_members(u64::MAX, MINUTE);
            let whole = world.get(&path).await;
            assert_eq!(whole.status, 200, "{path}");
            for at_once in 1..=11 {
                world.hold_members(at_once, MINUTE);
                let streamed = world.get(&path).await;
                assert_eq!(streamed.text(), whole.text(), "{path} with {at_once} at once");
                assert_eq!(streamed.header("etag"), whole.header("etag"));
                assert_eq!(streamed.header("location"), whole.header("location"));
                assert_eq!(streamed.header("content-type"), whole.header("content-type"));
            }
        }
    }
}

#[actix_web::test]
async fn users_and_groups_together_are_streamed_alike() {
    let mut world = nesting().await;
    let everybody = users(&world, 5).await;
    let one = large(&world, "One", &everybody).await;
    world.group("Two", &[&one]).await;
    large(&world, "Three", &everybody[..2]).await;
    for projection in [json!({}), json!({"attributes": ["members.value", "userName"]})] {
        let mut body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]});
        body.as_object_mut().unwrap().extend(projection.as_object().unwrap().clone());
        for path in ["/.search", "/Groups/.search"] {
            world.hold_members(u64::MAX, MINUTE);
            let whole = world.send("POST", path, body.clone()).await;
            for at_once in 1..=9 {
                world.hold_members(at_once, MINUTE);
                let streamed = world.send("POST", path, body.clone()).await;
                assert_eq!(streamed.text(), whole.text(), "{path}, {at_once}");
            }
        }
    }
}

#[actix_web::test]
async fn only_what_is_large_is_streamed() {
    let mut world = World::new().await;
    let everybody = users(&world, 4).await;
    let small = format!("/Groups/{}", large(&world, "Small", &everybody[..3]).await);
    let large = format!("/Groups/{}", large(&world, "Large", &everybody).await);
    world.hold_members(3, MINUTE);
    assert!(open(&world, &small).await.has_length());
    assert!(!open(&world, &large).await.has_length());
    assert!(open(&world, &format!("{large}?excludedAttributes=members")).await.has_length());
    assert!(!open(&world, "/Groups").await.has_length());
    assert!(open(&world, "/Groups?excludedAttributes=members").await.has_length());
    let head = world.ask("HEAD", &format!("/scim/v2{large}")).send().await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    let etag = head.header("etag").unwrap().to_owned();
    let known = world.ask("GET", &format!("/scim/v2{large}")).header("if-none-match", &etag);
    assert_eq!(known.send().await.status, 304);
    world.get(&large.replace("Groups/", "Groups/f")).await.refusal(404);
}

#[actix_web::test]
async fn a_change_of_a_large_group_is_answered_with_it() {
    let mut world = World::new().await;
    let everybody = users(&world, 7).await;
    let id = large(&world, "Large", &everybody).await;
    let path = format!("/Groups/{id}");
    world.hold_members(3, MINUTE);
    let put = world.send("PUT", &path, json!({"displayName": "Larger"})).await;
    assert_eq!(put.status, 200);
    assert_eq!(put.text(), world.get(&path).await.text());
    assert_eq!(put.json()["members"].as_array().unwrap().len(), 7);
    let rename = patch(json!([{"op": "replace", "path": "displayName", "value": "Largest"}]));
    let patched = world.send("PATCH", &format!("{path}?attributes=members"), rename.clone()).await;
    assert_eq!(patched.status, 200);
    assert_eq!(patched.json()["members"].as_array().unwrap().len(), 7);
    assert_eq!(world.send("PATCH", &path, rename).await.status, 204);
}

#[actix_web::test]
async fn a_store_that_fails_halfway_breaks_the_answer_off() {
    let mut world = World::new().await;
    let everybody = users(&world, MANY).await;
    let id = large(&world, "Large", &everybody).await;
    world.hold_members(500, MINUTE);
    for path in [format!("/Groups/{id}"), "/Groups?count=10".to_owned()] {
        let (whole, complete) = open(&world, &path).await.rest().await;
        assert!(complete);
        world.store.lose_members_after(3);
        let (some, complete) = open(&world, &path).await.rest().await;
        assert!(!complete && !some.is_empty() && some.len() < whole.len());
        assert!(whole.starts_with(&some));
        world.store.find_members_again();
    }
}

// V4
#[actix_web::test]
async fn what_changes_while_it_is_sent_is_not_in_it() {
    let mut world = nesting().await;
    let everybody = users(&world, MANY).await;
    let (id, other) =
        (large(&world, "Large", &everybody).await, large(&world, "Other", &everybody[..1]).await);
    let path = format!("/Groups/{id}");
    world.hold_members(500, MINUTE);
    let before = world.get(&path).await;
    let mut opened = open(&world, &path).await;
    let mut body = opened.next().await.unwrap().unwrap().to_vec();
    let last = everybody.last().unwrap();
    let body_of_change = patch(json!([
        {"op": "remove", "path": format!("members[value eq \"{last}\"]")},
        {"op": "add", "path": "members", "value": [{"value": other}]},
        {"op": "replace", "path": "displayName", "value": "Changed"},
    ]));
    assert_eq!(world.send("PATCH", &path, body_of_change).await.status, 204);
    let (rest, complete) = opened.rest().await;
    body.extend(rest);
    assert!(complete);
    assert_eq!(body, before.body.to_vec());
    assert_eq!(opened.headers.get("etag").unwrap().to_str().ok(), before.header("etag"));
    let after = world.get(&path).await;
    assert_ne!(after.header("etag"), before.header("etag"));
    let members = after.json()["members"].as_array().unwrap().clone();
    assert_eq!(members.len(), MANY);
    assert_eq!(members.last().unwrap()["type"], "Group");
}
