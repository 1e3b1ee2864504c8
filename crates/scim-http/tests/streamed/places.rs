//! Who has a large answer sent, and what becomes of those who wait for a place.

use std::pin::pin;

use scim_domain::{Json, api_key::Permission, organization::Plan, schema::ResourceKind};

use super::*;
use crate::{
    common::{Tenant, until},
    turns::{AT_ONCE, create, hang_up, waits},
};

const TEAM: &str = "urn:acme:params:scim:Team:2.0:Group";

/// A group that is sent while it is read, by whoever has a place for it.
struct Stage {
    world: World,
    other: Tenant,
    members: Vec<UserId>,
    path: String,
}

impl Stage {
    async fn new() -> Self {
        let mut world = World::new().await;
        let other = world.tenant("Other", Plan::Growth).await;
        let members = users(&world, MANY).await;
        let path = format!("/Groups/{}", large(&world, "Large", &members).await);
        world.hold_members(500, MINUTE);
        Self { world, other, members, path }
    }

    async fn open(&self) -> Opened {
        open(&self.world, &self.path).await
    }

    /// Answers that nobody takes: as many as there may be with one key.
    async fn slow(&self) -> [Opened; 2] {
        [self.open().await, self.open().await]
    }

    /// Shows that somebody else is answered while a request waits; for so long that the request has
    /// come to where it waits, even if it needs a connection of its own to a busy database before.
    async fn waits<T>(&self, request: impl Future<Output = T>) {
        let mut request = pin!(request);
        for _ in 0..8 {
            waits(request.as_mut(), &self.world, &self.other).await;
        }
    }

    async fn without_members(&self) -> serde_json::Value {
        self.world.get(&format!("{}?excludedAttributes=members", self.path)).await.json()
    }
}

// O4
#[actix_web::test]
async fn who_takes_too_long_gets_no_more_and_makes_room() {
    let mut stage = Stage::new().await;
    stage.world.hold_members(500, Duration::from_millis(700));
    let mut slow = stage.slow().await;
    // There is room for two more when the time of both is over, and not before.
    let more = stage.slow().await;
    for opened in &mut slow {
        let (some, complete) = opened.rest().await;
        assert!(!complete && !some.is_empty());
    }
    drop(more);
    until("an answer to its end", async || stage.open().await.rest().await.1).await;
    // Who goes away makes room at once.
    stage.world.hold_members(500, MINUTE);
    for _ in 0..10 {
        drop(stage.open().await);
    }
}

// O3
#[actix_web::test]
async fn an_answer_that_is_sent_keeps_the_turn_of_its_request() {
    let stage = Stage::new().await;
    let world = &stage.world;
    let slow = stage.slow().await;
    world.store.hold_units(true);
    // The other turns of the key.
    for number in 0..AT_ONCE - slow.len() {
        hang_up(create(world, number), || world.store.units_waiting() == number + 1).await;
    }
    let mut small = pin!(world.get("/Users?count=1"));
    stage.waits(small.as_mut()).await;
    drop(slow);
    assert_eq!(small.await.status, 200);
    world.store.hold_units(false);
}

// O2
#[actix_web::test]
async fn some_wait_for_a_place_and_leave_the_other_turns_of_their_key_to_small_answers() {
    let stage = Stage::new().await;
    let slow = stage.slow().await;
    let ask = || stage.world.ask("GET", &format!("/scim/v2{}", stage.path)).open();
    let mut waiting: Vec<_> = (0..4).map(|_| Box::pin(ask())).collect();
    for it in &mut waiting {
        stage.waits(it.as_mut()).await;
    }
    // More than may wait are told to come again.
    let refused = stage.world.get(&stage.path).await;
    refused.refusal(503);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert!(stage.without_members().await["displayName"].is_string());
    drop(slow);
    for it in waiting {
        assert!(it.await.rest().await.1);
    }
}

#[actix_web::test]
async fn what_one_organization_takes_leaves_places_to_others() {
    let mut stage = Stage::new().await;
    let world = &mut stage.world;
    let theirs = async |path: &str, body: serde_json::Value| {
        let made = world.ask("POST", &format!("/scim/v2{path}")).key(&stage.other.token);
        made.json(&body).send().await.id()
    };
    let one = theirs("/Users", json!({"userName": "one"})).await;
    let two = theirs("/Users", json!({"userName": "two"})).await;
    let members = json!([{"value": one}, {"value": two}]);
    let group = theirs("/Groups", json!({"displayName": "Two", "members": members})).await;
    let theirs = format!("/scim/v2/Groups/{group}");
    let second = world.key_of(world.tenant.organization.id, &[Permission::Scim]).await;
    world.hold_members(1, MINUTE);
    let slow = stage.slow().await;
    let path = format!("/scim/v2{}", stage.path);
    let mut waiting = pin!(stage.world.ask("GET", &path).key(&second).open());
    stage.waits(waiting.as_mut()).await;
    for _ in 0..3 {
        let answer = stage.world.ask("GET", &theirs).key(&stage.other.token).open().await;
        assert_eq!((answer.status, answer.has_length()), (200, false));
    }
    drop(slow);
    assert_eq!(waiting.await.status, 200);
}

#[actix_web::test]
async fn a_change_that_finds_no_place_is_done_and_says_so_without_the_group() {
    let stage = Stage::new().await;
    let _slow = stage.slow().await;
    let put = stage.world.send("PUT", &stage.path, json!({"displayName": "Larger"})).await;
    assert_eq!((put.status, put.text()), (204, ""));
    assert_eq!(stage.without_members().await["displayName"], "Larger");
    let rename = patch(json!([{"op": "replace", "path": "displayName", "value": "Largest"}]));
    let path = format!("{}?attributes=members", stage.path);
    assert_eq!(stage.world.send("PATCH", &path, rename).await.status, 204);
    assert_eq!(stage.without_members().await["displayName"], "Largest");
}

#[actix_web::test]
async fn a_change_that_others_have_changed_since_is_not_answered_with_what_they_made_of_it() {
    let stage = Stage::new().await;
    let slow = stage.slow().await;
    let mut put = pin!(stage.world.send("PUT", &stage.path, json!({"displayName": "Mine"})));
    let is_done = async || stage.without_members().await["displayName"] == "Mine";
    let early = tokio::select! {
        answer = put.as_mut() => Some(answer),
        () = until("the change", is_done) => None,
    };
    let rename = patch(json!([{"op": "replace", "path": "displayName", "value": "Theirs"}]));
    assert_eq!(stage.world.send("PATCH", &stage.path, rename).await.status, 204);
    drop(slow);
    // On a slow machine it has not waited that long for a place, and the answer is the same.
    let answer = match early {
        Some(answer) => answer,
        None => put.await,
    };
    assert_eq!((answer.status, answer.header("etag")), (204, None));
}

#[actix_web::test]
async fn who_waits_for_a_place_is_answered_by_the_schemas_of_then() {
    let stage = Stage::new().await;
    let slow = stage.slow().await;
    let ask = stage.world.ask("GET", &format!("/scim/v2{}", stage.path));
    let mut waiting = pin!(ask.open());
    stage.waits(waiting.as_mut()).await;
    // What is shown only to whoever asks for it, only these schemas know.
    let attributes = json!([{"name": "room"}, {"name": "notes", "returned": "request"}]);
    let declared = json!({"id": TEAM, "name": "Team", "attributes": attributes});
    let declared = Json::parse(declared.to_string().as_bytes()).unwrap();
    let organization = stage.world.tenant.organization.id;
    let administration = &stage.world.administration;
    administration.declare_schema(organization, ResourceKind::Group, &declared).await.unwrap();
    let value = json!({TEAM: {"room": "North", "notes": "cold"}});
    let change = patch(json!([{"op": "add", "value": value}]));
    assert_eq!(stage.world.send("PATCH", &stage.path, change).await.status, 204);
    drop(slow);
    let (body, complete) = waiting.await.rest().await;
    assert!(complete);
    let group: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(group[TEAM], json!({"room": "North"}));
    assert_eq!(group["members"].as_array().unwrap().len(), stage.members.len());
}
