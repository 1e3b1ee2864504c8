//! The requests, and what came back.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use scim_app::token::Token;
use scim_domain::ApiKeyId;
use serde_json::{Value, json};

use super::{PASSWORD, PERSON};
use crate::client::Client;
use crate::world::{group, merge, patch, references, text, user};

pub struct Traffic {
    /// What was asked, and the body of the answer.
    pub answers: Vec<(String, String)>,
    /// The same of what was not answered with success.
    pub errors: Vec<(String, String)>,
    pub statuses: BTreeSet<u16>,
    /// The parts of keys that nobody may find again.
    pub secrets: Vec<String>,
    clients: Vec<Client>,
    asked: usize,
    address: SocketAddr,
}

fn secret(token: &str) -> String {
    token.split('_').nth(2).unwrap().to_owned()
}

/// A value that is somebody's, and of nobody else.
fn somebodys(number: usize) -> String {
    format!("{PERSON}{number}@acme.example")
}

impl Traffic {
    /// With the keys: of the first organization, of another one, and of nobody any more.
    pub fn send(address: SocketAddr, keys: &[&str; 3]) -> Self {
        let unknown = ApiKeyId::parse("0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f").unwrap();
        let forged = Token::new(unknown, &[9; 32]);
        let all = [keys[0], keys[1], keys[2], forged.expose(), &format!("{}x", keys[0])];
        let mut traffic = Self {
            answers: Vec::new(),
            errors: Vec::new(),
            statuses: BTreeSet::new(),
            secrets: all.iter().map(|it| secret(it)).collect(),
            clients: all.iter().map(|it| Client::new(address, format!("Bearer {it}"))).collect(),
            asked: 0,
            address,
        };
        let basic = format!("Basic {PERSON}:{PASSWORD}");
        traffic.clients.push(Client::new(address, basic));
        for client in 0..traffic.clients.len() {
            traffic.people(client);
        }
        for key in keys {
            traffic.tokens(key);
        }
        traffic.queries();
        traffic.patches();
        traffic.broken_bodies();
        traffic
    }

    fn ask(&mut self, client: usize, method: &str, path: &str, body: Option<&Value>) -> Value {
        let bytes = body.map(|it| it.to_string().into_bytes());
        self.ask_with(client, method, path, &[], bytes.as_deref())
    }

    fn ask_with(
        &mut self,
        client: usize,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Value {
        self.asked += 1;
        let request = format!("{} {method} {path}", self.asked);
        let reply = self.clients[client].try_send(method, path, headers, body).unwrap();
        self.statuses.insert(reply.status);
        if reply.status >= 400 {
            self.errors.push((request.clone(), format!("{}{}", reply.head, reply.body)));
        }
        self.answers.push((request, format!("{}{}", reply.head, reply.body)));
        serde_json::from_str(&reply.body).unwrap_or_default()
    }

    /// The token endpoint, with a key as secret, in every place where it may stand and some where it
    /// may not. What it gives is a secret from then on; the answer that gives it is not looked at.
    fn tokens(&mut self, key: &str) {
        let simple = key.split('_').nth(1).unwrap();
        let id = [&simple[..8], &simple[8..12], &simple[12..16], &simple[16..20], &simple[20..]];
        let id = id.join("-");
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        for body in [
            format!("grant_type=client_credentials&client_id={id}&client_secret={key}"),
            format!("grant_type=client_credentials&client_id={id}&client_secret={key}x"),
            format!("grant_type=client_credentials&client_id={PERSON}&client_secret={key}"),
            format!("grant_type={key}&client_id={id}&client_secret={key}"),
            format!("grant_type=client_credentials&client_id={id}&client_secret={key}&scope={key}"),
            format!("grant_type=client_credentials&client_assertion={key}&client_id={key}"),
            format!("client_secret={key}&client_secret={key}"),
            format!("{{\"client_secret\":\"{key}\"}}"),
        ] {
            self.asked += 1;
            let path = format!("/oauth/token?client_secret={key}");
            let mut client = Client::anonymous(self.address);
            let reply = client.try_send("POST", &path, &form, Some(body.as_bytes())).unwrap();
            self.statuses.insert(reply.status);
            if reply.status == 200 {
                let given: Value = serde_json::from_str(&reply.body).unwrap();
                self.secrets
                    .push(text(&given["access_token"]).split('_').nth(3).unwrap().to_owned());
                continue;
            }
            let told = (
                format!("{} POST /oauth/token", self.asked),
                format!("{}{}", reply.head, reply.body),
            );
            self.errors.push(told.clone());
            self.answers.push(told);
        }
    }

    /// A person's whole life, as far as the key goes.
    fn people(&mut self, client: usize) {
        let somebody = somebody(client);
        let made = self.ask(client, "POST", "/scim/v2/Users", Some(&somebody));
        self.ask(client, "POST", "/scim/v2/Users", Some(&somebody));
        let unknown = json!("0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f");
        let id = text(made.get("id").unwrap_or(&unknown));
        let path = format!("/scim/v2/Users/{id}");
        self.ask(client, "GET", &path, None);
        self.ask(client, "GET", "/scim/v2/Users", None);
        self.ask(client, "PUT", &path, Some(&somebody));
        self.ask(client, "PATCH", &path, Some(&merge(&json!({ "password": PASSWORD }))));
        let mut second = somebody.clone();
        second["userName"] = json!(somebodys(100 + client));
        self.ask(client, "POST", "/scim/v2/Users", Some(&second));
        self.ask(client, "PUT", &path, Some(&second));
        let body = second.to_string();
        for header in [("If-Match", "W/\"999\""), ("Content-Type", "text/plain")] {
            self.ask_with(client, "PUT", &path, &[header], Some(body.as_bytes()));
        }
        let team = group(&format!("{PERSON}s of {client}"), &[&id, &somebodys(7), PERSON]);
        let made = self.ask(client, "POST", "/scim/v2/Groups", Some(&team));
        self.ask(client, "POST", "/scim/v2/Groups", Some(&team));
        let group = format!("/scim/v2/Groups/{}", text(made.get("id").unwrap_or(&unknown)));
        let push = patch("add", "members", &references(&[&somebodys(8)]));
        self.ask(client, "PATCH", &group, Some(&push));
        self.ask(client, "PUT", &group, Some(&team));
        for path in [
            format!("/scim/v2/Users/{}", somebodys(9)),
            format!("/scim/v2/Groups/{PERSON}"),
            format!("/scim/v2/{PERSON}"),
            format!("/scim/v2/Users/{id}/{PERSON}"),
            format!("/scim/v2/Schemas/{PERSON}"),
            format!("/{PERSON}"),
        ] {
            for method in ["GET", "DELETE", "PUT", "OPTIONS"] {
                self.ask(client, method, &path, (method == "PUT").then_some(&team));
            }
        }
        self.ask(client, "POST", "/scim/v2/Bulk", Some(&team));
        self.ask(client, "GET", "/scim/v2/Me", None);
        self.ask(client, "PUT", "/scim/v2/Users", Some(&somebody));
        self.ask(client, "GET", "/scim/v2/Schemas?filter=id%20eq%20%22x%22", None);
        if client > 0 {
            self.ask(client, "DELETE", &group, None);
            self.ask(client, "DELETE", &path, None);
        }
    }

    fn queries(&mut self) {
        let filters = [
            format!("userName eq \"{}\"", somebodys(0)),
            format!("userName eq {}", somebodys(0)),
            format!("userName eq \"{PERSON}"),
            format!("userName eq \"{PERSON}\" {PERSON}"),
            format!("userName equals \"{PERSON}\""),
            format!("userName \"{PERSON}\""),
            format!("\"{PERSON}\" eq userName"),
            format!("({PERSON}"),
            format!("emails[value eq \"{PERSON}\""),
            format!("emails[value eq \"{PERSON}\"] and"),
            format!("password eq \"{PASSWORD}\""),
            format!("password co \"{PERSON}\""),
            format!("active gt \"{PERSON}\""),
            format!("meta.created gt \"{PERSON}\""),
            format!("name.{{{PERSON}}} eq 1"),
            format!("userName eq \"\\u12{PERSON}\""),
            format!("userName co \"{}\"", PERSON.repeat(500)),
        ];
        for filter in filters {
            let sent: Vec<_> = filter.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let sent = sent.concat();
            for path in ["/scim/v2/Users", "/scim/v2/Groups"] {
                self.ask(0, "GET", &format!("{path}?filter={sent}"), None);
            }
        }
        for query in ["startIndex", "count", "sortOrder", "attributes", "access_token", PERSON] {
            for value in [PERSON, "%zz", &format!("%ff{PERSON}")] {
                self.ask(0, "GET", &format!("/scim/v2/Users?{query}={value}"), None);
            }
        }
        let key = self.secrets[0].clone();
        self.ask(0, "GET", &format!("/scim/v2/Users?access_token={key}"), None);
    }

    fn patches(&mut self) {
        let listed = self.ask(0, "GET", "/scim/v2/Users", None);
        let path = format!("/scim/v2/Users/{}", text(&listed["Resources"][0]["id"]));
        for target in [
            format!("emails[value eq \"{PERSON}\"].value"),
            format!("emails[value eq \"{PERSON}"),
            format!("emails[value eq \"{PERSON}\"].nonsense"),
            format!("emails[type gt \"{PERSON}\" or].value"),
            format!("addresses[{PERSON}]"),
            "id".to_owned(),
            "userName".to_owned(),
            "active".to_owned(),
            "emails".to_owned(),
            "name".to_owned(),
            "meta".to_owned(),
            "password".to_owned(),
            "groups".to_owned(),
        ] {
            for value in [json!(PERSON), json!([PERSON]), json!({ "value": [PERSON] }), json!(7)] {
                for operation in ["add", "replace", "remove", PERSON] {
                    self.ask(0, "PATCH", &path, Some(&patch(operation, &target, &value)));
                }
            }
        }
    }

    fn broken_bodies(&mut self) {
        let start = format!("{{\"userName\":\"{PERSON}\",\"password\":\"{PASSWORD}\"");
        let huge = format!("{start},\"title\":\"{}\"}}", PERSON.repeat(120_000));
        for body in [
            start.clone(),
            format!("{start}}}{PERSON}"),
            format!("{start},\"userName\":\"{PERSON}\"}}"),
            format!("{start},\"title\":\"{PERSON}\\ud800\"}}"),
            format!("{start},\"title\":{PERSON}}}"),
            format!("{start},\"emails\":\"{PERSON}\"}}"),
            format!("{start},\"emails\":[\"{PERSON}\",[\"{PERSON}\"]]}}"),
            format!("{start},\"active\":\"{PERSON}\"}}"),
            format!("{start},\"name\":[\"{PERSON}\"]}}"),
            format!("{start},\"schemas\":[\"{PERSON}\"]}}"),
            format!("{start},\"schemas\":\"{PERSON}\"}}"),
            format!("{start},\"profileUrl\":[\"{PERSON}\"]}}"),
            format!("{start},\"title\":\"{}\"}}", PERSON.repeat(1_000)),
            format!("{{\"userName\":[\"{PERSON}\"]}}"),
            format!("{{\"userName\":\"{PERSON}\\u202e\"}}"),
            format!("\"{PERSON}\""),
            huge,
        ] {
            for path in ["/scim/v2/Users", "/scim/v2/Groups"] {
                self.ask_with(0, "POST", path, &[], Some(body.as_bytes()));
            }
        }
        let wrong = ("Content-Type", &*format!("text/{PERSON}"));
        self.ask_with(0, "POST", "/scim/v2/Users", &[wrong], Some(start.as_bytes()));
        let deep = format!("{start},\"title\":{}", "[".repeat(100));
        self.ask_with(0, "POST", "/scim/v2/Users", &[], Some(deep.as_bytes()));
    }
}

/// Something in every attribute there is.
fn somebody(number: usize) -> Value {
    let value = |what: &str| format!("{PERSON} {what} {number}");
    let mail = somebodys(number);
    let mut somebody = user(&mail);
    let rest = json!({
        "externalId": value("external"),
        "password": PASSWORD,
        "displayName": value("display"),
        "nickName": value("nick"),
        "title": value("title"),
        "userType": value("type"),
        "profileUrl": format!("https://acme.example/{PERSON}/{number}"),
        "preferredLanguage": "en",
        "locale": "en-GB",
        "timezone": "Europe/London",
        "name": {
            "formatted": value("formatted"),
            "givenName": value("given"),
            "familyName": value("family"),
            "middleName": value("middle"),
            "honorificPrefix": value("prefix"),
            "honorificSuffix": value("suffix"),
        },
        "emails": [{ "value": mail, "type": "work", "primary": true, "display": value("mail") }],
        "phoneNumbers": [{ "value": value("phone"), "type": "work" }],
        "ims": [{ "value": value("im"), "type": "xmpp" }],
        "photos": [{ "value": format!("https://acme.example/{PERSON}.png"), "type": "photo" }],
        "addresses": [{ "formatted": value("address"), "streetAddress": value("street"), "type": "home" }],
        "entitlements": [{ "value": value("entitlement") }],
        "roles": [{ "value": value("role") }],
        "x509Certificates": [{ "value": "Q2FuYXJ5YmlyZA==" }],
        "unknownThing": value("unknown"),
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": value("number"),
            "costCenter": value("cost"),
            "organization": value("organization"),
            "division": value("division"),
            "department": value("department"),
            "manager": { "value": value("manager"), "displayName": value("boss") },
        },
        "urn:example:foreign": { "thing": value("foreign") },
    });
    if let (Value::Object(somebody), Value::Object(rest)) = (&mut somebody, rest) {
        somebody.extend(rest);
    }
    somebody
}
