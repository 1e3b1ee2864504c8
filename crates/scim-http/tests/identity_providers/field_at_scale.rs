//! The reports from the field that one small request after another cannot show.

use std::collections::BTreeSet;

use actix_web::rt::spawn;
use scim_app::ports::{Clock as _, Store as _};
use scim_domain::{
    Json, UserId,
    resource::{Document, document::Strictness},
    schema::Catalog,
    user::{Source, User},
};
use serde_json::{Value, json};

use crate::common::World;

/// Users with the ids of `user_id`, made behind the door, since a request for each would only cost
/// time.
async fn many(world: &World, count: usize) {
    let catalog = Catalog::standard();
    let mut unit = world.store.begin().await.unwrap();
    for number in 0..count {
        let json = Json::parse(format!(r#"{{"userName":"user-{number}"}}"#).as_bytes()).unwrap();
        let parsed = Document::from_request(&catalog.user, &json, Strictness::Tolerant).unwrap();
        let id = UserId::parse(&user_id(number)).unwrap();
        let made = User::create(id, parsed.document, Source::Scim, world.clock.now()).unwrap();
        unit.users()
            .insert(world.tenant.organization.id, &Catalog::standard(), made.outcome())
            .await
            .unwrap();
    }
    unit.commit().await.unwrap();
}

fn user_id(number: usize) -> String {
    format!("01980000-0000-7000-8000-{number:012}")
}

fn message(op: &str, numbers: impl Iterator<Item = usize>) -> Value {
    let value: Vec<_> = numbers.map(|it| json!({"value": user_id(it)})).collect();
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": op, "path": "members", "value": value}],
    })
}

async fn members(world: &World, group: &str) -> BTreeSet<String> {
    let group = world.get(&format!("/Groups/{group}")).await.json();
    let all = group["members"].as_array().unwrap();
    let set: BTreeSet<_> = all.iter().map(|it| it["value"].as_str().unwrap().to_owned()).collect();
    assert_eq!(set.len(), all.len(), "somebody is listed twice");
    set
}

/// 14, Okta.
// N5
#[actix_web::test]
async fn members_patched_at_the_same_time_are_all_there() {
    const WRITERS: usize = 8;
    const EACH: usize = 100;
    let world = std::rc::Rc::new(World::new().await);
    many(&world, WRITERS * EACH).await;
    let leaving: Vec<_> = (0..WRITERS).map(user_id).collect();
    let leaving: Vec<_> = leaving.iter().map(String::as_str).collect();
    let group = world.group("Everybody", &leaving).await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (world, path) = (std::rc::Rc::clone(&world), format!("/Groups/{group}"));
            spawn(async move {
                let own = (writer * EACH..).take(EACH).filter(|it| *it >= WRITERS);
                for number in own {
                    let add = message("add", std::iter::once(number));
                    assert_eq!(world.send("PATCH", &path, add).await.status, 204);
                }
                let remove = message("remove", std::iter::once(writer));
                assert_eq!(world.send("PATCH", &path, remove).await.status, 204);
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let expected: BTreeSet<_> = (WRITERS..WRITERS * EACH).map(user_id).collect();
    assert_eq!(members(&world, &group).await, expected);
}

/// 14, Okta: whole sets beside single adds. Whatever the order, each of them succeeds, the last set
/// and what was added after it is there, and nobody else.
// N5
#[actix_web::test]
async fn sets_and_adds_at_the_same_time_all_succeed() {
    let world = std::rc::Rc::new(World::new().await);
    many(&world, 60).await;
    let group = world.group("Everybody", &[]).await;
    let writers: Vec<_> = (0..20)
        .map(|writer| {
            let (world, path) = (std::rc::Rc::clone(&world), format!("/Groups/{group}"));
            spawn(async move {
                let set =
                    [json!({"value": user_id(writer)}), json!({"value": user_id(20 + writer)})];
                let body = json!({"displayName": "Everybody", "members": set});
                let put = world.send("PUT", &path, body).await;
                let add = message("add", std::iter::once(40 + writer));
                let patch = world.send("PATCH", &path, add).await;
                assert_eq!((put.status, patch.status), (200, 204), "{}", put.text());
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let there = members(&world, &group).await;
    let number = |it: &String| (0..60).find(|number| user_id(*number) == *it).unwrap();
    let set: Vec<_> = there.iter().map(number).filter(|it| *it < 40).collect();
    assert!(matches!(set[..], [one, other] if one + 20 == other), "{set:?}");
    // The writer of the last set added after it.
    assert!(there.contains(&user_id(40 + set[0])), "{there:?}");
}

/// 33, Entra ID and Okta.
#[actix_web::test]
async fn a_group_of_twenty_thousand_is_pushed_patched_and_read_whole() {
    const ALL: usize = 20_000;
    let world = World::new().await;
    many(&world, ALL + 1).await;
    let group = world.group("Everybody", &[]).await;
    let path = format!("/Groups/{group}");
    let pushed = world.send("PATCH", &path, message("replace", 0..ALL)).await;
    assert_eq!((pushed.status, pushed.text()), (204, ""));
    let sparing = world.get(&format!("{path}?excludedAttributes=members")).await;
    assert_eq!((sparing.status, &sparing.json()["members"]), (200, &Value::Null));
    assert!(sparing.text().len() < 1_000);
    let add = world.send("PATCH", &path, message("add", std::iter::once(ALL))).await;
    assert_eq!(add.status, 204);
    let remove = world.send("PATCH", &path, message("remove", 0..150)).await;
    assert_eq!(remove.status, 204);
    let expected: BTreeSet<_> = (150..=ALL).map(user_id).collect();
    assert_eq!(members(&world, &group).await, expected);
    let listed =
        world.get("/Groups?excludedAttributes=members&filter=displayName+eq+%22everybody%22").await;
    assert_eq!((&listed.json()["totalResults"], listed.text().len() < 1_000), (&json!(1), true));
}

/// 33, Okta splits a large push into many operations.
#[actix_web::test]
async fn a_push_in_many_operations_is_one_push() {
    let world = World::new().await;
    many(&world, 1_000).await;
    let group = world.group("Everybody", &[]).await;
    let operations: Vec<_> = (0..1_000)
        .map(|it| json!({"op": "add", "path": "members", "value": [{"value": user_id(it)}]}))
        .collect();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    let push = world.send("PATCH", &format!("/Groups/{group}"), body).await;
    assert_eq!(push.status, 204, "{}", push.text());
    assert_eq!(members(&world, &group).await.len(), 1_000);
}

/// 24, Okta: an import adds a hundred to the start of the page before, whatever that held.
#[actix_web::test]
async fn an_import_by_hundreds_finds_everybody_once() {
    let world = World::new().await;
    many(&world, 250).await;
    let mut found = Vec::new();
    for (start, expected) in [(1, 100), (101, 100), (201, 50), (301, 0)] {
        let page = world.get(&format!("/Users?startIndex={start}&count=100")).await.json();
        assert_eq!((&page["totalResults"], &page["itemsPerPage"]), (&json!(250), &json!(expected)));
        let users = page["Resources"].as_array().unwrap();
        found.extend(users.iter().map(|it| it["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(found, (0..250).map(user_id).collect::<Vec<_>>());
}

/// 25, Okta: also what is too large is told in SCIM JSON.
// I1
#[actix_web::test]
async fn too_large_a_body_is_told_in_scim_json() {
    let world = World::new().await;
    let body = json!({"userName": "ann", "title": "x".repeat(1024 * 1024)});
    world.send("POST", "/Users", body).await.refusal(413);
    assert_eq!(world.get("/Users").await.json()["totalResults"], 0);
}
