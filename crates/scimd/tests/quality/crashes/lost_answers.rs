//! Clients that hang up before they are answered, and ask again.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::State;
use crate::client::{Client, connect};
use crate::database;
use crate::instance::Place;
use crate::world::{first_organization, group, patch, references, user, warm};

const TIMES: usize = 60;

/// Sends a whole request and is gone: at once, or when the first byte of the answer is here.
fn hang_up(client: &Client, address: SocketAddr, request: (&str, &str, &Value), late: bool) {
    let (method, path, body) = request;
    let body = body.to_string();
    let length = body.len().to_string();
    let headers = [("Content-Type", "application/scim+json"), ("Content-Length", &length)];
    let head = client.head(method, path, &headers);
    let mut stream = connect(address).unwrap();
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
    if late {
        stream.read_exact(&mut [0]).unwrap();
    }
}

// N7
#[test]
fn a_request_that_is_repeated_after_a_lost_answer_is_done_once() {
    let instance = Place::development().serve();
    let organization = first_organization(&instance.place);
    let mut client = warm(&instance);
    let group = client.create("/scim/v2/Groups", &group("Everybody", &[]));
    let group_path = format!("/scim/v2/Groups/{group}");
    for number in 0..TIMES {
        let late = number % 2 == 1;
        let name = format!("user{number}@acme.example");
        hang_up(&client, instance.address, ("POST", "/scim/v2/Users", &user(&name)), late);
        let again = client.post("/scim/v2/Users", &user(&name));
        let statuses = if late { &[409][..] } else { &[201, 409] };
        assert!(statuses.contains(&again.status), "{again:?}");
        let found = format!("/scim/v2/Users?filter=userName%20eq%20%22{name}%22");
        let found = client.get(&found).json();
        assert_eq!(found["totalResults"], 1, "{found}");
        let id = found["Resources"][0]["id"].as_str().unwrap().to_owned();

        let path = format!("/scim/v2/Users/{id}");
        let titled = patch("replace", "title", &json!("Changed"));
        hang_up(&client, instance.address, ("PATCH", &path, &titled), late);
        assert_eq!(client.patch(&path, &titled).status, 200);
        let joined = patch("add", "members", &references(&[&id]));
        hang_up(&client, instance.address, ("PATCH", &group_path, &joined), late);
        assert_eq!(client.patch(&group_path, &joined).status, 204);
    }
    // Once each, with one audit entry and one event: the state's own rules.
    let state = State::read(&database::open(&instance.place), &organization, &group);
    state.assert_whole();
    let shown = client.get(&group_path).json();
    assert_eq!(shown["members"].as_array().unwrap().len(), TIMES);
}
