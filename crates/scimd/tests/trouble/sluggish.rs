//! Clients that take their time: for the head of a request, for its body, for reading the answer.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, connect};
use crate::instance::{Instance, Place, poll};
use crate::load::USERS;
use crate::world::{user, warm};

/// What the slowest may take, on a machine on which others work, too.
const LATEST: Duration = Duration::from_secs(12);

fn serve() -> Instance {
    Place::development()
        .with("SCIMD__SERVER__HEADER_TIMEOUT", "1s")
        .with("SCIMD__SERVER__REQUEST_TIMEOUT", "2s")
        .with("SCIMD__SERVER__KEEP_ALIVE", "2s")
        .serve()
}

/// Sends one byte now and then until the connection is cut, and gives what was answered.
fn drip(mut stream: TcpStream, byte: u8) -> String {
    let begun = Instant::now();
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        assert!(begun.elapsed() < LATEST, "still connected");
        if stream.write_all(&[byte]).is_err() {
            break;
        }
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&buffer[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    String::from_utf8(answer).unwrap()
}

// O4
#[test]
fn a_head_that_does_not_end_is_cut() {
    let instance = serve();
    let mut stream = connect(instance.address).unwrap();
    stream.write_all(b"GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
    drip(stream, b'a');
    assert_eq!(Client::anonymous(instance.address).get("/healthz").status, 200);
}

// O4
#[test]
fn a_body_that_does_not_end_is_cut() {
    let instance = serve();
    let client = warm(&instance);
    let headers = [("Content-Type", "application/scim+json"), ("Content-Length", "100000")];
    let mut stream = connect(instance.address).unwrap();
    let head = client.head("POST", USERS, &headers);
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    let answer = drip(stream, b' ');
    // By chance the answer is lost when the connection is cut while a byte is under way.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

/// Makes so much that no buffer of the system holds it.
fn fill(client: &mut Client) {
    let long = "x".repeat(4_000);
    for part in 0..2 {
        let create = |number: usize| {
            let mut user = user(&format!("user-{part}-{number}@acme.example"));
            user["title"] = json!(long);
            user["displayName"] = json!(long);
            json!({ "method": "POST", "path": "/Users", "bulkId": format!("{number}"), "data": user })
        };
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": (0..500).map(create).collect::<Value>(),
        });
        assert_eq!(client.post("/scim/v2/Bulk", &body).status, 200);
    }
}

/// The connections of a process that are established, by the system's own list.
fn connections(instance: &Instance) -> usize {
    let port = format!(":{:04X}", instance.address.port());
    let all = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let ours = all.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    ours.filter(|it| it[1].ends_with(&port) && it[3] == "01").count()
}

// O4
#[test]
fn who_does_not_read_the_answer_is_cut() {
    let instance = Place::development().with("SCIMD__SERVER__KEEP_ALIVE", "2s").serve();
    let mut client = warm(&instance);
    fill(&mut client);
    drop(client);
    let head = warm(&instance).head("GET", &format!("{USERS}?count=1000"), &[]);
    let silent: Vec<_> = (0..4)
        .map(|_| {
            let mut stream = connect(instance.address).unwrap();
            stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
            // The answer has begun.
            stream.read_exact(&mut [0]).unwrap();
            stream
        })
        .collect();
    poll("the end of whoever does not read", || connections(&instance) == 0);
    drop(silent);
}
