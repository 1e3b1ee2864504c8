//! What the log says of requests, and what it must never say.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::common::{World, patch};

/// A log that is kept in memory.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Kept {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines of our own crates.
    pub fn lines(&self) -> Vec<Value> {
        let all = self.text();
        let all = all.lines().map(|it| serde_json::from_str::<Value>(it).unwrap());
        all.filter(|it| it["target"].as_str().unwrap().starts_with("scim")).collect()
    }
}

/// From now on, what this thread does is logged, down to TRACE.
pub fn listen() -> (Kept, tracing::subscriber::DefaultGuard) {
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(kept.clone())
        .with_max_level(tracing::Level::TRACE)
        .finish();
    (kept, tracing::subscriber::set_default(subscriber))
}

// A3
#[actix_web::test]
async fn the_log_knows_no_secret_and_nobody() {
    let world = World::new().await;
    let (kept, _guard) = listen();
    let canary = "canary.person@example.com";
    let person = json!({"userName": canary, "password": "canary-password", "title": "canary"});
    let made = world.send("POST", "/Users", person.clone()).await;
    assert_eq!(made.status, 201);
    let path = format!("/Users/{}", made.id());
    world.send("POST", "/Users", person.clone()).await.refusal(409);
    world.send("PUT", &path, person).await;
    let body = patch(json!([{"op": "replace", "path": "title", "value": "canary"}]));
    world.send("PATCH", &path, body).await;
    world.get("/Users?filter=userName+eq+%22canary.person%40example.com%22").await;
    world.get("/Users?filter=userName+eqq+%22canary%22").await.refusal(400);
    world.get(&format!("/Users/{canary}")).await.refusal(404);
    world.ask("GET", &format!("/scim/v2/{}", world.tenant.token)).send().await.refusal(404);
    world.ask("GET", "/scim/v2/Users").authorization("canary").send().await.refusal(401);
    world.store.set_away(true);
    world.get(&path).await.refusal(503);
    let text = kept.text();
    assert!(!kept.lines().is_empty());
    assert!(!text.contains("canary"), "{text}");
    assert!(!text.contains(&world.tenant.token));
    let secret = world.tenant.token.split('_').nth(2).unwrap();
    assert!(!text.contains(secret));
}

#[actix_web::test]
async fn every_line_has_the_request_id_and_the_pattern_of_the_route() {
    let world = World::new().await;
    let id = world.user("jane").await;
    let (kept, _guard) = listen();
    let answer = world.get(&format!("/Users/{id}?attributes=userName")).await;
    let answered = kept.lines().pop().unwrap();
    let span = &answered["span"];
    assert_eq!(span["request_id"].as_str(), answer.header("x-request-id"));
    assert_eq!((&span["method"], &span["route"]), (&json!("GET"), &json!("/Users/{id}")));
    assert_eq!((&answered["fields"]["status"], &answered["level"]), (&json!(200), &json!("DEBUG")));
    world.send("POST", "/Users", json!({"userName": "joe"})).await;
    world.store.set_away(true);
    world.get("/Users").await.refusal(503);
    for line in kept.lines() {
        assert!(line["span"]["request_id"].is_string(), "{line}");
    }
    let last: Vec<_> = kept.lines().iter().rev().take(2).map(|it| it["level"].clone()).collect();
    assert!(last.contains(&json!("WARN")), "the cause is logged: {last:?}");
}
