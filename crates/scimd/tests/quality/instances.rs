//! Several processes over one database file.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::sync::Barrier;
use std::thread;

use serde_json::Value;

use crate::client::Client;
use crate::database;
use crate::instance::{Place, poll};
use crate::world::{Organization, user};

const PATH: &str = "/scim/v2/Users";

struct Instances {
    children: Vec<Child>,
    announced: Vec<Value>,
    place: Place,
}

impl Instances {
    /// Three, started at the same moment on a directory in which there is nothing.
    fn start() -> Self {
        let place = Place::development();
        let start = |_| {
            let mut command = place.command(&["serve", "--json"]);
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
        };
        let mut started =
            Self { children: (0..3).map(start).collect(), announced: Vec::new(), place };
        for child in &mut started.children {
            let mut line = String::new();
            BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
            assert!(!line.is_empty(), "an instance did not start");
            started.announced.push(serde_json::from_str(&line).unwrap());
        }
        for address in started.addresses() {
            let mut client = Client::anonymous(address);
            poll("readiness", || client.get("/readyz").status == 200);
        }
        started
    }

    fn addresses(&self) -> Vec<SocketAddr> {
        let address = |it: &Value| it["address"].as_str().unwrap().parse().unwrap();
        self.announced.iter().map(address).collect()
    }
}

impl Drop for Instances {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

// R6
#[test]
fn instances_that_start_together_on_nothing_migrate_once() {
    let started = Instances::start();
    let organizations = started.place.ask(&["organization", "list"]);
    assert_eq!(organizations.as_array().unwrap().len(), 1, "{organizations}");
    let with_key = started.announced.iter().filter(|it| !it["firstKeyFile"].is_null()).count();
    assert_eq!(with_key, 1, "{:?}", started.announced);
    let steps = started.place.ask(&["migrate", "status"]);
    let applied = database::texts(
        &database::open(&started.place),
        "SELECT version FROM seaql_migrations ORDER BY version",
    );
    assert_eq!(applied.len(), steps.as_array().unwrap().len(), "{applied:?} and {steps}");
}

// A5, N1
#[test]
fn what_one_instance_does_holds_on_every_other() {
    let started = Instances::start();
    let acme = Organization::create(&started.place, "Acme");
    let addresses = started.addresses();
    for address in &addresses {
        assert_eq!(Client::new(*address, &acme.token).get(PATH).status, 200);
    }
    let barrier = Barrier::new(200);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let create = |number: usize| {
            let (barrier, token) = (&barrier, &acme.token);
            let address = addresses[number % addresses.len()];
            scope.spawn(move || {
                let mut client = Client::new(address, token);
                assert_eq!(client.get("/healthz").status, 200);
                barrier.wait();
                client.post(PATH, &user("one@acme.example")).status
            })
        };
        let threads: Vec<_> = (0..200).map(create).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let with = |status| statuses.iter().filter(|it| **it == status).count();
    assert_eq!((with(201), with(409)), (1, 199), "{statuses:?}");
    for address in &addresses {
        assert_eq!(Client::new(*address, &acme.token).get(PATH).json()["totalResults"], 1);
    }
    acme.ask(&started.place, &["api-key", "revoke"], &["--id", &acme.key]);
    for address in &addresses {
        assert_eq!(Client::new(*address, &acme.token).get(PATH).status, 401);
    }
}
