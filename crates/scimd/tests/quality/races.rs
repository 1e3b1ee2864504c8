//! Many at once, at the same thing.

use std::sync::Barrier;
use std::thread;

use serde_json::json;

use crate::client::{Client, Reply};
use crate::database;
use crate::instance::{Instance, Place};
use crate::world::{group, patch, references, user, warm};

const USERS: &str = "/scim/v2/Users";
const GROUPS: &str = "/scim/v2/Groups";

/// Lets so many clients, all of them connected, do something at the same moment.
fn at_once<T: Send>(
    instance: &Instance,
    clients: usize,
    work: impl Fn(usize, &mut Client) -> T + Sync,
) -> Vec<T> {
    let key = instance.first_key();
    let barrier = Barrier::new(clients);
    let (key, barrier, work) = (&key, &barrier, &work);
    thread::scope(|scope| {
        let run = |number| {
            move || {
                let mut client = Client::new(instance.address, key);
                assert_eq!(client.get("/healthz").status, 200);
                barrier.wait();
                work(number, &mut client)
            }
        };
        let threads: Vec<_> = (0..clients).map(|number| scope.spawn(run(number))).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    })
}

/// How many of the answers have this status.
fn with(status: u16, replies: &[Reply]) -> usize {
    replies.iter().filter(|it| it.status == status).count()
}

fn total(client: &mut Client, path: &str) -> u64 {
    client.get(&format!("{path}?count=0")).json()["totalResults"].as_u64().unwrap()
}

// Z4
#[test]
fn of_many_creates_as_many_succeed_as_there_are_seats() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let listed = instance.place.ask(&["organization", "list"]);
    let id = listed[0]["id"].as_str().unwrap();
    let limit = ["organization", "set-seat-limit", "--organization", id, "20"];
    assert_eq!(instance.place.ask(&limit)["seatLimit"], 20);
    let replies = at_once(&instance, 60, |number, client| {
        client.post(USERS, &user(&format!("user-{number}@acme.example")))
    });
    let statuses: Vec<_> = replies.iter().map(|it| it.status).collect();
    assert_eq!((with(201, &replies), with(403, &replies)), (20, 40), "{statuses:?}");
    assert_eq!(total(&mut inside, USERS), 20);
    let shown = instance.place.ask(&["organization", "show", "--organization", id]);
    assert_eq!(shown["seatsUsed"], 20);
}

// N1
#[test]
fn of_two_hundred_equal_creates_one_succeeds() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let replies =
        at_once(&instance, 200, |_, client| client.post(USERS, &user("one@acme.example")));
    let statuses: Vec<_> = replies.iter().map(|it| it.status).collect();
    assert_eq!((with(201, &replies), with(409, &replies)), (1, 199), "{statuses:?}");
    assert_eq!(total(&mut inside, USERS), 1);
    let before = total(&mut inside, GROUPS);
    let replies = at_once(&instance, 50, |_, client| client.post(GROUPS, &group("One", &[])));
    assert_eq!((with(201, &replies), with(409, &replies)), (1, 49));
    assert_eq!(total(&mut inside, GROUPS), before + 1);
}

// N2
#[test]
fn racing_renames_never_make_twins() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let users: Vec<_> = (0..6)
        .map(|at| inside.create(USERS, &user(&format!("start{at}@acme.example"))))
        .map(|id| format!("{USERS}/{id}"))
        .collect();
    let groups: Vec<_> = (0..6)
        .map(|at| inside.create(GROUPS, &group(&format!("Start {at}"), &[])))
        .map(|id| format!("{GROUPS}/{id}"))
        .collect();
    for round in 0..8 {
        // The same name to whoever compares, another spelling for each.
        let spelt = |at: usize| match at % 3 {
            0 => format!("round{round}@acme.example"),
            1 => format!("ROUND{round}@Acme.Example"),
            _ => format!("\u{ff52}ound{round}@acme.example"),
        };
        for (paths, attribute) in [(&users, "userName"), (&groups, "displayName")] {
            let replies = at_once(&instance, 6, |at, client| {
                let name = json!(spelt(at));
                match (at % 2, attribute) {
                    (0, _) => client.patch(&paths[at], &patch("replace", attribute, &name)),
                    (_, "userName") => client.put(&paths[at], &user(&spelt(at))),
                    (_, _) => client.put(&paths[at], &group(&spelt(at), &[])),
                }
            });
            let won = with(200, &replies) + with(204, &replies);
            assert_eq!((won, with(409, &replies)), (1, 5), "round {round}: {replies:?}");
        }
        let filter = format!("?filter=userName%20eq%20%22round{round}@acme.example%22");
        assert_eq!(inside.get(&format!("{USERS}{filter}")).json()["totalResults"], 1);
    }
}

// N4
#[test]
fn of_writes_that_expect_the_same_version_one_wins() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let user_path = format!("{USERS}/{}", inside.create(USERS, &user("one@acme.example")));
    let group_path = format!("{GROUPS}/{}", inside.create(GROUPS, &group("One", &[])));
    for round in 0..5 {
        for (path, attribute) in [(&user_path, "title"), (&group_path, "displayName")] {
            let version = inside.get(path).header("etag").unwrap().to_owned();
            let replies = at_once(&instance, 16, |at, client| {
                let change = patch("replace", attribute, &json!(format!("round {round} of {at}")));
                client.send("PATCH", path, &[("If-Match", &version)], Some(&change))
            });
            let won = with(200, &replies) + with(204, &replies);
            assert_eq!((won, with(412, &replies)), (1, 15), "round {round}: {replies:?}");
            assert_ne!(inside.get(path).header("etag").unwrap(), version);
        }
    }
}

// N4
#[test]
fn what_changes_nothing_changes_no_version() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let member = inside.create(USERS, &user("one@acme.example"));
    let user_path = format!("{USERS}/{member}");
    let group_path = format!("{GROUPS}/{}", inside.create(GROUPS, &group("One", &[&member])));
    for path in [&user_path, &group_path] {
        let before = inside.get(path);
        let version = before.header("etag").unwrap();
        let name = if path.contains("Users") { "userName" } else { "displayName" };
        let same = patch("replace", name, &before.json()[name]);
        let again = patch("add", "members", &references(&[&member]));
        for _ in 0..2 {
            for reply in [
                inside.put(path, &before.json()),
                inside.patch(path, &same),
                inside.send("PATCH", path, &[("If-Match", version)], Some(&same)),
            ] {
                assert!(matches!(reply.status, 200 | 204), "{reply:?}");
            }
            if path.contains("Groups") {
                assert_eq!(inside.patch(path, &again).status, 204);
            }
        }
        assert_eq!(inside.get(path).body, before.body);
    }
}

// N5
#[test]
fn eight_writers_on_one_group_lose_nobody() {
    let instance = Place::development().serve();
    let mut inside = warm(&instance);
    let name = "member@acme.example";
    let first = inside.create(USERS, &user(name));
    let group_path = format!("{GROUPS}/{}", inside.create(GROUPS, &group("Everybody", &[])));
    let ids = database::copy_user(&mut database::open(&instance.place), &first, name, 800);
    let replies = at_once(&instance, 8, |at, client| {
        let mine = ids.iter().skip(at).step_by(8);
        let add =
            |id: &String| client.patch(&group_path, &patch("add", "members", &references(&[id])));
        mine.map(add).collect::<Vec<_>>()
    });
    for reply in replies.iter().flatten() {
        assert_eq!(reply.status, 204, "{reply:?}");
    }
    let shown = inside.get(&group_path).json();
    let mut members: Vec<_> =
        shown["members"].as_array().unwrap().iter().map(|it| it["value"].clone()).collect();
    members.sort_by_key(ToString::to_string);
    assert_eq!(members, ids.iter().map(|id| json!(id)).collect::<Vec<_>>());
    assert_eq!(shown["meta"]["version"], "W/\"801\"");
}
