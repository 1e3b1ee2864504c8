//! What is decided at the command line holds for the very next request of the running server.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use crate::client::Client;
use crate::instance::Place;
use crate::world::{Organization, text, user};

const PATH: &str = "/scim/v2/Users";

// A5
#[test]
fn a_revoked_key_is_dead_for_every_request_that_begins_after() {
    let instance = Place::development().serve();
    let acme = Organization::create(&instance.place, "Acme");
    assert_eq!(acme.client(&instance).get(PATH).status, 200);
    let stop = AtomicBool::new(false);
    let (answers, revoked) = thread::scope(|scope| {
        let ask = || {
            let mut client = acme.client(&instance);
            let mut answers = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let begun = Instant::now();
                answers.push((begun, client.get(PATH)));
            }
            answers
        };
        let clients = [(); 3].map(|()| scope.spawn(ask));
        acme.ask(&instance.place, &["api-key", "revoke"], &["--id", &acme.key]);
        let revoked = Instant::now();
        let told = acme.client(&instance).get(PATH);
        assert!(told.status == 401 && told.body.contains("revoked"), "{told:?}");
        stop.store(true, Ordering::Relaxed);
        (clients.map(|it| it.join().unwrap()).into_iter().flatten().collect::<Vec<_>>(), revoked)
    });
    for (begun, reply) in &answers {
        assert!(matches!(reply.status, 200 | 401), "{reply:?}");
        assert!(*begun < revoked || reply.status == 401, "{reply:?}");
    }
    assert_eq!(acme.client(&instance).post(PATH, &user("late@acme.example")).status, 401);
    assert_eq!(acme.ask(&instance.place, &["user", "list"], &[]), serde_json::json!([]));
}

// A5
#[test]
fn a_plan_and_a_permission_count_from_the_next_request_on() {
    let instance = Place::development().serve();
    let acme = Organization::create(&instance.place, "Acme");
    let mut client = acme.client(&instance);
    let set_plan = |plan| {
        acme.ask(&instance.place, &["organization", "set-plan"], &["--plan", plan]);
    };
    let permission = |verb| {
        let words = ["--id", &acme.key, "--permission", "scim"];
        acme.ask(&instance.place, &["api-key", verb], &words);
    };
    assert_eq!(client.get(PATH).status, 200);
    set_plan("starter");
    let refused = client.get(PATH);
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("Starter"), "{refused:?}");
    set_plan("enterprise");
    assert_eq!(client.get(PATH).status, 200);
    permission("forbid");
    assert_eq!(client.get(PATH).status, 403);
    permission("permit");
    assert_eq!(client.get(PATH).status, 200);
}

// A5
#[test]
fn a_rotated_key_lives_beside_its_successor_as_long_as_was_said() {
    let instance = Place::development().serve();
    let acme = Organization::create(&instance.place, "Acme");
    let rotate = |id: &str, overlap: &str| {
        let words = ["--id", id, "--overlap", overlap];
        let made = acme.ask(&instance.place, &["api-key", "rotate"], &words);
        (text(&made["id"]), text(&made["token"]))
    };
    let ask = |token: &str| Client::new(instance.address, token).get(PATH);
    assert_eq!(ask(&acme.token).status, 200);
    let (second, token) = rotate(&acme.key, "24h");
    assert_eq!((ask(&acme.token).status, ask(&token).status), (200, 200));
    let (_, newest) = rotate(&second, "0s");
    let refused = ask(&token);
    assert!(refused.status == 401 && refused.body.contains("expired"), "{refused:?}");
    assert_eq!((ask(&acme.token).status, ask(&newest).status), (200, 200));
}
