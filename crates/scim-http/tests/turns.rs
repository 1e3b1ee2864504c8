//! How many requests of one credential there are at once, and how long each of them counts.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use scim_domain::organization::Plan;
use serde_json::json;

use tokio::io::AsyncWriteExt as _;

use crate::common::{
    Answer, Tenant, World,
    server::{Server, read_until},
    until,
};

/// So many requests of one credential are worked on at once.
pub const AT_ONCE: usize = 16;

/// So many more of it wait.
const WAITING: usize = 240;

/// Gives up a request once something has come true.
pub async fn hang_up(request: impl Future<Output = Answer>, when: impl Fn() -> bool) {
    tokio::select! {
        answer = request => panic!("answered: {}", answer.text()),
        () = until("the moment to hang up", async || when()) => {}
    }
}

/// Some answers to somebody else, while a request waits.
pub async fn waits<T>(request: impl Future<Output = T>, world: &World, other: &Tenant) {
    let theirs = async {
        for _ in 0..5 {
            let theirs = world.ask("GET", "/scim/v2/Users").key(&other.token).send().await;
            assert_eq!(theirs.status, 200);
            // What the one who waits has begun in a task of its own goes on, too.
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        _ = request => panic!("answered"),
        () = theirs => {}
    }
}

pub fn create(world: &World, number: usize) -> impl Future<Output = Answer> {
    world.send("POST", "/Users", json!({"userName": format!("user-{number}")}))
}

async fn users(world: &World) -> u64 {
    world.get("/Users").await.json()["totalResults"].as_u64().unwrap()
}

// O1, O3
#[actix_web::test]
async fn a_write_whose_client_hangs_up_keeps_its_turn_to_its_end() {
    let world = World::new().await;
    let other = world.tenant("Other", Plan::Growth).await;
    world.store.hold_units(true);
    for number in 0..AT_ONCE {
        hang_up(create(&world, number), || world.store.units_waiting() == number + 1).await;
    }
    let mut next = pin!(create(&world, AT_ONCE));
    waits(next.as_mut(), &world, &other).await;
    assert_eq!(
        world.store.units_waiting(),
        AT_ONCE,
        "no more of the credential come to the writer"
    );
    world.store.hold_units(false);
    assert_eq!(next.await.status, 201);
    until("all that was begun", async || users(&world).await == 17).await;
}

// O1, O3
#[actix_web::test]
async fn a_write_that_nobody_waits_for_any_longer_keeps_its_turn_to_its_end() {
    let world = World::with_timeout(Plan::Enterprise, Duration::from_millis(100)).await;
    let other = world.tenant("Other", Plan::Growth).await;
    let reads = async |token: &str| {
        world.ask("GET", "/scim/v2/Users").key(token).send().await.status == 200
    };
    world.store.hold_units(true);
    let mut number = 0;
    while world.store.units_waiting() < AT_ONCE {
        create(&world, number).await.refusal(503);
        number += 1;
        assert!(number < 200, "most requests do not even begin");
    }
    world.get("/Users").await.refusal(503);
    until("an answer to somebody else", async || reads(&other.token).await).await;
    world.store.hold_units(false);
    until("an answer", async || reads(&world.tenant.token).await).await;
}

/// What is written to a server by who is turned away there, and what comes of it.
async fn is_turned_away(server: Server) {
    let other = server.world.tenant("Other", Plan::Growth).await;
    server.world.store.hold_units(true);
    let numbers = 0..AT_ONCE + WAITING;
    let mut crowd: Vec<_> = numbers.map(|it| Box::pin(create(&server.world, it))).collect();
    let begin =
        poll_fn(|cx| Poll::Ready(crowd.iter_mut().all(|it| it.as_mut().poll(cx).is_pending())));
    assert!(begin.await, "all wait");

    let mut stream = server.post("/scim/v2/Users", "Content-Length: 2\r\n").await;
    stream.write_all(b"{}").await.unwrap();
    let answer = read_until(&mut stream, "\"503\"").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    for header in
        ["retry-after: 1", "x-request-id: ", "cache-control: no-store", "application/scim+json"]
    {
        assert!(answer.contains(header), "{answer}");
    }
    // The connection stays. Others are served on it, and so are other paths.
    for (token, path, found) in
        [(&other.token, "/scim/v2/Users", "totalResults"), (&server.token, "/healthz", "alive")]
    {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read_until(&mut stream, found).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    let token = &server.token;
    let request = format!("GET /scim/v2beta HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = read_until(&mut stream, "\"404\"").await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "only SCIM is crowded: {answer}");
    let head = format!(
        "HEAD /scim/v2/Users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {}\r\n\r\n",
        server.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read_until(&mut stream, "nothing but the end").await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.ends_with("\r\n\r\n"), "{answer}");

    let mut stream = server.post("/scim/v2/Users", "Content-Length: 1000000\r\n").await;
    let answer = read_until(&mut stream, "nothing but the end").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");

    drop(crowd);
    server.world.store.hold_units(false);
    until("an answer", async || server.world.get("/Users").await.status == 200).await;
    server.stop().await;
}

// O1
#[actix_web::test]
async fn who_is_turned_away_keeps_the_connection_unless_much_was_to_come() {
    is_turned_away(Server::around(World::new().await)).await;
}

// O1
#[actix_web::test]
async fn who_is_turned_away_by_a_mounted_service_keeps_the_connection_as_well() {
    is_turned_away(Server::mounted(World::new().await)).await;
}
