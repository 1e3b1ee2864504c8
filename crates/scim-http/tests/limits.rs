//! What a request may carry, and that more is refused before it costs anything.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::common::{World, patch};

const MIB: usize = 1024 * 1024;

// I1
#[actix_web::test]
async fn a_body_over_the_limit_is_refused_by_its_announced_length() {
    let world = World::new().await;
    for (path, limit) in [("/Users", MIB), ("/Groups", 16 * MIB)] {
        let path = format!("/scim/v2{path}");
        // Nothing of the body is there: it is refused unread.
        let announced = (limit + 1).to_string();
        let answer = world.ask("POST", &path).header("content-length", &announced).send().await;
        assert!(answer.refusal(413).1.contains(&limit.to_string()));
    }
}

// I1
#[actix_web::test]
async fn a_body_over_the_limit_is_refused_without_a_length_too() {
    let world = World::new().await;
    let (before, after) = (br#"{"userName":"jane","x":""#, br#""}"#);
    let body = |length: usize| {
        let filling = length - before.len() - after.len();
        [&before[..], &vec![b'x'; filling][..], &after[..]].concat()
    };
    let post = |length| world.ask("POST", "/scim/v2/Users").body(body(length)).send();
    post(MIB + 1).await.refusal(413);
    assert_eq!(post(MIB).await.status, 201, "the limit itself is allowed, and x is ignored");
}

// I2
#[actix_web::test]
async fn json_that_is_not_strict_is_refused() {
    let world = World::new().await;
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(40), "]".repeat(40));
    let very_deep = "[".repeat(100_000);
    for body in [
        "",
        " ",
        "{",
        "null",
        "[]",
        "\"jane\"",
        r#"{"userName":"a"} x"#,
        r#"{"userName":"a","USERNAME":"b"}"#,
        r#"{"userName":"a\u0000b"}"#,
        r#"{"userName":"a\ud800b"}"#,
        "\u{feff}{\"userName\":\"a\"}",
        &deep,
        &very_deep,
    ] {
        let answer = world.ask("POST", "/scim/v2/Users").body(body.to_owned()).send().await;
        let (kind, _) = answer.refusal(400);
        let shown = body.chars().take(40).collect::<String>();
        assert_eq!(kind.as_deref(), Some("invalidSyntax"), "{shown}");
    }
    let not_utf8 = b"{\"userName\":\"a\xffb\"}".to_vec();
    world.ask("POST", "/scim/v2/Users").body(not_utf8).send().await.refusal(400);
    assert_eq!(world.get("/Users").await.json()["totalResults"], 0);
}

// I3
#[actix_web::test]
async fn a_filter_without_end_is_refused_in_no_time() {
    let world = World::new().await;
    let open = format!("/Users?filter={}", "(".repeat(60_000));
    let deep = format!("/Users?filter={}userName+pr{}", "(".repeat(17), ")".repeat(17));
    let wide = format!("/Users?filter={}", vec!["userName+pr"; 65].join("+or+"));
    let long = format!("/Users?filter=userName+eq+%22{}%22", "x".repeat(4096));
    for path in [open, deep, wide, long] {
        let begun = Instant::now();
        let (kind, _) = world.get(&path).await.refusal(400);
        assert_eq!(kind.as_deref(), Some("invalidFilter"));
        // Far from the 5 ms of a release build, and far from anything that grows.
        assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
    }
    assert_eq!(world.get("/Users").await.status, 200);
}

// I4
#[actix_web::test]
async fn beyond_a_limit_nothing_is_applied() {
    let world = World::new().await;
    let id = world.user("jane@example.com").await;
    let before = world.get(&format!("/Users/{id}")).await.body;
    let operation = json!({"op": "replace", "path": "title", "value": "x"});
    let many = patch(json!(vec![operation; 1001]));
    world.send("PATCH", &format!("/Users/{id}"), many).await.refusal(400);
    let long = patch(json!([
        {"op": "replace", "path": "nickName", "value": "y"},
        {"op": "replace", "path": "title", "value": "x".repeat(4097)},
    ]));
    world.send("PATCH", &format!("/Users/{id}"), long).await.refusal(400);
    assert_eq!(world.get(&format!("/Users/{id}")).await.body, before);
}

// I4
#[actix_web::test]
async fn resources_beyond_a_limit_are_not_made() {
    let world = World::new().await;
    let emails: Vec<_> = (0..101).map(|it| json!({"value": format!("{it}@example.com")})).collect();
    let long = json!({"userName": "jane", "title": "x".repeat(4097)});
    world.send("POST", "/Users", json!({"userName": "jane", "emails": emails})).await.refusal(400);
    world.send("POST", "/Users", long).await.refusal(400);
    let nobody = json!({"value": "01980000-0000-7000-8000-00000000000f"});
    let many = json!({"displayName": "Everybody", "members": vec![nobody; 150_001]});
    let (kind, _) = world.send("POST", "/Groups", many).await.refusal(400);
    assert_eq!(kind.as_deref(), Some("tooMany"));
    assert_eq!(world.get("/Users").await.json()["totalResults"], 0);
    let found = world.get("/Groups?filter=displayName+eq+%22everybody%22").await;
    assert_eq!(found.json()["totalResults"], 0);
}

// I5
#[actix_web::test]
async fn foreign_media_types_and_compression_are_refused() {
    let world = World::new().await;
    let body = r#"{"userName":"jane"}"#;
    for (name, value) in [
        ("content-type", "text/plain"),
        ("content-type", "application/xml"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-type", "application/scim+json; charset=iso-8859-1"),
        ("content-encoding", "gzip"),
        ("content-encoding", "br"),
    ] {
        let ask = world.ask("POST", "/scim/v2/Users").header(name, value).body(body);
        ask.send().await.refusal(415);
    }
    for (name, value) in [
        ("content-type", "application/scim+json; charset=utf-8"),
        ("content-type", "application/json"),
        ("content-encoding", "identity"),
        ("accept", "text/html"),
    ] {
        let ask = world.ask("POST", "/scim/v2/Users").header(name, value).body("{}");
        ask.send().await.refusal(400);
    }
}
