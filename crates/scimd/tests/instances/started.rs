//! A database, and the processes that serve it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::sync::Barrier;
use std::thread;

use serde_json::Value;

use crate::client::{Client, Reply};
use crate::database;
use crate::instance::{Place, poll};
use crate::sql::Fresh;
use crate::world::Organization;

/// Where instances live: settings, and an empty database.
pub struct House {
    pub place: Place,
    pub database: Option<Fresh>,
}

impl House {
    pub fn sqlite() -> Self {
        Self { place: Place::development(), database: None }
    }

    pub fn postgres() -> Self {
        let database = Fresh::new();
        let place = Place::development()
            .with("SCIMD__DATABASE__URL", &database.url())
            .with("SCIMD__DATABASE__CONNECTIONS", "8");
        Self { place, database: Some(database) }
    }

    /// The rows of a query with one column of text, from beside the instances.
    pub fn texts(&self, query: &str) -> Vec<String> {
        match &self.database {
            Some(database) => database.open().texts(query),
            None => database::texts(&database::open(&self.place), query),
        }
    }

    /// The number that a query gives.
    pub fn count(&self, query: &str) -> i64 {
        match &self.database {
            Some(database) => database.open().count(query),
            None => database::count(&database::open(&self.place), query),
        }
    }

    /// How a query makes text of an id.
    pub fn id_as_text(&self) -> &'static str {
        if self.database.is_some() { "id::text" } else { "lower(hex(id))" }
    }

    /// Starts so many at the same moment, and waits until all of them are ready.
    pub fn start(&self, count: usize) -> Instances {
        let start = |number| {
            let log = std::fs::File::create(self.place.path(&format!("log{number}"))).unwrap();
            let mut command = self.place.command(&["serve", "--json"]);
            command.stdout(Stdio::piped()).stderr(log).spawn().unwrap()
        };
        let mut started =
            Instances { children: (0..count).map(start).collect(), announced: Vec::new() };
        for (number, child) in started.children.iter_mut().enumerate() {
            let mut line = String::new();
            BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
            let log = || std::fs::read_to_string(self.place.path(&format!("log{number}"))).unwrap();
            assert!(!line.is_empty(), "instance {number} did not start: {}", log());
            started.announced.push(serde_json::from_str(&line).unwrap());
        }
        for mut client in started.clients("") {
            poll("readiness", || client.get("/readyz").status == 200);
        }
        started
    }

    /// Three instances, and an organization whose key each of them has checked: a cold key under
    /// load meets the gate before Argon2, which is another story.
    pub fn serve(&self) -> (Instances, Organization) {
        let started = self.start(3);
        let acme = Organization::create(&self.place, "Acme");
        for mut client in started.clients(&acme.token) {
            assert_eq!(client.get("/scim/v2/ServiceProviderConfig").status, 200);
        }
        (started, acme)
    }
}

/// Processes that serve one database.
pub struct Instances {
    children: Vec<Child>,
    pub announced: Vec<Value>,
}

impl Instances {
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let address = |it: &Value| it["address"].as_str().unwrap().parse().unwrap();
        self.announced.iter().map(address).collect()
    }

    /// A client of each.
    pub fn clients(&self, token: &str) -> Vec<Client> {
        let client = |address| Client::new(address, format!("Bearer {token}"));
        self.addresses().into_iter().map(client).collect()
    }

    /// Lets so many clients, all of them connected and spread over the instances, do something at
    /// the same moment.
    pub fn at_once<T: Send>(
        &self,
        token: &str,
        clients: usize,
        work: impl Fn(usize, &mut Client) -> T + Sync,
    ) -> Vec<T> {
        let addresses = self.addresses();
        let barrier = Barrier::new(clients);
        let (addresses, barrier, work) = (&addresses, &barrier, &work);
        thread::scope(|scope| {
            let run = |number: usize| {
                move || {
                    let address = addresses[number % addresses.len()];
                    let mut client = Client::new(address, format!("Bearer {token}"));
                    assert_eq!(client.get("/healthz").status, 200);
                    barrier.wait();
                    work(number, &mut client)
                }
            };
            let threads: Vec<_> = (0..clients).map(|number| scope.spawn(run(number))).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        })
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

/// How many of the answers have this status.
pub fn with(status: u16, replies: &[Reply]) -> usize {
    replies.iter().filter(|it| it.status == status).count()
}
