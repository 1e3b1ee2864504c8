//! A client that sends back what it was shown changes nothing (N9), whatever the resource is.

use scim_domain::{
    schema::Catalog,
    testing::{resources, runs},
};
use serde_json::{Value, json};

use crate::common::World;

const RESOURCES: usize = 30;

/// How much was written: audit entries and events.
async fn written(world: &World) -> (usize, usize) {
    let organization = world.tenant.organization.id;
    let audited = world.administration.list_audit(organization, 100_000).await.unwrap();
    let store: &dyn scim_app::ports::Store = &world.store;
    let mut unit = store.begin().await.unwrap();
    let events = unit.outbox().oldest(organization, 100_000).await.unwrap();
    (audited.len(), events.len())
}

/// Makes the resource, gets it, and puts what came back.
async fn goes_back(world: &World, endpoint: &str, body: Value) -> Result<(), String> {
    let made = world.send("POST", endpoint, body).await;
    if made.status != 201 {
        // A name that nobody can have, or that somebody has.
        return if made.status == 400 || made.status == 409 {
            Ok(())
        } else {
            Err(made.text().to_owned())
        };
    }
    let path = format!("{endpoint}/{}", made.id());
    let shown = world.get(&path).await;
    let before = written(world).await;
    let put = world.send("PUT", &path, shown.json()).await;
    let again = world.get(&path).await;
    let same = (put.status, put.json(), put.header("etag"))
        == (200, shown.json(), shown.header("etag"))
        && again.json() == shown.json()
        && made.json() == shown.json()
        && written(world).await == before;
    let told = || format!("{}\nbecame {} {}", shown.text(), put.status, put.text());
    if same { Ok(()) } else { Err(told()) }
}

// N9
#[actix_web::test]
async fn a_user_that_is_put_as_it_was_shown_does_not_change() {
    let world = World::new().await;
    let of = &Catalog::standard().user;
    runs::check(&resources::sent(of), RESOURCES, async |(_, sent)| {
        goes_back(&world, "/Users", sent.clone()).await
    })
    .await;
}

// N9
#[actix_web::test]
async fn a_group_that_is_put_as_it_was_shown_does_not_change() {
    let world = World::new().await;
    let members =
        [world.user("anna").await, world.user("bert").await].map(|it| json!({"value": it}));
    let of = &Catalog::standard().group;
    runs::check(&resources::sent(of), RESOURCES, async |(plain, sent)| {
        let mut body = sent.clone();
        // With no, some and all of the users as members, as the name happens to be long.
        let some = plain["displayName"].as_str().unwrap_or_default().len() % 3;
        body["members"] = members.iter().take(some).cloned().collect();
        goes_back(&world, "/Groups", body).await
    })
    .await;
}
