//! kill -9 under load, again and again: what was acknowledged is there, with what belongs to it,
//! and of everything else there is all or nothing.

mod load;
mod lost_answers;
mod state;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use self::load::{Acknowledged, Writer};
use self::state::State;
use crate::client::Client;
use crate::database;
use crate::instance::{Instance, Place, poll};
use crate::world::{first_organization, group, warm};

const ROUNDS: usize = 20;
const WRITERS: usize = 4;

/// From the start of the process to the first request that may be sent to it.
const READY: Duration = Duration::from_secs(5);

/// Serves again in the same directory, and says how long that took.
fn serve(place: Place, key: &str) -> (Instance, Duration) {
    let begun = Instant::now();
    let instance = place.serve();
    let mut client = Client::new(instance.address, key);
    poll("readiness", || client.get("/readyz").status == 200);
    let took = begun.elapsed();
    // The key is checked once and then remembered, before the load begins.
    assert_eq!(client.get("/scim/v2/Users?count=0").status, 200);
    (instance, took)
}

/// Writes with several clients until the process is killed, and gives what was acknowledged.
fn round(instance: &mut Instance, key: &str, group: &str, number: usize) -> Vec<Acknowledged> {
    let (done, killed) = (AtomicUsize::new(0), AtomicBool::new(false));
    // Sometimes in the first moments, sometimes in full run.
    let enough = [3, 40, 11, 64, 27][number % 5];
    thread::scope(|scope| {
        let threads: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let name = format!("{number}-{writer}");
                let writer = Writer::new(instance.address, key, group, name);
                let (done, killed) = (&done, &killed);
                scope.spawn(move || writer.run(done, killed))
            })
            .collect();
        poll("some load", || done.load(Ordering::Relaxed) >= enough);
        killed.store(true, Ordering::SeqCst);
        instance.signal("-KILL");
        threads.into_iter().flat_map(|it| it.join().unwrap()).collect()
    })
}

// R1
#[test]
fn whatever_was_acknowledged_survives_every_kill_and_nothing_is_half() {
    let mut instance = Place::development().serve();
    let key = instance.first_key();
    let organization = first_organization(&instance.place);
    let group = warm(&instance).create("/scim/v2/Groups", &group("Everybody", &[]));
    let mut acknowledged = Vec::new();
    for number in 0..ROUNDS {
        acknowledged.extend(round(&mut instance, &key, &group, number));
        let status = instance.ended();
        assert_eq!(status.code(), None, "killed, not stopped: {}", instance.log());
        let place = std::mem::replace(&mut instance.place, Place::bare());
        let (again, took) = serve(place, &key);
        instance = again;
        assert!(took < READY, "round {number}: ready after {took:?}");
        let connection = database::open(&instance.place);
        assert_eq!(database::texts(&connection, "PRAGMA integrity_check"), ["ok"]);
        let state = State::read(&connection, &organization, &group);
        state.assert_whole();
        for it in &acknowledged {
            state.assert_holds(it);
        }
    }
    assert!(acknowledged.len() > ROUNDS * 10, "{} writes", acknowledged.len());
    let verified = instance.place.ask(&["audit", "verify", "--organization", &organization]);
    assert_eq!(verified["valid"], true, "{verified}");
}
