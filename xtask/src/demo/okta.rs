//! The requests of Okta's two SCIM clients, to the letter, as Okta and those who recorded it publish
//! them. Nothing here knows scimd.

use serde_json::{Value, json};

use super::cast::Person;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// The page size of every import. Okta counts on in its own steps, whatever `itemsPerPage` says.
pub const PAGE: usize = 100;

/// Which of Okta's clients speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum App {
    /// A custom SAML app with SCIM switched on in the App Integration Wizard: PUT, and only PUT.
    CustomSaml,
    /// The template "SCIM 2.0 Test App (Header Auth)": PATCH for everything but profiles.
    Template,
}

impl App {
    /// What a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::CustomSaml => "Okta, custom SAML app with SCIM",
            Self::Template => "Okta, template app (SCIM 2.0 Test App, Header Auth)",
        }
    }

    /// The same in a few words.
    pub fn name(self) -> &'static str {
        match self {
            Self::CustomSaml => "custom SAML app",
            Self::Template => "template app",
        }
    }

    /// How it differs from the other.
    pub fn manners(self) -> &'static str {
        match self {
            Self::CustomSaml => {
                "PUT of the whole object as read · `Authorization: Bearer <key>` · blanks as %20"
            }
            Self::Template => "PATCH · `Authorization: <key>` without a scheme · blanks as +",
        }
    }

    /// The value of `Authorization`: the wizard's app adds the scheme, the template sends what the
    /// administrator typed, and many type the bare key.
    pub fn authorization(self, token: &str) -> String {
        match self {
            Self::CustomSaml => format!("Bearer {token}"),
            Self::Template => token.to_owned(),
        }
    }

    /// The look-up that precedes every create and every reactivation.
    pub fn user_by_name(self, name: &str) -> Request {
        self.search("Users", "userName", name)
    }

    /// The look-up before a group push, where Okta does not know the group's id.
    pub fn group_by_name(self, name: &str) -> Request {
        self.search("Groups", "displayName", name)
    }

    fn search(self, endpoint: &str, attribute: &str, value: &str) -> Request {
        let filter = format!("{attribute} eq \"{value}\"");
        let filter = match self {
            Self::CustomSaml => encode(&filter),
            Self::Template => encode(&filter).replace("%20", "+"),
        };
        Request::get(format!("/{endpoint}?filter={filter}&startIndex=1&count={PAGE}"))
    }
}

/// One request: method, path and query below the base URL, and body.
#[derive(Clone, Debug)]
pub struct Request {
    /// The HTTP method.
    pub method: &'static str,
    /// Path and query, encoded, beginning with a slash.
    pub target: String,
    /// The JSON body of a write.
    pub body: Option<Value>,
}

impl Request {
    fn get(target: String) -> Self {
        Self { method: "GET", target, body: None }
    }

    fn write(method: &'static str, target: String, body: Value) -> Self {
        Self { method, target, body: Some(body) }
    }

    fn patch(target: String, operations: &Value) -> Self {
        Self::write("PATCH", target, json!({ "schemas": [PATCH], "Operations": operations }))
    }
}

/// First call of "Test Connector Configuration".
pub fn test_users() -> Request {
    Request::get("/Users?startIndex=1&count=2".to_owned())
}

/// A page of an import of users.
pub fn users_page(start: usize) -> Request {
    Request::get(format!("/Users?startIndex={start}&count={PAGE}"))
}

/// A page of an import of groups, and the second call of the connector's test.
pub fn groups_page(start: usize) -> Request {
    Request::get(format!("/Groups?startIndex={start}&count={PAGE}"))
}

/// One user.
pub fn user(id: &str) -> Request {
    Request::get(format!("/Users/{id}"))
}

/// One group.
pub fn group(id: &str) -> Request {
    Request::get(format!("/Groups/{id}"))
}

/// Create: a placeholder for a password is sent even when password sync is off.
pub fn create_user(person: &Person) -> Request {
    let body = json!({
        "schemas": [USER],
        "userName": person.user_name,
        "name": { "givenName": person.given, "familyName": person.family },
        "emails": [{ "primary": true, "value": person.user_name, "type": "work" }],
        "displayName": person.display_name(),
        "locale": "en-US",
        "externalId": person.okta_id,
        "groups": [],
        "password": super::cast::PLACEHOLDER,
        "active": true,
    });
    Request::write("POST", "/Users".to_owned(), body)
}

/// The whole user as read, with what changed.
pub fn put_user(id: &str, body: Value) -> Request {
    Request::write("PUT", format!("/Users/{id}"), body)
}

/// Deactivation and reactivation by the template app: one operation, no path.
pub fn patch_active(id: &str, active: bool) -> Request {
    Request::patch(
        format!("/Users/{id}"),
        &json!([{ "op": "replace", "value": { "active": active } }]),
    )
}

/// The first request of a group push.
pub fn create_group(name: &str) -> Request {
    let body = json!({ "schemas": [GROUP], "displayName": name, "members": [] });
    Request::write("POST", "/Groups".to_owned(), body)
}

/// The custom app's way with groups: everything it knows of one. `members` are as a read gave them
/// or as [`member`] makes them.
pub fn put_group(id: &str, name: &str, members: &[Value]) -> Request {
    let body = json!({ "schemas": [GROUP], "id": id, "displayName": name, "members": members });
    Request::write("PUT", format!("/Groups/{id}"), body)
}

/// The template app's rename; it is repeated with every change of membership, `id` and all.
pub fn rename_group(id: &str, name: &str) -> Request {
    let operation = json!([{ "op": "replace", "value": { "id": id, "displayName": name } }]);
    Request::patch(format!("/Groups/{id}"), &operation)
}

/// The template app's change of membership: one `remove` each, all additions in one `add`.
pub fn change_members(id: &str, removed: &[String], added: &[Value]) -> Request {
    let mut operations: Vec<Value> = removed
        .iter()
        .map(|gone| json!({ "op": "remove", "path": format!("members[value eq \"{gone}\"]") }))
        .collect();
    if !added.is_empty() {
        operations.push(json!({ "op": "add", "path": "members", "value": added }));
    }
    Request::patch(format!("/Groups/{id}"), &Value::Array(operations))
}

/// The template app's "Push now": the whole membership, the empty one too.
pub fn replace_members(id: &str, members: &[Value]) -> Request {
    let operation = json!([{ "op": "replace", "path": "members", "value": members }]);
    Request::patch(format!("/Groups/{id}"), &operation)
}

/// A member as Okta names one: no `type`, no `$ref`, and a `display` that may be null.
pub fn member(id: &str, display: Option<&str>) -> Value {
    json!({ "value": id, "display": display })
}

/// "Delete the group in the target app".
pub fn delete_group(id: &str) -> Request {
    Request { method: "DELETE", target: format!("/Groups/{id}"), body: None }
}

/// What Okta never sends; the demo tidies up with it where it is a guest.
pub fn delete_user(id: &str) -> Request {
    Request { method: "DELETE", target: format!("/Users/{id}"), body: None }
}

/// Percent-encodes all but the unreserved characters of RFC 3986 section 2.3.
fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
