//! What one member more costs, whatever the group's size.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Client;
use crate::database;
use crate::instance::Place;
use crate::world::{group, patch, references, user, warm};

const MANY: usize = 100_000;
const TIMES: usize = 50;

/// The time of each of two kinds of requests, in one group.
#[derive(Default)]
struct Times {
    adds: Vec<Duration>,
    removes: Vec<Duration>,
}

fn timed(client: &mut Client, path: &str, body: &Value) -> Duration {
    let begun = Instant::now();
    let reply = client.patch(path, body);
    let took = begun.elapsed();
    assert_eq!(reply.status, 204, "{reply:?}");
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

// V4
#[test]
fn one_member_more_costs_the_same_in_a_group_of_a_hundred_thousand() {
    let instance = Place::development().with("SCIMD__SERVER__REQUEST_TIMEOUT", "300s").serve();
    let mut client = warm(&instance);
    let name = "member@acme.example";
    let first = client.create("/scim/v2/Users", &user(name));
    let mut connection = database::open(&instance.place);
    let ids = database::copy_user(&mut connection, &first, name, MANY + TIMES);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let (members, joining) = ids.split_at(MANY);

    let [small, large] = [("Ten", &members[..10]), ("Many", &[][..])]
        .map(|(name, members)| client.create("/scim/v2/Groups", &group(name, members)))
        .map(|id| format!("/scim/v2/Groups/{id}"));
    let pushed = client.patch(&large, &patch("add", "members", &references(members)));
    assert_eq!(pushed.status, 204, "{pushed:?}");
    let count = "SELECT count(*) FROM group_members";
    assert_eq!(database::rows(&connection, count, |row| row.get::<_, i64>(0).unwrap()), [100_010]);

    let mut times = [Times::default(), Times::default()];
    // In turns, so that whatever else the machine does falls on both alike.
    for id in joining {
        let add = patch("add", "members", &references(&[id]));
        let remove = patch("remove", &format!("members[value eq \"{id}\"]"), &Value::Null);
        for (path, times) in [&small, &large].into_iter().zip(&mut times) {
            times.adds.push(timed(&mut client, path, &add));
            times.removes.push(timed(&mut client, path, &remove));
        }
    }
    let [small, large] = times.map(|it| [median(it.adds), median(it.removes)]);
    // Three, though one would do: on a machine that others use, medians of so few differ by
    // themselves. Anything that grew with the group would be off by thousands.
    for (small, large) in small.into_iter().zip(large) {
        assert!(large < small * 3, "{large:?} in a large group, {small:?} in a small one");
    }
}
