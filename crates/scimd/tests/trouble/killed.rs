//! A PostgreSQL that is killed under load.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::cluster::Cluster;
use crate::instance::{Instance, Place, poll};
use crate::load::{Told, assert_refused, create, resident};
use crate::sql::Sql;
use crate::whole::assert_whole;
use crate::world::{Organization, user};

const WRITERS: usize = 6;
/// What "at once" may be on a machine on which others work, too.
const AT_ONCE: Duration = Duration::from_secs(2);
/// From a database that is there again to a service that is.
const HEALED: Duration = Duration::from_secs(5);
/// How much memory may come and go by itself.
const SLACK: usize = 32 * 1024;

fn serve(url: &str) -> Instance {
    Place::development().with("SCIMD__DATABASE__URL", url).serve()
}

/// Kills the server while clients write, leaves it dead for a while, and starts it again.
fn outage(cluster: &mut Cluster, instance: &Instance, done: &AtomicUsize) {
    let mut client = Client::anonymous(instance.address);
    let some = |more: usize| {
        let before = done.load(Ordering::Relaxed);
        poll("some load", || done.load(Ordering::Relaxed) >= before + more);
    };
    some(30);
    let memory = resident(instance.id());
    cluster.kill();
    poll("not being ready", || client.get("/readyz").status == 503);
    assert_eq!(client.get("/healthz").status, 200);
    // Whoever waited has been answered; from now on all are refused.
    some(WRITERS);
    some(300);
    let grown = resident(instance.id()).saturating_sub(memory);
    assert!(grown < SLACK, "{grown} KiB more while the database was away");
    cluster.restart();
    let begun = Instant::now();
    poll("readiness", || client.get("/readyz").status == 200);
    some(30);
    assert!(begun.elapsed() < HEALED, "healed after {:?}", begun.elapsed());
}

// R4, O2
#[test]
fn a_killed_database_is_answered_503_and_healed_by_itself() {
    let mut cluster = Cluster::start();
    let instance = serve(&cluster.url());
    let acme = Organization::create(&instance.place, "Acme");
    assert_eq!(acme.client(&instance).get("/scim/v2/Users").status, 200);
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let told: Vec<Told> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (stop, done, instance, token) = (&stop, &done, &instance, &acme.token);
                scope.spawn(move || create(instance.address, token, writer, stop, done))
            })
            .collect();
        for _ in 0..2 {
            outage(&mut cluster, &instance, &done);
        }
        stop.store(true, Ordering::Relaxed);
        writers.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let slowest = told.iter().flat_map(|it| &it.refused).max().unwrap();
    assert!(*slowest < AT_ONCE, "{slowest:?} until a refusal");
    let sql = Sql::connect(&cluster.url());
    let mut client = acme.client(&instance);
    for (name, id) in told.iter().flat_map(|it| &it.created) {
        assert_eq!(client.post("/scim/v2/Users", &user(name)).status, 409, "{name} is lost");
        assert_once(&sql, id);
    }
    assert_whole(|it| sql.count(it));
}

/// The user of this id was created once, with what belongs to it.
pub fn assert_once(sql: &Sql, id: &str) {
    for query in [
        "SELECT count(*) FROM users WHERE id = '{id}'",
        "SELECT count(*) FROM events WHERE subject_id = '{id}' AND kind = 'user.created'",
        "SELECT count(*) FROM audit_entries WHERE subject_id = '{id}' AND action = 'user.created'",
    ] {
        assert_eq!(sql.count(&query.replace("{id}", id)), 1, "{query} of {id}");
    }
}

// R4
#[test]
fn a_database_that_cannot_be_reached_at_the_start_is_named() {
    let port = crate::cluster::free_port();
    let url = format!("postgres://someone:open-sesame@127.0.0.1:{port}/scimd");
    let place = Place::development().with("SCIMD__DATABASE__URL", &url);
    let begun = Instant::now();
    let said = place.run(&["serve"]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    let said = crate::instance::text(&said.stderr);
    let named = format!("postgres://127.0.0.1:{port}/scimd cannot be reached");
    assert!(said.contains(&named) && !said.contains("open-sesame"), "{said}");
}

// R4
#[test]
fn a_refused_connection_is_a_refused_request() {
    let cluster = Cluster::start();
    let proxy = crate::proxy::Proxy::start(cluster.port());
    let instance = serve(&proxy.url());
    let acme = Organization::create(&instance.place, "Acme");
    let mut client = acme.client(&instance);
    assert_eq!(client.get("/scim/v2/Users").status, 200);
    proxy.set(crate::proxy::Mode::Refuse);
    proxy.cut();
    poll("the refusal", || client.get("/scim/v2/Users").status == 503);
    assert_refused(&client.get("/scim/v2/Users"));
    assert_refused(&client.post("/scim/v2/Users", &user("one@acme.example")));
    proxy.set(crate::proxy::Mode::Pass);
    let begun = Instant::now();
    poll("an answer", || client.get("/scim/v2/Users").status == 200);
    assert!(begun.elapsed() < HEALED, "healed after {:?}", begun.elapsed());
}
