//! The end: what runs is finished, who dawdles is left behind, and the exit is clean.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::json;

use crate::http::{Answer, Request, connect};
use crate::instance::{BOUND, Instance, Place, poll};

/// A create of which only half the body has been sent.
fn half_a_request(instance: &Instance, name: &str) -> (TcpStream, String) {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
    });
    let request = Request::post("/scim/v2/Users", &user).key(&instance.first_key());
    let mut stream = connect(instance.address);
    let (now, later) = request.body().split_at(10);
    stream.write_all(request.head().as_bytes()).unwrap();
    stream.write_all(now.as_bytes()).unwrap();
    stream.flush().unwrap();
    (stream, later.to_owned())
}

fn accepts(instance: &Instance) -> bool {
    let Ok(mut stream) = TcpStream::connect(instance.address) else { return false };
    stream.set_read_timeout(Some(BOUND)).unwrap();
    // A connection that is taken but never answered counts as refused.
    let asked = stream.write_all(Request::get("/healthz").head().as_bytes());
    let mut first = [0; 1];
    asked.is_ok() && stream.read(&mut first).is_ok_and(|read| read == 1)
}

// R7
#[test]
fn a_running_request_is_finished_after_the_signal() {
    let mut instance = Place::development().serve();
    // The key's first use is checked before the clock ticks.
    let key = instance.first_key();
    assert_eq!(instance.send(&Request::get("/scim/v2/Users").key(&key)).status, 200);
    let (mut stream, rest) = half_a_request(&instance, "late@acme.example");
    // The server has taken the request up once it has answered one that came after it.
    assert_eq!(instance.send(&Request::get("/healthz")).status, 200);
    instance.signal("-TERM");
    poll("the listener to close", || !accepts(&instance));
    stream.write_all(rest.as_bytes()).unwrap();
    let answer = Answer::read(&mut stream);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(instance.ended().code(), Some(0), "{}", instance.log());

    let organization = instance.place.ask(&["organization", "list"])[0]["id"].clone();
    let users =
        instance.place.ask(&["user", "list", "--organization", organization.as_str().unwrap()]);
    assert_eq!(users[0]["userName"], "late@acme.example");
}

// R7
#[test]
fn slow_clients_do_not_hold_the_end_up() {
    let mut instance = Place::development().with("SCIMD__SERVER__SHUTDOWN_TIMEOUT", "1s").serve();
    let (_half_a_body, _) = half_a_request(&instance, "never@acme.example");
    let mut half_a_head = connect(instance.address);
    half_a_head.write_all(b"GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\n").unwrap();
    let _silent = connect(instance.address);
    assert_eq!(instance.send(&Request::get("/healthz")).status, 200);
    let begun = Instant::now();
    instance.signal("-TERM");
    assert_eq!(instance.ended().code(), Some(0), "{}", instance.log());
    assert!(begun.elapsed() < BOUND);
}

// R7
#[test]
fn an_idle_connection_does_not_hold_the_end_up() {
    let mut instance = Place::development().serve();
    let mut idle = connect(instance.address);
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut some = [0; 1024];
    assert!(idle.read(&mut some).unwrap() > 0);
    let begun = Instant::now();
    instance.signal("-INT");
    assert_eq!(instance.ended().code(), Some(0), "{}", instance.log());
    assert!(begun.elapsed().as_secs() < 10, "the timeout for running requests is 20 s");
}

// R1
#[test]
fn what_was_acknowledged_survives_a_kill() {
    let mut instance = Place::development().serve();
    let key = instance.first_key();
    for number in 0..10 {
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("user{number}@acme.example"),
        });
        let created = instance.send(&Request::post("/scim/v2/Users", &user).key(&key));
        assert_eq!(created.status, 201, "{created:?}");
    }
    instance.signal("-KILL");
    instance.ended();
    let place = std::mem::replace(&mut instance.place, Place::bare());
    let again = place.serve();
    let listed = again.send(&Request::get("/scim/v2/Users?count=0").key(&key));
    assert_eq!(listed.json()["totalResults"], 10, "{listed:?}");
}

// R7
#[test]
fn under_load_every_answer_is_whole_and_every_acknowledged_write_stays() {
    let mut instance = Place::development().serve();
    let key = instance.first_key();
    let acknowledged = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for client in 0..4 {
            let (acknowledged, key, address) = (&acknowledged, &key, instance.address);
            scope.spawn(move || {
                for number in 0.. {
                    let user = json!({
                        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                        "userName": format!("user{client}-{number}@acme.example"),
                    });
                    let request = Request::post("/scim/v2/Users", &user).key(key);
                    // No connection, or one that was closed before it was taken up: it is over.
                    let Some(answer) = request.try_send(address) else { return };
                    assert_eq!(answer.status, 201, "{answer:?}");
                    assert!(answer.json()["id"].is_string(), "{answer:?}");
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        poll("some load", || acknowledged.load(Ordering::Relaxed) > 20);
        instance.signal("-TERM");
    });
    assert_eq!(instance.ended().code(), Some(0), "{}", instance.log());
    let place = std::mem::replace(&mut instance.place, Place::bare());
    let listed = place.serve().send(&Request::get("/scim/v2/Users?count=0").key(&key)).json();
    let stored = listed["totalResults"].as_u64().unwrap();
    // A write whose answer found nobody any more may have been made as well.
    let acknowledged = u64::try_from(acknowledged.into_inner()).unwrap();
    assert!((acknowledged..=acknowledged + 4).contains(&stored), "{acknowledged} and {stored}");
}
