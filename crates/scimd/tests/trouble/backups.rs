//! A PostgreSQL database that is copied beside the running service, and restored, as
//! docs/operations.md says.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use crate::client::Client;
use crate::cluster::Cluster;
use crate::instance::{Instance, Place, poll};
use crate::load::{USERS, create};
use crate::sql::Sql;
use crate::whole::assert_whole;
use crate::world::{Organization, group, text, user};

/// What must be in every copy.
struct Before {
    acme: Organization,
    ann: String,
    /// A key that reads events.
    backend: String,
    /// The number of the newest event that the backend has read.
    read: u64,
}

fn place(cluster: &Cluster, database: &str) -> Place {
    Place::development().with("SCIMD__DATABASE__URL", &cluster.url_of(database))
}

fn events(instance: &Instance, backend: &str, after: u64) -> (u16, Value) {
    let mut client = Client::new(instance.address, format!("Bearer {backend}"));
    let reply = client.get(&format!("/api/v1/events?limit=1000&after={after}"));
    (reply.status, reply.json())
}

fn is_sealed(acme: &Organization, place: &Place) -> bool {
    let verified = acme.ask(place, &["audit", "verify"], &[]);
    verified["valid"] == true && verified["unsealed"] == 0
}

impl Before {
    fn make(instance: &Instance) -> Self {
        let place = &instance.place;
        let acme = Organization::create(place, "Acme");
        let mut client = acme.client(instance);
        let ann = client.create(USERS, &user("ann@acme.example"));
        let crew = client.create("/scim/v2/Groups", &group("Crew", &[&ann]));
        acme.ask(place, &["group", "map"], &["--group", &crew, "--role", "admin"]);
        let words = ["--name", "Backend", "--permission", "events.read"];
        let backend = text(&acme.ask(place, &["api-key", "create"], &words)["token"]);
        poll("the seals", || is_sealed(&acme, place));
        let (_, told) = events(instance, &backend, 0);
        let read = told["nextAfter"].as_u64().unwrap();
        assert!(read > 2, "{told}");
        Self { acme, ann, backend, read }
    }

    /// Everything is as it was, and goes on.
    fn assert_restored(&self, instance: &Instance) {
        let Self { acme, ann, backend, read } = self;
        let mut client = acme.client(instance);
        let shown = client.get(&format!("{USERS}/{ann}")).json();
        assert_eq!(
            (&shown["userName"], &shown["groups"][0]["display"]),
            (&json!("ann@acme.example"), &json!("Crew"))
        );
        assert_eq!(acme.roles(&instance.place, "ann@acme.example"), json!(["admin"]));
        let after = client.create(USERS, &user("after@acme.example"));
        poll("the seals", || is_sealed(acme, &instance.place));
        let (status, told) = events(instance, backend, *read);
        assert_eq!(status, 200, "{told}");
        let items = told["items"].as_array().unwrap();
        let numbers: Vec<_> = items.iter().map(|it| it["sequence"].as_u64().unwrap()).collect();
        let next = *numbers.last().unwrap();
        assert_eq!(numbers, (read + 1..=next).collect::<Vec<_>>());
        assert_eq!(items.last().unwrap()["subject"]["id"], json!(after));
        let (status, gone) = events(instance, backend, next + 1_000);
        assert_eq!((status, &gone["code"]), (410, &json!("events_gone")), "{gone}");
    }
}

/// Does something while somebody writes, and gives how many users were written.
fn under_writes(instance: &Instance, acme: &Organization, work: impl FnOnce()) -> usize {
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let (stop, done) = (&stop, &done);
        let writer = scope.spawn(|| create(instance.address, &acme.token, 0, stop, done));
        let some = || {
            let before = done.load(Ordering::Relaxed);
            poll("some writes", || done.load(Ordering::Relaxed) > before + 10);
        };
        some();
        work();
        some();
        stop.store(true, Ordering::Relaxed);
        let told = writer.join().unwrap();
        assert!(told.refused.is_empty(), "{:?}", told.refused);
        told.created.len()
    })
}

// R1
#[test]
fn a_dump_made_under_writes_is_restored_into_a_database_that_scimd_goes_on_with() {
    let cluster = Cluster::start();
    cluster.run("createdb", &["scimd"]);
    let instance = place(&cluster, "scimd").serve();
    let before = Before::make(&instance);
    let dump = ["--format=custom", "--file=scimd.dump", "scimd"];
    let written = under_writes(&instance, &before.acme, || cluster.run("pg_dump", &dump));
    instance.stop();

    cluster.run("createdb", &["restored"]);
    let words = ["--exit-on-error", "--single-transaction", "--dbname=restored", "scimd.dump"];
    cluster.run("pg_restore", &words);
    let restored = place(&cluster, "restored");
    let steps = restored.ask(&["migrate", "status"]);
    assert!(steps.as_array().unwrap().iter().all(|it| it["applied"] == true), "{steps}");
    assert_eq!(before.acme.ask(&restored, &["audit", "verify"], &[])["valid"], true);
    let sql = Sql::connect(&cluster.url_of("restored"));
    assert_whole(|it| sql.count(it));
    let users = sql.count("SELECT count(*) FROM users");
    assert!((2..=i64::try_from(written).unwrap()).contains(&users), "{users} of {written}");
    before.assert_restored(&restored.serve());
}

// R1
#[test]
fn a_base_backup_and_the_archived_log_give_any_moment_back() {
    let mut cluster = Cluster::start_archiving();
    cluster.run("createdb", &["scimd"]);
    let instance = place(&cluster, "scimd").serve();
    let before = Before::make(&instance);
    let words = ["--pgdata=base", "--wal-method=stream", "--checkpoint=fast"];
    cluster.run("pg_basebackup", &words);
    let mut client = before.acme.client(&instance);
    client.create(USERS, &user("right@acme.example"));
    let sql = Sql::connect(&cluster.url());
    let moment = sql.texts("SELECT clock_timestamp()::text").remove(0);
    client.create(USERS, &user("wrong@acme.example"));
    let place = instance.stop();
    let log = sql.texts("SELECT pg_walfile_name(pg_switch_wal())").remove(0);
    let archived =
        format!("SELECT count(*) FROM pg_stat_archiver WHERE last_archived_wal >= '{log}'");
    poll("the archive", || sql.count(&archived) == 1);

    cluster.recover("base", &moment);
    let sql = Sql::connect(&cluster.url_of("scimd"));
    let recovered = "SELECT count(*) WHERE NOT pg_is_in_recovery()";
    poll("the end of the recovery", || sql.count(recovered) == 1);
    assert_whole(|it| sql.count(it));
    let names = sql.texts("SELECT user_name_key FROM users ORDER BY 1");
    assert_eq!(names, ["ann@acme.example", "right@acme.example"]);
    assert_eq!(before.acme.ask(&place, &["audit", "verify"], &[])["valid"], true);
    before.assert_restored(&place.serve());
}
