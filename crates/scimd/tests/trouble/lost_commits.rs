//! Connections that are cut around a commit: nobody knows what became of it, and asking again
//! converges.

use serde_json::{Value, json};

use crate::client::Client;
use crate::house::House;
use crate::instance::{Place, poll};
use crate::killed::assert_once;
use crate::load::{USERS, assert_refused};
use crate::proxy::Cut;
use crate::sql::Sql;
use crate::whole::assert_whole;
use crate::world::{group, merge, patch, references, text, user};

impl House {
    /// The connection is cut around the commit of a request that holds these words.
    fn lose(&self, client: &mut Client, words: &str, cut: Cut, request: (&str, &str, &Value)) {
        self.proxy.trap(words, cut);
        let (method, path, body) = request;
        let lost = client.send(method, path, &[], Some(body));
        assert!(!self.proxy.is_armed(), "nobody committed {words}");
        assert_refused(&lost);
    }

    fn find(client: &mut Client, name: &str) -> Vec<String> {
        let found = client.get(&format!("{USERS}?filter=userName%20eq%20%22{name}%22")).json();
        found["Resources"].as_array().unwrap().iter().map(|it| text(&it["id"])).collect()
    }
}

// R4, N7
#[test]
fn a_commit_whose_answer_is_lost_was_made_once() {
    let house = House::build(Place::development());
    let sql = Sql::connect(&house.cluster.url());
    let mut client = house.acme.client(&house.instance);
    for round in 0..5 {
        let name = format!("lost-{round}@acme.example");
        house.lose(&mut client, &name, Cut::After, ("POST", USERS, &user(&name)));
        let again = client.post(USERS, &user(&name));
        assert_eq!(again.status, 409, "{again:?}");
        assert_eq!(again.json()["scimType"], "uniqueness");
        let [id] = &House::find(&mut client, &name)[..] else { panic!("{name} is not there once") };
        assert_once(&sql, id);

        let path = format!("{USERS}/{id}");
        let title = format!("Title {round} that was lost");
        let titled = merge(&json!({ "title": title }));
        house.lose(&mut client, &title, Cut::After, ("PATCH", &path, &titled));
        let again = client.patch(&path, &titled);
        assert_eq!(again.status, 200, "{again:?}");
        assert_eq!(again.json()["meta"]["version"], "W/\"2\"", "{again:?}");
        let updates = format!(
            "SELECT count(*) FROM events WHERE subject_id = '{id}' AND kind = 'user.updated'"
        );
        assert_eq!(sql.count(&updates), 1);
    }
    assert_whole(|it| sql.count(it));
}

// R4, N7
#[test]
fn a_commit_that_never_arrived_changed_nothing() {
    let house = House::build(Place::development());
    let sql = Sql::connect(&house.cluster.url());
    let mut client = house.acme.client(&house.instance);
    for round in 0..5 {
        let name = format!("lost-{round}@acme.example");
        house.lose(&mut client, &name, Cut::Before, ("POST", USERS, &user(&name)));
        // The database rolls back as soon as it sees that nobody is there any more.
        let mut id = None;
        poll("the second try", || {
            let again = client.post(USERS, &user(&name));
            id = (again.status == 201).then(|| text(&again.json()["id"]));
            id.is_some()
        });
        let id = id.unwrap();
        assert_eq!(House::find(&mut client, &name), [id.as_str()]);
        assert_once(&sql, &id);
    }
    assert_whole(|it| sql.count(it));
}

// R4, N7
#[test]
fn a_group_whose_push_lost_its_answer_has_the_member_once() {
    let house = House::build(Place::development());
    let sql = Sql::connect(&house.cluster.url());
    let mut client = house.acme.client(&house.instance);
    let id = client.create(USERS, &user("member@acme.example"));
    let team = client.create("/scim/v2/Groups", &group("Team", &[]));
    let path = format!("/scim/v2/Groups/{team}");
    // The name is in the document that the unit writes; the member is a row.
    let joined = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            { "op": "replace", "path": "displayName", "value": "The lost team" },
            { "op": "add", "path": "members", "value": references(&[&id]) },
        ],
    });
    house.lose(&mut client, "The lost team", Cut::After, ("PATCH", &path, &joined));
    assert_eq!(client.patch(&path, &joined).status, 204);
    assert_eq!(client.patch(&path, &patch("add", "members", &references(&[&id]))).status, 204);
    let shown = client.get(&path).json();
    assert_eq!(shown["members"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(shown["meta"]["version"], "W/\"2\"", "{shown}");
    let events = format!(
        "SELECT count(*) FROM events WHERE subject_id = '{team}' AND kind = 'group.members_added'"
    );
    assert_eq!(sql.count(&events), 1);
}
