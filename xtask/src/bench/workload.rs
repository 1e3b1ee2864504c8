//! The requests of a measurement, as bytes.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::wire::Connection;

/// What one target is asked, over and over.
#[derive(Clone, Debug)]
pub struct Workload {
    kind: Kind,
    authorization: String,
}

#[derive(Clone, Debug)]
enum Kind {
    Bare,
    ById(Arc<[String]>),
    ByName(u32),
    Access(String, u32),
    Create,
}

impl Workload {
    /// The bare handler's only page.
    pub fn bare() -> Self {
        Self { kind: Kind::Bare, authorization: String::new() }
    }

    /// One user after the other, by id.
    pub fn by_id(token: &str, ids: Vec<String>) -> Self {
        Self::with(token, Kind::ById(ids.into()))
    }

    /// One of the first `users` after the other, by name.
    pub fn by_name(token: &str, users: u32) -> Self {
        Self::with(token, Kind::ByName(users))
    }

    /// What one of the first `users` after the other may do in an organization, by name.
    pub fn access(token: &str, organization: &str, users: u32) -> Self {
        Self::with(token, Kind::Access(organization.to_owned(), users))
    }

    /// A user that is not there yet.
    pub fn create(token: &str) -> Self {
        Self::with(token, Kind::Create)
    }

    fn with(token: &str, kind: Kind) -> Self {
        Self { kind, authorization: format!("Authorization: Bearer {token}\r\n") }
    }

    /// The request with that number, counted over all rounds of a target.
    pub fn request(&self, number: u64) -> Vec<u8> {
        // A prime step walks through everybody, never in the order in which they lie on disk.
        let any = |count: u64| number.wrapping_mul(7919) % count.max(1);
        match &self.kind {
            Kind::Bare => self.get("/"),
            Kind::ById(ids) => {
                let place = usize::try_from(any(ids.len() as u64)).unwrap_or_default();
                let id = ids.get(place).map_or("", String::as_str);
                self.get(&format!("/scim/v2/Users/{id}"))
            }
            Kind::ByName(users) => {
                let name = user_name(any(u64::from(*users)));
                let query = format!("filter=userName%20eq%20%22{name}%22&startIndex=1&count=100");
                self.get(&format!("/scim/v2/Users?{query}"))
            }
            Kind::Access(organization, users) => {
                let name = user_name(any(u64::from(*users)));
                self.get(&format!("/api/v1/organizations/{organization}/access?userName={name}"))
            }
            Kind::Create => self.post("/scim/v2/Users", &user(number)),
        }
    }

    fn get(&self, target: &str) -> Vec<u8> {
        let authorization = &self.authorization;
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n").into_bytes()
    }

    fn post(&self, target: &str, body: &Value) -> Vec<u8> {
        let (authorization, body) = (&self.authorization, body.to_string());
        let length = body.len();
        let typed = format!("Content-Type: application/scim+json\r\nContent-Length: {length}\r\n");
        format!("POST {target} HTTP/1.1\r\nHost: localhost\r\n{authorization}{typed}\r\n{body}")
            .into_bytes()
    }
}

fn user_name(number: u64) -> String {
    format!("person.{number}@load.example")
}

/// A user with as much in it as directories send, so that answers are as long as the bare one.
fn user(number: u64) -> Value {
    let name = user_name(number);
    json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "userName": name,
        "externalId": format!("00uLoad{number:013}"),
        "name": { "givenName": "Person", "familyName": number.to_string(), "formatted": "A person" },
        "displayName": format!("Person {number}"),
        "title": "Head of Investigations",
        "locale": "en-US",
        "timezone": "Europe/Berlin",
        "active": true,
        "emails": [
            { "value": name, "type": "work", "primary": true },
            { "value": format!("{number}@home.example"), "type": "home" },
        ],
        "addresses": [{
            "type": "work", "streetAddress": "Unter den Linden 77", "postalCode": "10117",
            "locality": "Berlin", "country": "DE", "formatted": "Unter den Linden 77, 10117 Berlin",
        }],
        "phoneNumbers": [{ "value": "tel:+49-30-1234567", "type": "work" }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": number.to_string(), "department": "Investigations",
        },
    })
}

/// The ids of the users that are there, at most `count`.
///
/// # Errors
/// When they cannot be listed.
pub fn ids(address: SocketAddr, token: &str, count: u32) -> Result<Vec<String>> {
    let work = Workload::create(token);
    let mut connection = Connection::open(address)?;
    let mut ids = Vec::new();
    while ids.len() < count as usize {
        let query = format!("startIndex={}&count=1000&attributes=userName", ids.len() + 1);
        connection.send(&work.get(&format!("/scim/v2/Users?{query}")))?;
        let mut page = Value::Null;
        connection.receive(|body| page = serde_json::from_slice(body).unwrap_or_default())?;
        let users = page["Resources"].as_array().context("a list without Resources")?;
        ensure!(!users.is_empty(), "{} users are listed, {count} were created", ids.len());
        ids.extend(users.iter().filter_map(|user| user["id"].as_str().map(str::to_owned)));
    }
    ids.truncate(count as usize);
    Ok(ids)
}

#[cfg(test)]
mod tests;
