//! What comes back.

use std::{future::poll_fn, pin::Pin};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody as _},
    http::header::HeaderMap,
    web::Bytes,
};
use serde_json::Value;

/// An answer whose body has yet to be taken.
pub struct Opened {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: BoxBody,
}

impl Opened {
    /// Whether it says how long the body is.
    pub fn has_length(&self) -> bool {
        matches!(self.body.size(), BodySize::Sized(_))
    }

    /// The next piece of the body; none at its end, an error where it is broken off.
    pub async fn next(&mut self) -> Option<Result<Bytes, Box<dyn std::error::Error>>> {
        poll_fn(|context| Pin::new(&mut self.body).poll_next(context)).await
    }

    /// The rest of the body, as far as it comes, and whether it was whole.
    pub async fn rest(&mut self) -> (Vec<u8>, bool) {
        let mut all = Vec::new();
        loop {
            match self.next().await {
                None => return (all, true),
                Some(Ok(piece)) => all.extend(piece),
                Some(Err(_)) => return (all, false),
            }
        }
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; null when there is none.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).unwrap_or_else(|it| panic!("{it}: {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The `id` of the resource.
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap().to_owned()
    }

    /// A header, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|it| it.to_str().unwrap())
    }

    /// Fails unless this is the SCIM error of a status; answers its `scimType` and detail.
    pub fn refusal(&self, status: u16) -> (Option<String>, String) {
        let json = self.json();
        assert_eq!(self.status, status, "{json}");
        assert_eq!(self.header("content-type"), Some("application/scim+json"));
        let schemas = serde_json::json!(["urn:ietf:params:scim:api:messages:2.0:Error"]);
        assert_eq!(json["schemas"], schemas);
        assert_eq!(json["status"], status.to_string());
        let detail = json["detail"].as_str().unwrap().to_owned();
        assert!(detail.ends_with(['.', '?']), "a whole sentence: {detail}");
        (json["scimType"].as_str().map(ToOwned::to_owned), detail)
    }

    /// Fails unless this is the problem (RFC 9457) of a status; answers its code and detail.
    pub fn problem(&self, status: u16) -> (String, String) {
        let json = self.json();
        assert_eq!(self.status, status, "{json}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(json["status"], status);
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        let (code, detail) = (text("code"), text("detail"));
        assert!(detail.ends_with('.'), "a whole sentence: {detail}");
        let described = format!("https://scim.example.com/api/v1/docs#problem-{code}");
        assert_eq!(text("type"), described);
        let request = self.header("x-request-id").unwrap();
        assert_eq!(text("instance"), format!("urn:uuid:{request}"));
        assert!(!text("title").is_empty());
        (code, detail)
    }
}
