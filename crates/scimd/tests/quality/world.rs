//! Organizations with keys, and the resources that the tests send.

use serde_json::{Value, json};

use crate::client::Client;
use crate::instance::{Instance, Place};

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

pub struct Organization {
    pub id: String,
    pub key: String,
    pub token: String,
}

impl Organization {
    /// On the plan Growth, with a key for SCIM.
    pub fn create(place: &Place, name: &str) -> Self {
        let made = place.ask(&["organization", "create", "--name", name, "--plan", "growth"]);
        let id = text(&made["id"]);
        let words = ["api-key", "create", "--organization", &id, "--name", "Okta"];
        let made = place.ask(&[&words[..], &["--permission", "scim"]].concat());
        Self { id, key: text(&made["id"]), token: text(&made["token"]) }
    }

    pub fn client(&self, instance: &Instance) -> Client {
        Client::new(instance.address, format!("Bearer {}", self.token))
    }

    pub fn ask(&self, place: &Place, words: &[&str], rest: &[&str]) -> Value {
        place.ask(&[words, &["--organization", &self.id], rest].concat())
    }

    /// The keys of a user's roles, as the application would see them.
    pub fn roles(&self, place: &Place, user_name: &str) -> Value {
        self.ask(place, &["access", "show"], &["--user-name", user_name])["roles"].clone()
    }
}

/// A client of the first organization, whose key has been checked once and is remembered: a cold
/// key under load meets the gate before Argon2, which is another story.
pub fn warm(instance: &Instance) -> Client {
    let mut client = Client::new(instance.address, instance.first_key());
    assert_eq!(client.get("/scim/v2/ServiceProviderConfig").status, 200);
    client
}

/// The first organization's id.
pub fn first_organization(place: &Place) -> String {
    text(&place.ask(&["organization", "list"])[0]["id"])
}

pub fn user(name: &str) -> Value {
    json!({ "schemas": [USER], "userName": name })
}

pub fn group(name: &str, members: &[&str]) -> Value {
    json!({ "schemas": [GROUP], "displayName": name, "members": references(members) })
}

pub fn references(members: &[&str]) -> Value {
    members.iter().map(|id| json!({ "value": id })).collect()
}

pub fn patch(operation: &str, path: &str, value: &Value) -> Value {
    json!({
        "schemas": [PATCH],
        "Operations": [{ "op": operation, "path": path, "value": value }],
    })
}

/// A PATCH without a path.
pub fn merge(value: &Value) -> Value {
    json!({ "schemas": [PATCH], "Operations": [{ "op": "replace", "value": value }] })
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
