//! What a check works with: the server, names of its own, and a memory of what it made.

mod cleanup;
mod offers;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub(crate) use self::cleanup::delete_leftovers;
pub(crate) use self::offers::{filter_offered, not_there};

use crate::answer::Answer;
use crate::check::Verdict;
use crate::client::{Call, Client, Error, encoded};

/// The URN of users.
pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The URN of groups.
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The URN of the enterprise extension.
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The URN of a PATCH.
pub(crate) const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What every name begins with, whatever the run.
const MARK: &str = "scimcheck-";
/// A server under check.
pub(crate) struct World<'a> {
    pub(crate) client: &'a Client,
    /// What every name begins with: random, so that nobody else's does.
    pub(crate) tag: String,
    /// `ServiceProviderConfig`, null where there is none.
    pub(crate) config: Value,
    /// `ResourceTypes`, empty where there are none.
    types: Vec<Value>,
    /// Names of the attributes of users in small letters; empty where none are published.
    attributes: BTreeSet<String>,
    names: u32,
    /// Paths of what was made and not yet deleted, oldest first.
    pub(crate) made: Vec<String>,
    /// Where `made` of this check begins; what is before it stays for later checks.
    kept: usize,
    people: Vec<Value>,
}

impl<'a> World<'a> {
    /// Asks the server what it offers.
    pub(crate) fn new(client: &'a Client) -> Result<Self, Error> {
        let random = getrandom::u64().map_err(|error| Error::Randomness(error.to_string()))?;
        let config = client.send(&Call::new("GET", "/ServiceProviderConfig"))?;
        if config.is_redirect() {
            let location = config.header("location").unwrap_or("an address it does not name");
            return Err(Error::Redirected(location.to_owned()));
        }
        let types = match client.send(&Call::new("GET", "/ResourceTypes"))?.json["Resources"].take()
        {
            Value::Array(types) => types,
            _ => Vec::new(),
        };
        let schema = client.send(&Call::new("GET", &format!("/Schemas/{USER}")))?.json;
        let attributes = schema["attributes"].as_array().into_iter().flatten();
        let names = attributes.filter_map(|it| it["name"].as_str()).map(str::to_lowercase);
        Ok(Self {
            client,
            tag: format!("{MARK}{random:016x}"),
            config: config.json,
            types,
            attributes: names.collect(),
            names: 0,
            made: Vec::new(),
            kept: 0,
            people: Vec::new(),
        })
    }

    /// Resource types as the server lists them.
    pub(crate) fn types(&self) -> &[Value] {
        &self.types
    }

    /// A name that nobody has.
    pub(crate) fn name(&mut self, word: &str) -> String {
        self.names += 1;
        format!("{}-{word}{}", self.tag, self.names)
    }

    pub(crate) fn send(&mut self, call: &Call) -> Verdict<Answer> {
        let answer = self.client.send(call)?;
        if call.method == "POST" {
            self.remember(&answer);
        }
        Ok(answer)
    }

    pub(crate) fn get(&mut self, path: &str) -> Verdict<Answer> {
        self.send(&Call::new("GET", path))
    }

    pub(crate) fn list(&mut self, path: &str, parameters: &[(&str, &str)]) -> Verdict<Answer> {
        self.send(&Call::new("GET", path).query(parameters))
    }

    /// All pages of a list; a server may give fewer resources at once than asked for. Fails where
    /// a page comes again.
    pub(crate) fn walk(&mut self, path: &str, parameters: &[(&str, &str)]) -> Verdict<Vec<Value>> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let start = (all.len() + 1).to_string();
            let page = [parameters, &[("startIndex", start.as_str()), ("count", "100")]].concat();
            let answer = filter_offered(self.list(path, &page)?)?.status(&[200])?;
            let (total, page) = (answer.total()?, answer.resources()?);
            if page.iter().any(|it| all.iter().any(|earlier| earlier["id"] == it["id"])) {
                return answer.wrong("a resource of an earlier page comes again");
            }
            all.extend_from_slice(page);
            if page.is_empty() || all.len() as u64 >= total {
                return Ok(all);
            }
        }
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Verdict<Answer> {
        self.send(&Call::new("POST", path).body(body))
    }

    pub(crate) fn put(&mut self, path: &str, body: &Value) -> Verdict<Answer> {
        self.send(&Call::new("PUT", path).body(body))
    }

    /// A PATCH that must succeed; the resource as it is read afterwards.
    pub(crate) fn patched(&mut self, path: &str, operations: &Value) -> Verdict<Answer> {
        self.try_patch(path, operations)?.status(&[200, 204])?;
        self.get(path)?.status(&[200])
    }

    /// A PATCH, whatever comes of it; skipped where it is about attributes of users that are not
    /// offered.
    pub(crate) fn try_patch(&mut self, path: &str, operations: &Value) -> Verdict<Answer> {
        if path.starts_with("/Users/") {
            self.needs_attributes(&operations.to_string())?;
        }
        let body = json!({ "schemas": [PATCH], "Operations": operations });
        self.send(&Call::new("PATCH", path).body(&body))
    }

    pub(crate) fn delete(&mut self, path: &str) -> Verdict<Answer> {
        let answer = self.send(&Call::new("DELETE", path))?;
        if matches!(answer.status, 200 | 204 | 404) {
            self.made.retain(|made| made != path);
            self.kept = self.kept.min(self.made.len());
        }
        Ok(answer)
    }

    /// A complete user, as a body.
    pub(crate) fn a_user(&mut self) -> Value {
        let name = self.name("user");
        let user = json!({
            "schemas": [USER],
            "userName": format!("{name}@example.com"),
            "externalId": format!("{name}-external"),
            "name": { "givenName": "Ada", "familyName": format!("Family {name}") },
            "displayName": format!("Ada {name}"),
            "title": "Engineer",
            "emails": [
                { "value": format!("{name}@example.com"), "type": "work", "primary": true },
                { "value": format!("{name}@home.example.com"), "type": "home" },
            ],
            "active": true,
        });
        self.offered(user)
    }

    /// Makes a user of a body; path and answer.
    pub(crate) fn create_user(&mut self, body: &Value) -> Verdict<(String, Answer)> {
        let answer = self.post("/Users", body)?.status(&[201])?;
        Ok((format!("/Users/{}", encoded(&answer.string("/id")?)), answer))
    }

    /// Makes a complete user; path and id.
    pub(crate) fn user(&mut self) -> Verdict<(String, String)> {
        let body = self.a_user();
        let (path, answer) = self.create_user(&body)?;
        Ok((path, answer.string("/id")?))
    }

    /// Makes a group of these members; path, name and id.
    pub(crate) fn group(&mut self, members: &[&str]) -> Verdict<(String, String, String)> {
        let name = self.name("Group");
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        let body = json!({ "schemas": [GROUP], "displayName": name, "members": members });
        let answer = self.post("/Groups", &body)?.status(&[201])?;
        let id = answer.string("/id")?;
        Ok((format!("/Groups/{}", encoded(&id)), name, id))
    }

    /// Five users with what filters, pages and orders are tried on; made once and kept. Their
    /// names begin with [`World::prefix`].
    pub(crate) fn people(&mut self) -> Verdict<Vec<Value>> {
        if self.people.is_empty() {
            let begun = self.made.len();
            let mut people = Vec::new();
            for (index, given) in ["Bea", "Eve", "Ada", "Dan", "Cyd"].into_iter().enumerate() {
                let name = format!("{}{}", self.prefix(), given.to_lowercase());
                let body = json!({
                    "schemas": [USER],
                    "userName": format!("{name}@example.com"),
                    "externalId": format!("{name}-external"),
                    "name": { "givenName": given, "familyName": format!("Family{}", 9 - index) },
                    "displayName": format!("{given} Person"),
                    "title": if index % 2 == 0 { "Engineer" } else { "Manager" },
                    "emails": [
                        { "value": format!("{name}@work.example.com"), "type": "work", "primary": true },
                        { "value": format!("{name}@home.example.com"), "type": "home" },
                    ],
                    "active": index != 3,
                });
                let (_, answer) = self.create_user(&self.offered(body))?;
                people.push(answer.json);
            }
            // Somebody whom no filter of these finds, so that a server that ignores it is told.
            let outsider = self.name("outsider");
            let user = json!({ "schemas": [USER], "userName": format!("{outsider}@example.com") });
            self.create_user(&user)?;
            self.people = people;
            // They outlive the check that happens to need them first.
            let mine: Vec<String> = self.made.drain(begun..).collect();
            let rest = self.made.split_off(self.kept.min(self.made.len()));
            self.made.extend(mine);
            self.kept = self.made.len();
            self.made.extend(rest);
        }
        Ok(self.people.clone())
    }

    /// What the user names of [`World::people`] begin with.
    pub(crate) fn prefix(&self) -> String {
        format!("{}-person-", self.tag)
    }
}
