//! A database that takes its time, or all of it.

use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::house::House;
use crate::instance::{Place, poll};
use crate::load::{USERS, assert_refused, resident};
use crate::proxy::Mode;
use crate::world::user;

const LIMIT: Duration = Duration::from_secs(2);
/// Above the limit, for a machine on which others work, too.
const SLACK: Duration = Duration::from_millis(1_500);

/// Where a request is given as long as [`LIMIT`].
fn house() -> House {
    House::build(Place::development().with("SCIMD__SERVER__REQUEST_TIMEOUT", "2s"))
}

impl House {
    /// Ready again, and of use, within some seconds.
    fn heals(&self) {
        let begun = Instant::now();
        let mut anonymous = Client::anonymous(self.instance.address);
        let mut client = self.acme.client(&self.instance);
        poll("readiness", || anonymous.get("/readyz").status == 200);
        poll("an answer", || client.get(USERS).status == 200);
        let name = format!("healed-{}@acme.example", begun.elapsed().as_micros());
        assert_eq!(client.post(USERS, &user(&name)).status, 201);
        assert!(begun.elapsed() < Duration::from_secs(5), "healed after {:?}", begun.elapsed());
    }
}

// R5, O2
#[test]
fn a_database_that_says_nothing_costs_no_request_more_than_its_time() {
    let house = house();
    let memory = resident(house.instance.id());
    house.proxy.set(Mode::Stall);
    // Far more than there are connections.
    thread::scope(|scope| {
        for number in 0..120 {
            let mut client = house.acme.client(&house.instance);
            scope.spawn(move || {
                let begun = Instant::now();
                let reply = match number % 2 {
                    0 => client.get(USERS),
                    _ => client.post(USERS, &user(&format!("user{number}@acme.example"))),
                };
                assert_refused(&reply);
                assert!(begun.elapsed() < LIMIT + SLACK, "{:?}: {reply:?}", begun.elapsed());
            });
        }
    });
    let begun = Instant::now();
    let mut anonymous = Client::anonymous(house.instance.address);
    assert_eq!(anonymous.get("/readyz").status, 503);
    assert!(begun.elapsed() < LIMIT + SLACK, "{:?}", begun.elapsed());
    assert_eq!(anonymous.get("/healthz").status, 200);
    let grown = resident(house.instance.id()).saturating_sub(memory);
    assert!(grown < 48 * 1024, "{grown} KiB more");
    house.proxy.set(Mode::Pass);
    house.heals();
}

// R5
#[test]
fn connections_that_went_silent_are_replaced() {
    let house = house();
    house.proxy.set(Mode::Stall);
    let mut client = house.acme.client(&house.instance);
    assert_refused(&client.get(USERS));
    house.proxy.cut();
    house.proxy.set(Mode::Pass);
    house.heals();
}

// R5
#[test]
fn a_slow_database_is_answered_slowly_or_not_at_all() {
    let house = house();
    let mut client = house.acme.client(&house.instance);
    house.proxy.set(Mode::Delay(Duration::from_millis(50)));
    assert_eq!(client.get(USERS).status, 200);
    assert_eq!(Client::anonymous(house.instance.address).get("/readyz").status, 200);
    house.proxy.set(Mode::Delay(Duration::from_millis(2_500)));
    let begun = Instant::now();
    assert_refused(&client.get(USERS));
    assert!(begun.elapsed() < LIMIT + SLACK, "{:?}", begun.elapsed());
    assert_eq!(Client::anonymous(house.instance.address).get("/readyz").status, 503);
    house.proxy.set(Mode::Pass);
    house.heals();
}
