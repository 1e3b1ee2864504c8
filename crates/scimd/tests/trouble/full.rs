//! Disks that fill up, and get space again.
//!
//! A process gets a small file system of its own, in a mount namespace that ends with it. Where
//! that is not permitted, the same is made otherwise: a limit on the size of files for SQLite, and
//! for PostgreSQL a database that refuses every new row as a full disk does.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Client, Reply};
use crate::cluster::{Cluster, is_root};
use crate::instance::{Place, poll};
use crate::load::{USERS, assert_refused};
use crate::sql::Sql;
use crate::world::{merge, user, warm};

/// The words before a command that give it a namespace of mounts, if that is permitted.
fn apart() -> Option<Vec<&'static str>> {
    let words = if is_root() { vec!["unshare", "-m"] } else { vec!["unshare", "-r", "-m"] };
    let mut try_it = Command::new(words[0]);
    try_it.args(&words[1..]).args(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/tmp"]);
    let worked = try_it.output().is_ok_and(|it| it.status.success());
    worked.then_some(words)
}

/// Writes until there is no space left, inside the namespace of a process.
struct Filler(PathBuf);

impl Filler {
    fn fill(process: u32, directory: &Path) -> Self {
        let inside = format!("/proc/{process}/root{}/filler", directory.display());
        let mut file = File::create(&inside).unwrap();
        // In small pieces at last, so that not even one page is left.
        for size in [1 << 20, 1 << 12, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
        Self(inside.into())
    }

    fn take_away(self) {
        std::fs::remove_file(self.0).unwrap();
    }
}

/// A user that was made while there was space.
struct Before {
    client: Client,
    path: String,
}

impl Before {
    fn new(mut client: Client) -> Self {
        let id = client.create(USERS, &user("before@acme.example"));
        Self { client, path: format!("{USERS}/{id}") }
    }

    /// Every write is refused, and every read answered.
    fn only_reads(&mut self) {
        let mut number = 0;
        let mut write = |client: &mut Client| -> Reply {
            number += 1;
            client.post(USERS, &user(&format!("user{number}@acme.example")))
        };
        // What was reserved before is used up first.
        poll("the end of the space", || {
            let reply = write(&mut self.client);
            assert!(matches!(reply.status, 201 | 503), "{reply:?}");
            reply.status == 503
        });
        for round in 0..10 {
            assert_refused(&write(&mut self.client));
            let titled = merge(&json!({ "title": format!("Title {round} ").repeat(300) }));
            assert_refused(&self.client.patch(&self.path, &titled));
            let shown = self.client.get(&self.path);
            assert_eq!(shown.status, 200, "{shown:?}");
            assert!(shown.json()["title"].is_null(), "{shown:?}");
            assert_eq!(self.client.get(&format!("{USERS}?count=5")).status, 200);
        }
    }

    /// Writes again, in the process that had no space.
    fn healed(&mut self) {
        let begun = Instant::now();
        let titled = merge(&json!({ "title": "After" }));
        poll("a write", || {
            let reply = self.client.patch(&self.path, &titled);
            assert!(matches!(reply.status, 200 | 503), "{reply:?}");
            reply.status == 200
        });
        assert!(begun.elapsed() < Duration::from_secs(5), "healed after {:?}", begun.elapsed());
        self.client.create(USERS, &user("after@acme.example"));
        assert_eq!(self.client.get(&self.path).json()["title"], "After");
    }
}

// R3
#[test]
fn sqlite_on_a_full_disk_reads_on_and_heals() {
    let place = Place::development();
    let data = place.path("data");
    std::fs::create_dir(&data).unwrap();
    let Some(apart) = apart() else { return sqlite_with_files_that_may_not_grow(place) };
    let mount = format!("mount -t tmpfs -o size=24m tmpfs {} && exec \"$@\"", data.display());
    let words: Vec<_> = apart.into_iter().chain(["sh", "-c", &mount, "-"]).collect();
    let instance = place.serve_behind(&words);
    let file = instance.announced["firstKeyFile"].as_str().unwrap();
    let file = instance.place.path(file);
    let key = format!("/proc/{}/root{}", instance.id(), file.display());
    let key = std::fs::read_to_string(key).unwrap();
    let mut before = Before::new(Client::new(instance.address, key.trim()));
    let filler = Filler::fill(instance.id(), &data);
    before.only_reads();
    filler.take_away();
    before.healed();
}

/// Where nothing can be mounted: the log of SQLite gets no more space than it has.
fn sqlite_with_files_that_may_not_grow(place: Place) {
    // The signal would end the process; where it is ignored, the write fails.
    let instance = place.serve_behind(&["sh", "-c", "trap '' 25; exec \"$@\"", "-"]);
    let mut before = Before::new(warm(&instance));
    let limit = |size: &str| {
        let process = instance.id().to_string();
        let limited = Command::new("prlimit").args(["--pid", &process, size]).status().unwrap();
        assert!(limited.success());
    };
    let log = instance.place.path("data/scimd.db-wal").metadata().unwrap().len();
    limit(&format!("--fsize={log}:"));
    before.only_reads();
    limit("--fsize=unlimited:");
    before.healed();
}

// R3
#[test]
fn postgres_on_a_full_disk_reads_on_and_heals() {
    let apart = apart().filter(|_| is_root());
    let Some(apart) = apart else { return postgres_that_says_that_it_is_full() };
    let cluster = Cluster::start_apart(&apart, "48m");
    let place = Place::development().with("SCIMD__DATABASE__URL", &cluster.url_of("small"));
    let instance = place.serve();
    let mut before = Before::new(warm(&instance));
    let filler = Filler::fill(cluster.id(), &cluster.space());
    before.only_reads();
    filler.take_away();
    before.healed();
}

/// Where nothing can be mounted: what PostgreSQL says of a full disk, said by a trigger.
fn postgres_that_says_that_it_is_full() {
    let cluster = Cluster::start();
    let instance = Place::development().with("SCIMD__DATABASE__URL", &cluster.url()).serve();
    let mut before = Before::new(warm(&instance));
    let sql = Sql::connect(&cluster.url());
    sql.run(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON audit_entries
            FOR EACH STATEMENT EXECUTE FUNCTION full_disk();",
    );
    before.only_reads();
    sql.run("DROP TRIGGER full_disk ON audit_entries");
    before.healed();
}
