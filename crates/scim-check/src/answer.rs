//! What a server answered, and what checks ask of it.

use serde_json::Value;
use ureq::http::response::Parts;

use crate::check::{Stop, Verdict, ensure, fail};

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Method and target of the request, for what is said of a failure.
    line: String,
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// Null where the body is no JSON.
    pub(crate) json: Value,
    text: String,
}

impl Answer {
    pub(crate) fn new(line: String, head: &Parts, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body).into_owned();
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let headers = head.headers.iter().map(header).collect();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { line, status: head.status.as_u16(), headers, json, text }
    }

    /// A header's value; its name is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it sends the client elsewhere.
    pub(crate) fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }

    /// Fails with the request's line in front.
    pub(crate) fn wrong<T>(&self, what: impl AsRef<str>) -> Verdict<T> {
        let (line, what) = (short(&self.line), what.as_ref());
        // Of most answers without JSON it says who gave them: a proxy, a log-in page.
        if self.json.is_null() && !self.text.trim().is_empty() {
            let body = short(self.text.trim());
            return fail(format!("{line}: {what}; the body is no JSON: {body}"));
        }
        fail(format!("{line}: {what}"))
    }

    /// One of these statuses.
    pub(crate) fn status(self, expected: &[u16]) -> Verdict<Self> {
        if expected.contains(&self.status) {
            return Ok(self);
        }
        let expected: Vec<String> = expected.iter().map(u16::to_string).collect();
        let said = match (self.json["detail"].as_str(), self.header("location")) {
            (Some(detail), _) => format!(" ({})", short(detail)),
            (None, Some(location)) if self.is_redirect() => format!(" to {}", short(location)),
            (None, _) if self.json.is_null() => String::new(),
            (None, _) => format!(" ({})", short(&self.text)),
        };
        self.wrong(format!("expected {}, got {}{said}", expected.join(" or "), self.status))
    }

    /// That something in the body is as expected.
    pub(crate) fn has(&self, pointer: &str, expected: impl Into<Value>) -> Verdict {
        let (expected, got) = (expected.into(), self.at(pointer));
        if *got == expected {
            return Ok(());
        }
        self.wrong(format!("expected {pointer} to be {}, got {}", shown(&expected), shown(got)))
    }

    /// What is at a JSON pointer, or null.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// A string in the body that is not empty.
    pub(crate) fn string(&self, pointer: &str) -> Verdict<String> {
        match self.at(pointer).as_str() {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            Some(_) | None => self
                .wrong(format!("expected a string at {pointer}, got {}", shown(self.at(pointer)))),
        }
    }

    /// The resources of a list; an empty list may leave them out.
    pub(crate) fn resources(&self) -> Verdict<&[Value]> {
        self.speaks(LIST)?;
        self.total()?;
        match &self.json["Resources"] {
            Value::Array(resources) => Ok(resources),
            Value::Null => Ok(&[]),
            other => self.wrong(format!("expected Resources to be an array, got {}", shown(other))),
        }
    }

    /// The total of a list.
    pub(crate) fn total(&self) -> Verdict<u64> {
        if let Some(total) = self.json["totalResults"].as_u64() {
            return Ok(total);
        }
        let got = shown(&self.json["totalResults"]);
        self.wrong(format!("expected totalResults to be a number, got {got}"))
    }

    /// That `schemas` holds a URN.
    pub(crate) fn speaks(&self, urn: &str) -> Verdict {
        let schemas = self.json["schemas"].as_array();
        if schemas.is_some_and(|schemas| schemas.iter().any(|schema| schema == urn)) {
            return Ok(());
        }
        self.wrong(format!("expected schemas with {urn}, got {}", shown(&self.json["schemas"])))
    }

    /// A SCIM error of this status (RFC 7644 §3.12).
    pub(crate) fn refusal(self, expected: &[u16]) -> Verdict<Self> {
        let answer = self.status(expected)?;
        answer.speaks(ERROR)?;
        answer.has("/status", answer.status.to_string())?;
        Ok(answer)
    }

    /// A SCIM error of this status with this `scimType`.
    pub(crate) fn refusal_of(self, expected: u16, scim_type: &str) -> Verdict {
        self.refusal(&[expected])?.has("/scimType", scim_type)
    }
}

/// A value in a few words.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        other => short(&other.to_string()),
    }
}

/// The beginning of a text.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 160;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// That two values are the same.
pub(crate) fn same(what: &str, expected: &Value, got: &Value) -> Verdict {
    ensure(expected == got, || {
        format!("expected {what} to be {}, got {}", shown(expected), shown(got))
    })
}

impl From<crate::client::Error> for Stop {
    fn from(error: crate::client::Error) -> Self {
        Self::Unanswered(error.to_string())
    }
}
