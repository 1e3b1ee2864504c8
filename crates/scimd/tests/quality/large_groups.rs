//! Large groups on the wire: what reading one needs of memory, and of the database.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{Client, connect};
use crate::database;
use crate::instance::{Instance, Place, poll};
use crate::sql::Fresh;
use crate::world::{group, user, warm};

const NAME: &str = "member@acme.example";
const MANY: usize = 100_000;
/// In KiB. As text, the members are 15 MiB, and as rows about as much; SQLite keeps up to 16 MiB of
/// pages for each connection.
const MORE: usize = 12 * 1024;

/// A service with a small group and a large one.
struct House {
    instance: Instance,
    database: Option<Fresh>,
    small: String,
    large: String,
}

impl House {
    fn sqlite(place: Place) -> Self {
        let (house, first, large) = Self::serve(place, None);
        let mut connection = database::open(&house.instance.place);
        database::copy_user(&mut connection, &first, NAME, MANY);
        let join = format!(
            "INSERT INTO group_members (organization_id, group_id, user_id, added_us)
             SELECT organization_id, x'{}', id, 0 FROM users WHERE hex(id) <> upper('{}')",
            database::hex(&large),
            database::hex(&first)
        );
        assert_eq!(connection.execute(&join, []).unwrap(), MANY);
        house
    }

    fn postgres(place: Place) -> Self {
        let database = Fresh::new();
        let place = place.with("SCIMD__DATABASE__URL", &database.url());
        let (house, first, large) = Self::serve(place, Some(database));
        let sql = house.database.as_ref().unwrap().open();
        sql.run(&format!(
            "INSERT INTO users (organization_id, id, user_name_key, external_id, display_name_key,
                 active, source, protected, created_us, updated_us, version, document)
             SELECT organization_id, gen_random_uuid(), user_name_key || i, external_id,
                 display_name_key, active, source, protected, created_us, updated_us, version,
                 replace(document, '{NAME}', '{NAME}' || i)
             FROM users, generate_series(1, {MANY}) i WHERE id = '{first}';
             INSERT INTO group_members (organization_id, group_id, user_id, added_us)
             SELECT organization_id, '{large}', id, 0 FROM users WHERE id <> '{first}'"
        ));
        house
    }

    /// The service, its first user, and its empty group.
    fn serve(place: Place, database: Option<Fresh>) -> (Self, String, String) {
        let instance = place.serve();
        let mut client = warm(&instance);
        let first = client.create("/scim/v2/Users", &user(NAME));
        let mut make =
            |name, members: &[&str]| client.create("/scim/v2/Groups", &group(name, members));
        let (small, large) = (make("Small", &[&first]), make("Large", &[]));
        let [one, other] = [&small, &large].map(|id| format!("/scim/v2/Groups/{id}"));
        (Self { instance, database, small: one, large: other }, first, large)
    }

    /// Asks for something and leaves the answer unread.
    fn ask(&self, client: &Client, path: &str) -> BufReader<TcpStream> {
        let mut stream = connect(self.instance.address).unwrap();
        let head = client.head("GET", path, &[("Connection", "close")]);
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        BufReader::new(stream)
    }

    /// Reads an answer and keeps nothing of it; how many objects it has, if it is whole.
    fn read(&self, client: &Client, path: &str) -> Option<usize> {
        objects(&mut self.ask(client, path))
    }

    /// The most memory that the process needed while something is done, in KiB.
    fn peak(&self, done: impl FnOnce()) -> usize {
        let process = format!("/proc/{}", self.instance.id());
        std::fs::write(format!("{process}/clear_refs"), "5").unwrap();
        done();
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
        let line = status.lines().find(|it| it.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

/// How many objects begin in some bytes.
fn begun(bytes: &[u8]) -> usize {
    bytes.split(|it| *it == b'{').count() - 1
}

/// Counts the objects in the body of an answer, whatever its length.
fn objects(stream: &mut BufReader<TcpStream>) -> Option<usize> {
    let (mut head, mut count) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut head).unwrap(), 0, "{head}");
    }
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    if !head.to_lowercase().contains("transfer-encoding: chunked") {
        let mut body = Vec::new();
        stream.read_to_end(&mut body).unwrap();
        return Some(begun(&body));
    }
    let mut chunk = Vec::new();
    loop {
        let mut size = String::new();
        stream.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        chunk.resize(size + 2, 0);
        stream.read_exact(&mut chunk).ok()?;
        count += begun(&chunk);
        if size == 0 {
            return Some(count);
        }
    }
}

/// The members, the group itself, and its `meta`.
const WHOLE: Option<usize> = Some(MANY + 2);

fn a_large_group_needs_as_little_memory_as_a_small_one(house: &House) {
    let client = warm(&house.instance);
    assert_eq!(house.read(&client, &house.small), Some(3));
    let small = house.peak(|| assert_eq!(house.read(&client, &house.small), Some(3)));
    let large = house.peak(|| assert_eq!(house.read(&client, &house.large), WHOLE));
    println!("{small} KiB for a small group, {large} KiB for a large one");
    let more = large.saturating_sub(small);
    assert!(more < MORE, "{more} KiB more for a large group");
    let listed = house.peak(|| {
        let page = "/scim/v2/Groups?startIndex=1&count=100";
        assert!(house.read(&client, page).is_some_and(|it| it > MANY + 4));
    });
    println!("{listed} KiB for a page");
    let more = listed.saturating_sub(small);
    assert!(more < MORE, "{more} KiB more for a page with a large group");
}

// V4
#[test]
fn a_large_group_on_sqlite_needs_as_little_memory_as_a_small_one() {
    a_large_group_needs_as_little_memory_as_a_small_one(&House::sqlite(Place::development()));
}

// V4
#[test]
fn a_large_group_on_postgresql_needs_as_little_memory_as_a_small_one() {
    a_large_group_needs_as_little_memory_as_a_small_one(&House::postgres(Place::development()));
}

/// So many may be under way with one key.
const WITH_ONE_KEY: usize = 2;

fn impatient() -> Place {
    Place::development().with("SCIMD__SERVER__ANSWER_TIMEOUT", "2s")
}

// O4
fn who_does_not_read_a_large_group_holds_nothing_for_long(house: &House) {
    let client = warm(&house.instance);
    let begun = Instant::now();
    let ask = |_| {
        let mut stream = house.ask(&client, &house.large);
        // The answer has begun.
        stream.read_exact(&mut [0]).unwrap();
        stream
    };
    let mut silent: Vec<_> = (0..WITH_ONE_KEY).map(ask).collect();
    // There is no place for a third until one of the two is given up.
    assert_eq!(house.read(&client, &house.large), WHOLE);
    assert!(begun.elapsed() > Duration::from_millis(1_500), "{:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    if let Some(database) = &house.database {
        let sql = database.open();
        let open = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        poll("the end of all snapshots", || sql.count(open) == 0);
    }
    for stream in &mut silent {
        // What was on its way comes, and then nothing: no end that looks like one.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(!rest.is_empty() && !rest.ends_with(b"0\r\n\r\n"));
    }
    let log = house.instance.log();
    assert!(log.contains("the client took too long to read it"), "{log}");
}

#[test]
fn who_does_not_read_a_large_group_of_sqlite_holds_nothing_for_long() {
    who_does_not_read_a_large_group_holds_nothing_for_long(&House::sqlite(impatient()));
}

#[test]
fn who_does_not_read_a_large_group_of_postgresql_holds_nothing_for_long() {
    who_does_not_read_a_large_group_holds_nothing_for_long(&House::postgres(impatient()));
}

#[test]
fn whoever_goes_away_in_the_middle_makes_room_at_once() {
    let house = House::sqlite(Place::development());
    let client = warm(&house.instance);
    let begun = Instant::now();
    for _ in 0..20 {
        let mut stream = house.ask(&client, &house.large);
        stream.read_exact(&mut [0]).unwrap();
    }
    assert_eq!(house.read(&client, &house.large), WHOLE);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
