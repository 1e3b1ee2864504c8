//! The first minute: an empty directory becomes a service that answers.

use serde_json::json;

use crate::http::Request;
use crate::instance::{Place, mode, poll, text};

#[test]
fn an_empty_directory_becomes_a_service_with_an_organization_and_a_key() {
    let instance = Place::development().serve();
    let base = instance.announced["baseUrl"].as_str().unwrap();
    assert_eq!(base, format!("http://{}/scim/v2", instance.address));
    assert_eq!(instance.send(&Request::get("/healthz")).status, 200);
    poll("readiness", || instance.send(&Request::get("/readyz")).status == 200);

    let organizations = instance.place.ask(&["organization", "list"]);
    assert_eq!(organizations.as_array().unwrap().len(), 1);
    assert_eq!(organizations[0]["name"], "Development");
    assert_eq!(organizations[0]["plan"], "enterprise");

    let key = instance.first_key();
    assert_eq!(instance.send(&Request::get("/scim/v2/Users")).status, 401);
    let users = instance.send(&Request::get("/scim/v2/Users").key(&key));
    assert_eq!(users.status, 200, "{users:?}");
    let alice = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "alice@acme.example",
    });
    let created = instance.send(&Request::post("/scim/v2/Users", &alice).key(&key));
    assert_eq!(created.status, 201, "{created:?}");
    let location = created.json()["meta"]["location"].as_str().unwrap().to_owned();
    assert!(location.starts_with(base), "{location}");
}

// A3
#[test]
fn the_first_key_is_in_a_file_of_its_owner_and_nowhere_else() {
    let instance = Place::development().with("SCIMD__LOG__FILTER", "trace").serve();
    let key = instance.first_key();
    assert!(key.starts_with("scimd_"), "{}", key.len());
    let users = instance.send(&Request::get("/scim/v2/Users").key(&key));
    assert_eq!(users.status, 200, "{users:?}");
    assert_eq!(instance.announced["firstKeyFile"], "data/first-key");
    assert_eq!(mode(&instance.place.path("data/first-key")), 0o600);
    assert_eq!(mode(&instance.place.path("data")), 0o700);
    for file in ["data/scimd.db", "data/scimd.db-wal"] {
        let path = instance.place.path(file);
        assert_eq!(mode(&path), 0o600, "{file}");
        let content = std::fs::read(&path).unwrap();
        assert!(!content.windows(key.len()).any(|part| part == key.as_bytes()), "{file}");
    }
    let secret = key.split('_').nth(2).unwrap();
    assert!(!instance.log().contains(secret));
    assert!(!instance.announced.to_string().contains(secret));
}

#[test]
fn only_an_empty_database_gets_a_first_organization() {
    let place = Place::development().serve().stop();
    std::fs::remove_file(place.path("data/first-key")).unwrap();
    let again = place.serve();
    assert_eq!(again.announced["firstKeyFile"], serde_json::Value::Null);
    assert!(!again.place.path("data/first-key").exists());
    assert_eq!(again.place.ask(&["organization", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn production_makes_no_organization_and_no_key() {
    let instance = Place::bare().with("SCIMD__SERVER__BIND", "127.0.0.1:0").serve();
    assert!(!instance.place.path("data/first-key").exists());
    assert_eq!(instance.place.ask(&["organization", "list"]), json!([]));
    let log = instance.log();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!lines.is_empty());
}

#[test]
fn development_behind_a_proxy_makes_no_key_either() {
    let instance = Place::development()
        .with("SCIMD__SERVER__BIND", "0.0.0.0:0")
        .with("SCIMD__SERVER__TRUSTED_PROXIES", "127.0.0.1")
        .serve();
    assert!(!instance.place.path("data/first-key").exists());
}

#[test]
fn people_are_told_what_to_do_next() {
    use std::io::Read as _;

    let place = Place::development();
    let mut command = place.command(&["serve"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut said = Vec::new();
    let mut stdout = child.stdout.take().unwrap();
    poll("the announcement", || {
        let mut some = [0; 512];
        let read = stdout.read(&mut some).unwrap();
        said.extend_from_slice(&some[..read]);
        text(&said).contains("Next")
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let said = text(&said);
    assert!(said.contains("/scim/v2"), "{said}");
    assert!(said.contains("curl"), "{said}");
    assert!(said.contains("data/first-key"), "{said}");
    assert!(!said.contains("scimd_"), "the key belongs into the file: {said}");
}
