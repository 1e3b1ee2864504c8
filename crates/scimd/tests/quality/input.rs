//! Input that is too large, too deep or of the wrong kind, against a process that must not mind.

use std::io::{BufReader, Write as _};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Client, Reply, connect};
use crate::instance::{Instance, Place};
use crate::world::{USER, user, warm};

const MIB: usize = 1024 * 1024;

/// Far less than the timeout that would end a request whose body never comes, and far more than
/// an answer takes on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(10);

fn count(inside: &mut Client) -> u64 {
    inside.get("/scim/v2/Users?count=0").json()["totalResults"].as_u64().unwrap()
}

/// Sends a head and some bytes, and reads the answer while the body is still owed.
fn begun(instance: &Instance, head: &str, some: &[u8]) -> Reply {
    let mut stream = connect(instance.address).unwrap();
    let begun = Instant::now();
    stream.write_all(head.as_bytes()).unwrap();
    // The server may have answered and closed before it took all of it: that is the point.
    let _ = stream.write_all(some);
    let reply = Reply::read(&mut BufReader::new(stream), true).unwrap();
    assert!(begun.elapsed() < AT_ONCE, "{:?} for {reply:?}", begun.elapsed());
    reply
}

// I1
#[test]
fn a_body_that_is_announced_too_large_is_refused_before_it_is_sent() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let id = inside.create("/scim/v2/Users", &user("alice@acme.example"));
    let user_path = format!("/scim/v2/Users/{id}");
    for (method, path, size) in [
        ("POST", "/scim/v2/Users", (MIB + 1).to_string()),
        ("PUT", &user_path, (64 * MIB).to_string()),
        ("PATCH", &user_path, "9223372036854775807".to_owned()),
        ("POST", "/scim/v2/Groups", (16 * MIB + 1).to_string()),
    ] {
        let length = [("Content-Length", &size[..])];
        let head = inside.head(method, path, &length) + "\r\n";
        let reply = begun(&instance, &head, b"{\"userName\":");
        assert_eq!(reply.status, 413, "{method} {path} {size}: {reply:?}");
        assert_eq!(reply.json()["status"], "413");
    }
    assert_eq!(count(&mut inside), 1);
}

// I1
#[test]
fn a_chunked_body_is_refused_where_it_passes_the_limit() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let chunked = [("Transfer-Encoding", "chunked")];
    let head = inside.head("POST", "/scim/v2/Users", &chunked) + "\r\n";
    // Well-formed JSON so far, and no end of it: only its size can be what is refused.
    let mut body = b"2\r\n{\"\r\n".to_vec();
    let chunk = [format!("{:x}\r\n", 64 * 1024).into_bytes(), vec![b'a'; 64 * 1024]].concat();
    for _ in 0..20 {
        body.extend_from_slice(&chunk);
        body.extend_from_slice(b"\r\n");
    }
    let reply = begun(&instance, &head, &body);
    assert_eq!(reply.status, 413, "{reply:?}");
    assert_eq!(count(&mut inside), 0);
}

fn nested(depth: usize) -> String {
    let (open, close) = ("{\"a\":".repeat(depth), "}".repeat(depth));
    format!(r#"{{"schemas":["{USER}"],"userName":"deep@acme.example","x":{open}1{close}}}"#)
}

// I2
#[test]
fn what_is_no_plain_json_is_refused_and_changes_nothing() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let with = |member: &str| format!(r#"{{"schemas":["{USER}"],"userName":"a@b",{member}}}"#);
    let plain = user("plain@acme.example").to_string();
    let deep = "[".repeat(500_000);
    let mut bodies: Vec<Vec<u8>> = [
        &nested(32),
        &nested(1_000),
        &deep,
        &with(r#""title":"a","title":"b""#),
        &with(r#""title":"a","TITLE":"b""#),
        &with(r#""username":"c@d""#),
        &with(r#""name":{"givenName":"a","GivenName":"b"}"#),
        &with("\"title\":\"a\\u0000b\""),
        &with(r#""title":"\ud800""#),
        &with(r#""title":"\udc00\ud800""#),
        &with("\"title\":\"a\nb\""),
        &with(r#""title":NaN"#),
        &with(r#""title":'a'"#),
        &with(r#""title":"a","#),
        &format!("\u{feff}{plain}"),
        &format!("{plain}{plain}"),
        &format!("{plain} x"),
        &plain[..plain.len() - 1],
        "",
        "null",
        "[]",
        "\"text\"",
        "{",
    ]
    .map(|it| it.as_bytes().to_vec())
    .to_vec();
    bodies.push(with("\"title\":\"\0\"").into_bytes());
    bodies.push([b"{\"userName\":\"".as_slice(), b"\xff\xfe\"}"].concat());
    bodies.push(plain.encode_utf16().flat_map(u16::to_le_bytes).collect());
    for body in &bodies {
        let reply = inside.try_send("POST", "/scim/v2/Users", &[], Some(body)).unwrap();
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]);
        assert_eq!(reply.status, 400, "{shown:?}: {reply:?}");
        assert_eq!(reply.json()["status"], "400", "{shown:?}");
    }
    assert_eq!(count(&mut inside), 0);
    // Just inside of the limit it is data like any other.
    let reply = inside.try_send("POST", "/scim/v2/Users", &[], Some(nested(30).as_bytes()));
    assert_eq!(reply.unwrap().status, 201);
}

// I3
#[test]
fn no_filter_takes_long_to_refuse_or_brings_the_process_down() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    for number in 0..3 {
        inside.create("/scim/v2/Users", &user(&format!("user{number}@acme.example")));
    }
    let terms = |count: usize| vec!["title%20pr"; count].join("%20or%20");
    let nested = |depth| format!("{}title%20pr{}", "(".repeat(depth), ")".repeat(depth));
    let not = |depth| format!("{}title%20pr{}", "not%20(".repeat(depth), ")".repeat(depth));
    let long = format!("title%20eq%20%22{}%22", "a".repeat(4_096));
    for (filter, statuses) in [
        ("(".repeat(100_000), &[400, 414, 431][..]),
        (")".repeat(100_000), &[400, 414, 431]),
        ("(".repeat(4_000), &[400]),
        ("not(".repeat(1_000), &[400]),
        (format!("emails{}", "[".repeat(4_000)), &[400]),
        (nested(1_000), &[400]),
        (nested(17), &[400]),
        (not(17), &[400]),
        (terms(65), &[400]),
        (long, &[400]),
        (terms(64), &[200]),
        (nested(15), &[200]),
    ] {
        let path = format!("/scim/v2/Users?filter={filter}");
        let shown = &filter[..filter.len().min(40)];
        // Of a few tries the quickest: what else runs on the machine only ever adds to it.
        let times = (0..5).map(|_| {
            let mut client = Client::new(instance.address, instance.first_key());
            let begun = Instant::now();
            let reply = client.get(&path);
            assert!(statuses.contains(&reply.status), "{shown}: {reply:?}");
            begun.elapsed()
        });
        let quickest = times.min().unwrap();
        // An unoptimised build on a shared machine; a parser that went exponential, or a search
        // that began, would be far beyond.
        assert!(quickest < Duration::from_millis(250), "{shown}: {quickest:?}");
    }
    // The same process: a new one would have a new port, and its clients new connections.
    assert_eq!(count(&mut inside), 3);
}

// I5
#[test]
fn foreign_media_types_and_compressed_bodies_are_refused() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let id = inside.create("/scim/v2/Users", &user("alice@acme.example"));
    let path = format!("/scim/v2/Users/{id}");
    let body = json!({ "schemas": [USER], "userName": "changed@acme.example" });
    for header in [
        ("Content-Type", "text/plain"),
        ("Content-Type", "text/html"),
        ("Content-Type", "application/xml"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("Content-Type", "application/scim+json; charset=utf-16"),
        ("Content-Type", "application/json, text/plain"),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "identity, gzip"),
        ("Content-Encoding", "br"),
    ] {
        for (method, path) in [("POST", "/scim/v2/Users"), ("PUT", &path), ("PATCH", &path)] {
            let reply = inside.send(method, path, &[header], Some(&body));
            assert_eq!(reply.status, 415, "{method} {header:?}: {reply:?}");
            assert_eq!(reply.json()["status"], "415", "{method} {header:?}");
        }
    }
    assert_eq!(count(&mut inside), 1);
    assert_eq!(inside.get(&path).json()["meta"]["version"], "W/\"1\"");
    let plain =
        [("Content-Type", "application/json; charset=UTF-8"), ("Content-Encoding", "identity")];
    assert_eq!(inside.send("PUT", &path, &plain, Some(&body)).status, 200);
}
