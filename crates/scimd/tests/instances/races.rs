//! Many at once, at the same thing, through whichever instance.

use serde_json::{Value, json};

use crate::started::{House, Instances, with};
use crate::world::{Organization, group, patch, references, user};

const USERS: &str = "/scim/v2/Users";
const GROUPS: &str = "/scim/v2/Groups";
const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

on_both!(
    of_two_hundred_equal_creates_one_succeeds,
    racing_renames_never_make_twins,
    of_writes_that_expect_the_same_version_one_wins,
    eight_writers_on_one_group_lose_nobody,
    of_many_creates_as_many_succeed_as_there_are_seats,
);

fn total(started: &Instances, acme: &Organization, path: &str) -> u64 {
    let mut totals = started.clients(&acme.token).into_iter().map(|mut client| {
        client.get(&format!("{path}?count=0")).json()["totalResults"].as_u64().unwrap()
    });
    let first = totals.next().unwrap();
    assert!(totals.all(|it| it == first), "the instances do not agree");
    first
}

// N1
fn of_two_hundred_equal_creates_one_succeeds(house: &House) {
    let (started, acme) = house.serve();
    let create = |at: usize| {
        user(if at.is_multiple_of(2) { "one@acme.example" } else { "ONE@Acme.Example" })
    };
    let replies = started.at_once(&acme.token, 200, |at, client| client.post(USERS, &create(at)));
    let statuses: Vec<_> = replies.iter().map(|it| it.status).collect();
    assert_eq!((with(201, &replies), with(409, &replies)), (1, 199), "{statuses:?}");
    assert_eq!(total(&started, &acme, USERS), 1);
    let before = total(&started, &acme, GROUPS);
    let replies =
        started.at_once(&acme.token, 48, |_, client| client.post(GROUPS, &group("One", &[])));
    assert_eq!((with(201, &replies), with(409, &replies)), (1, 47));
    assert_eq!(total(&started, &acme, GROUPS), before + 1);
}

// N2
fn racing_renames_never_make_twins(house: &House) {
    let (started, acme) = house.serve();
    let mut inside = started.clients(&acme.token).swap_remove(0);
    let users: Vec<_> = (0..6)
        .map(|at| inside.create(USERS, &user(&format!("start{at}@acme.example"))))
        .map(|id| format!("{USERS}/{id}"))
        .collect();
    let groups: Vec<_> = (0..6)
        .map(|at| inside.create(GROUPS, &group(&format!("Start {at}"), &[])))
        .map(|id| format!("{GROUPS}/{id}"))
        .collect();
    for round in 0..6 {
        // The same name to whoever compares, another spelling for each.
        let spelt = |at: usize| match at % 3 {
            0 => format!("round{round}@acme.example"),
            1 => format!("ROUND{round}@Acme.Example"),
            _ => format!("\u{ff52}ound{round}@acme.example"),
        };
        for (paths, attribute) in [(&users, "userName"), (&groups, "displayName")] {
            let replies = started.at_once(&acme.token, 6, |at, client| {
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
fn of_writes_that_expect_the_same_version_one_wins(house: &House) {
    let (started, acme) = house.serve();
    let mut inside = started.clients(&acme.token).swap_remove(0);
    let user_path = format!("{USERS}/{}", inside.create(USERS, &user("one@acme.example")));
    let group_path = format!("{GROUPS}/{}", inside.create(GROUPS, &group("One", &[])));
    for round in 0..4 {
        for (path, attribute) in [(&user_path, "title"), (&group_path, "displayName")] {
            let version = inside.get(path).header("etag").unwrap().to_owned();
            let replies = started.at_once(&acme.token, 15, |at, client| {
                let change = patch("replace", attribute, &json!(format!("round {round} of {at}")));
                client.send("PATCH", path, &[("If-Match", &version)], Some(&change))
            });
            let won = with(200, &replies) + with(204, &replies);
            assert_eq!((won, with(412, &replies)), (1, 14), "round {round}: {replies:?}");
            assert_ne!(inside.get(path).header("etag").unwrap(), version);
        }
    }
}

/// So many users, made with Bulk through every instance at once; gives their ids, sorted.
fn users(started: &Instances, acme: &Organization, count: usize) -> Vec<String> {
    let bulk = |part: usize| {
        let numbers = (0..count).filter(|number| number % 8 == part);
        let create = |number: usize| {
            let user = user(&format!("member{number}@acme.example"));
            json!({ "method": "POST", "path": "/Users", "bulkId": format!("{number}"), "data": user })
        };
        json!({ "schemas": [BULK], "Operations": numbers.map(create).collect::<Value>() })
    };
    let replies = started.at_once(&acme.token, 8, |part, client| {
        let reply = client.post("/scim/v2/Bulk", &bulk(part));
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    });
    let operations = replies.iter().flat_map(|it| it["Operations"].as_array().unwrap());
    let id = |it: &Value| it["location"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let mut ids: Vec<_> = operations.map(id).collect();
    ids.sort();
    assert_eq!(ids.len(), count);
    ids
}

// N5
fn eight_writers_on_one_group_lose_nobody(house: &House) {
    let (started, acme) = house.serve();
    let ids = users(&started, &acme, 800);
    let mut inside = started.clients(&acme.token).swap_remove(0);
    let group_path = format!("{GROUPS}/{}", inside.create(GROUPS, &group("Everybody", &[])));
    let replies = started.at_once(&acme.token, 8, |at, client| {
        let mine = ids.iter().skip(at).step_by(8);
        let add =
            |id: &String| client.patch(&group_path, &patch("add", "members", &references(&[id])));
        mine.map(add).collect::<Vec<_>>()
    });
    for reply in replies.iter().flatten() {
        assert_eq!(reply.status, 204, "{reply:?}");
    }
    for mut client in started.clients(&acme.token) {
        let shown = client.get(&group_path).json();
        let members = shown["members"].as_array().unwrap().iter();
        let mut members: Vec<_> = members.map(|it| it["value"].as_str().unwrap()).collect();
        members.sort_unstable();
        assert_eq!(members, ids);
        assert_eq!(shown["meta"]["version"], "W/\"801\"");
    }
}

// Z4
fn of_many_creates_as_many_succeed_as_there_are_seats(house: &House) {
    let (started, acme) = house.serve();
    let limit = acme.ask(&house.place, &["organization", "set-seat-limit"], &["20"]);
    assert_eq!(limit["seatLimit"], 20);
    let replies = started.at_once(&acme.token, 60, |number, client| {
        client.post(USERS, &user(&format!("user-{number}@acme.example")))
    });
    let statuses: Vec<_> = replies.iter().map(|it| it.status).collect();
    assert_eq!((with(201, &replies), with(403, &replies)), (20, 40), "{statuses:?}");
    assert_eq!(total(&started, &acme, USERS), 20);
    let shown = acme.ask(&house.place, &["organization", "show"], &[]);
    assert_eq!(shown["seatsUsed"], 20);
}
