//! Clients that write until the service is gone.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::world::{patch, references, text, user};

/// A write that was answered with success.
#[derive(Clone, Debug)]
pub enum Acknowledged {
    Created(String),
    Titled(String),
    Joined(String),
    Deleted(String),
}

pub struct Writer {
    client: Client,
    group: String,
    name: String,
}

impl Writer {
    pub fn new(address: SocketAddr, key: &str, group: &str, name: String) -> Self {
        let group = format!("/scim/v2/Groups/{group}");
        Self { client: Client::new(address, key), group, name }
    }

    /// Makes users, changes them, puts them into the group, and deletes some of them again.
    pub fn run(mut self, done: &AtomicUsize, killed: &AtomicBool) -> Vec<Acknowledged> {
        let mut all = Vec::new();
        for number in 0.. {
            let body = user(&format!("{}-{number}@acme.example", self.name));
            let Some(created) = self.write(killed, "POST", "/scim/v2/Users", Some(&body)) else {
                break;
            };
            let id = text(&created.json()["id"]);
            let path = format!("/scim/v2/Users/{id}");
            all.push(Acknowledged::Created(id.clone()));
            let titled = patch("replace", "title", &json!("Changed"));
            let joined = patch("add", "members", &references(&[&id]));
            let group = self.group.clone();
            let mut rest: Vec<(&str, &str, Option<&Value>, Acknowledged)> = vec![
                ("PATCH", &path, Some(&titled), Acknowledged::Titled(id.clone())),
                ("PATCH", &group, Some(&joined), Acknowledged::Joined(id.clone())),
            ];
            if number % 3 == 2 {
                rest.push(("DELETE", &path, None, Acknowledged::Deleted(id.clone())));
            }
            for (method, path, body, what) in rest {
                if self.write(killed, method, path, body).is_none() {
                    // Asked for and not answered: it may be there or not.
                    return all;
                }
                all.push(what);
                done.fetch_add(1, Ordering::Relaxed);
            }
        }
        all
    }

    /// `None` if the service was killed before the whole answer was here.
    fn write(
        &mut self,
        killed: &AtomicBool,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Option<Reply> {
        let body = body.map(|it| it.to_string().into_bytes());
        match self.client.try_send(method, path, &[], body.as_deref()) {
            Ok(reply) => {
                assert!((200..300).contains(&reply.status), "{method} {path}: {reply:?}");
                Some(reply)
            }
            Err(error) => {
                assert!(killed.load(Ordering::SeqCst), "{method} {path}: {error}");
                None
            }
        }
    }
}

impl Acknowledged {
    pub fn user(&self) -> &str {
        match self {
            Self::Created(id) | Self::Titled(id) | Self::Joined(id) | Self::Deleted(id) => id,
        }
    }
}
