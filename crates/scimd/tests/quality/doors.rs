//! Every way to a resource, without a key that opens it.

use std::net::SocketAddr;

use scim_app::token::Token;
use scim_domain::ApiKeyId;
use scim_http::{Class, ROUTES};
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::instance::{Instance, Place};
use crate::world::{group, user, warm};

const NAME: &str = "behind-the-door@acme.example";
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];

/// A house with one user and one group in it.
struct House {
    instance: Instance,
    user: String,
    group: String,
    before: Value,
}

impl House {
    fn build() -> Self {
        let instance = Place::development().serve();
        let mut inside = warm(&instance);
        let user = inside.create("/scim/v2/Users", &user(NAME));
        let group = inside.create("/scim/v2/Groups", &group(NAME, &[&user]));
        let before = contents(&mut inside);
        Self { instance, user, group, before }
    }

    /// Every endpoint behind the door, led to what is there.
    fn paths(&self) -> Vec<(&'static str, String)> {
        let behind = ROUTES.iter().filter(|it| !matches!(it.class, Class::Open | Class::Client));
        let lead = |path: &str| match path.split('/').nth(1) {
            Some("Users") => path.replace("{id}", &self.user),
            Some("Groups") => path.replace("{id}", &self.group),
            Some("ResourceTypes") => path.replace("{id}", "User"),
            _ => path.replace("{id}", crate::world::USER),
        };
        behind.map(|it| (it.method, format!("/scim/v2{}", lead(it.path)))).collect()
    }

    /// Whether an answer shows nothing of what is inside.
    fn assert_shut(&self, what: &str, reply: &Reply) {
        assert!(matches!(reply.status, 401 | 404), "{what}: {reply:?}");
        for canary in [NAME, &self.user, &self.group] {
            assert!(!reply.body.contains(canary), "{what}: {reply:?}");
        }
        if reply.status == 401 {
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"), "{what}");
        }
    }

    fn assert_untouched(&self) {
        assert_eq!(contents(&mut warm(&self.instance)), self.before);
    }
}

fn contents(inside: &mut Client) -> Value {
    json!([inside.get("/scim/v2/Users").json(), inside.get("/scim/v2/Groups").json()])
}

/// What is sent instead of a key. Two of them are well formed and cost a hash each.
fn wrong_credentials(right: &str) -> Vec<String> {
    let id = right.split('_').nth(1).unwrap();
    let known = ApiKeyId::parse(&hyphenated(id)).unwrap();
    let unknown = ApiKeyId::parse("0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f").unwrap();
    let mut all: Vec<_> = [known, unknown].map(|key| Token::new(key, &[7; 32])).to_vec();
    let mut all: Vec<_> = all.drain(..).map(|it| format!("Bearer {}", it.expose())).collect();
    let (cut, last) = right.split_at(right.len() - 1);
    let other = if last == "x" { "y" } else { "x" };
    all.extend([
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer null".to_owned(),
        format!("Bearer {cut}"),
        format!("Bearer {cut}{other}"),
        format!("Bearer {right}{other}"),
        format!("Bearer {right}, Bearer {right}"),
        format!("Bearer Bearer Bearer {right}"),
        format!("Bearer\u{a0}{right}"),
        format!("Basic {right}"),
        format!("Token {right}"),
        format!("\"{right}\""),
        format!("Bearer {}", right.to_uppercase()),
        format!("Bearer {}", "A".repeat(4_000)),
        format!("Bearer scimd_{id}_{}_000000", "0".repeat(43)),
        "Basic c2NpbWQ6c2NpbWQ=".to_owned(),
    ]);
    all
}

fn hyphenated(simple: &str) -> String {
    let (a, rest) = simple.split_at(8);
    [a, &rest[..4], &rest[4..8], &rest[8..12], &rest[12..]].join("-")
}

fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Reply {
    let reply = Client::anonymous(address).try_send(method, path, headers, body);
    reply.unwrap_or_else(|error| panic!("{method} {path} {headers:?}: {error}"))
}

// A1
#[test]
fn no_endpoint_opens_to_anything_but_a_valid_key() {
    let house = House::build();
    let address = house.instance.address;
    let right = house.instance.first_key();
    let wrong = wrong_credentials(&right);
    for (at, (method, path)) in house.paths().into_iter().enumerate() {
        // The ones that cost a hash once are enough on one route in five: it is the same door.
        let cheap = if at % 5 == 0 { 0 } else { 2 };
        for credential in &wrong[cheap..] {
            let headers = [("Authorization", credential.as_str())];
            let reply = ask(address, method, &path, &headers, None);
            house.assert_shut(&format!("{method} {path} {credential:?}"), &reply);
            assert_eq!(reply.status, 401, "{method} {path} {credential:?}");
        }
        let bearer = format!("Bearer {right}");
        for headers in [
            &[][..],
            &[("X-Authorization", bearer.as_str()), ("Cookie", &format!("key={right}"))],
            &[("Authorization", bearer.as_str()), ("Authorization", "Bearer x")],
            &[("Authorization", bearer.as_str()), ("Authorization", bearer.as_str())],
        ] {
            let reply = ask(address, method, &path, headers, None);
            house.assert_shut(&format!("{method} {path} {headers:?}"), &reply);
        }
        let in_query = format!("{path}?access_token={right}&Authorization=Bearer%20{right}");
        house.assert_shut(&in_query, &ask(address, method, &in_query, &[], None));
    }
    house.assert_untouched();
}

// A1
#[test]
fn nothing_of_a_request_is_looked_at_before_its_key() {
    let house = House::build();
    let address = house.instance.address;
    let path = format!("/scim/v2/Users/{}", house.user);
    let plain = ask(address, "PUT", &path, &[], None);
    let headers = [("Content-Type", "text/plain"), ("Content-Encoding", "gzip")];
    for path in [&path[..], "/scim/v2/Users?filter=((((", "/scim/v2/Users?count=%zz", "/scim/v2/x"]
    {
        for body in [&b"{"[..], b"\xff\xfe", b"{\"userName\":1,\"userName\":2}"] {
            let reply = ask(address, "PUT", path, &headers, Some(body));
            assert_eq!((reply.status, &reply.body), (401, &plain.body), "{path}");
        }
    }
    house.assert_untouched();
}

fn twisted(house: &House) -> Vec<String> {
    let mut paths: Vec<String> = [
        "/scim/v2/%55sers",
        "/scim/v2/Users%2F",
        "/scim/v2/Users%00",
        "/scim/v2/Users;a=b",
        "/scim/v2;a=b/Users",
        "/scim/v2/./Users",
        "/scim/v2/../v2/Users",
        "/scim/v2/%2e%2e/v2/Users",
        "/scim/v2/Users/.",
        "/scim/v2/Users/..",
        "/scim/v2/Users/../Users",
        "/scim/v2/Users//",
        "/scim/v2///Users",
        "/scim/v2/users",
        "/scim/v2/USERS",
        "/SCIM/v2/Users",
        "/scim/V2/Users",
        "/scim//v2/Users",
        "//scim/v2/Users",
        "/scim%2Fv2/Users",
        "/%73cim/v2/Users",
        "/scim/v2Users",
        "/scim/v1/Users",
        "/scim/Users",
        "/Users",
        "/healthz/../scim/v2/Users",
        "/healthz/scim/v2/Users",
        "/readyz;/scim/v2/Users",
        "/scim/v2/Users/healthz/..",
        "/api/v1/users",
        "/dashboard/scim/v2/Users",
    ]
    .map(str::to_owned)
    .to_vec();
    for id in [&house.user, &house.group] {
        for path in
            ["Users%2F{id}", "Users/{id};a=b", "Users/{id}/.", "Users/./{id}", "Users/%20{id}"]
        {
            paths.push(format!("/scim/v2/{path}").replace("{id}", id));
        }
        paths.push(format!("/scim/v2/Users/{}", id.to_uppercase()));
        paths.push(format!("/scim/v2/Users/{}", id.replace('-', "")));
        paths.push(format!("/scim/v2/Users/{id}%20"));
    }
    paths
}

// A1
#[test]
fn no_twisted_path_leads_around_the_door() {
    let house = House::build();
    let address = house.instance.address;
    let right = format!("Bearer {}", house.instance.first_key());
    let body = user("intruder@acme.example").to_string();
    let forgiven = ["/scim/v2//Users", "/scim/v2/Users/", "/scim/v2//Users/"];
    for path in twisted(&house).iter().map(String::as_str).chain(forgiven) {
        for method in METHODS {
            let body = matches!(method, "POST" | "PUT" | "PATCH").then_some(body.as_bytes());
            for headers in [
                &[][..],
                &[("Authorization", "Bearer x")],
                &[("X-Original-URL", "/healthz"), ("X-Rewrite-URL", "/healthz")],
                &[("X-HTTP-Method-Override", "GET"), ("X-Forwarded-Prefix", "/healthz")],
            ] {
                let reply = ask(address, method, path, headers, body);
                house.assert_shut(&format!("{method} {path}"), &reply);
            }
        }
    }
    // With a key, what is forgiven leads to the same place, and everything else nowhere.
    let mut inside = Client::new(address, right);
    for path in twisted(&house) {
        let reply = inside.get(&path);
        // Below the management API the key is refused before anybody looks for the path.
        let elsewhere = path.starts_with("/api/v1");
        assert_eq!(reply.status, if elsewhere { 403 } else { 404 }, "{path}: {reply:?}");
        assert!(!reply.body.contains(NAME), "{path}: {reply:?}");
    }
    for path in forgiven {
        assert_eq!(inside.get(path).json(), house.before[0], "{path}");
    }
    house.assert_untouched();
}
