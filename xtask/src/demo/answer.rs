//! An answer, and the checks of what Okta needs of it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use ureq::http;

use super::cast::PLACEHOLDER;

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// One answer of the service.
#[derive(Debug)]
pub struct Answer {
    /// The request, for messages.
    line: String,
    /// The HTTP status.
    pub status: u16,
    /// From the first byte sent to the last byte read.
    pub time: Duration,
    location: Option<String>,
    body: Option<Value>,
}

/// A `ListResponse`, RFC 7644 section 3.4.2.
#[derive(Debug)]
pub struct List {
    /// How many there are in all.
    pub total: u64,
    /// The index of the first on this page.
    pub start: u64,
    /// How many are on this page.
    pub per_page: u64,
    /// The resources of this page.
    pub resources: Vec<Value>,
}

impl Answer {
    /// Reads a response to its end.
    ///
    /// # Errors
    /// When a body is no JSON, is sent under another media type, or holds the password.
    pub fn read(line: &str, response: http::Response<ureq::Body>, begun: Instant) -> Result<Self> {
        let (head, mut body) = response.into_parts();
        let header = |name: &str| {
            head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let text =
            body.read_to_string().with_context(|| format!("{line}: the answer broke off"))?;
        let time = begun.elapsed();
        ensure!(!text.contains(PLACEHOLDER), "{line}: the answer holds the password");
        let body = if text.is_empty() {
            None
        } else {
            let media_type = header("content-type").unwrap_or_default();
            let expected = "application/scim+json";
            ensure!(media_type.starts_with(expected), "{line}: `{media_type}` is not `{expected}`");
            let parsed = serde_json::from_str(&text);
            Some(parsed.with_context(|| format!("{line}: the answer is not JSON"))?)
        };
        let (status, location) = (head.status.as_u16(), header("location"));
        Ok(Self { line: line.to_owned(), status, time, location, body })
    }

    /// The answer has one of these statuses.
    ///
    /// # Errors
    /// When it has another; the message carries the service's `detail`.
    pub fn expect(&self, statuses: &[u16]) -> Result<&Self> {
        if statuses.contains(&self.status) {
            return Ok(self);
        }
        let detail = self.detail().unwrap_or("without a detail");
        bail!("{}: {statuses:?} expected, {} came: {detail}", self.line, self.status)
    }

    /// The resource of a read or a write.
    ///
    /// # Errors
    /// Without a body, an `id`, `schemas` or `meta`: "Create new user returned empty user".
    pub fn resource(&self) -> Result<&Value> {
        let body = self.body.as_ref().with_context(|| format!("{}: an empty answer", self.line))?;
        for member in ["/id", "/meta/resourceType", "/meta/location", "/schemas/0"] {
            let text = body.pointer(member).and_then(Value::as_str).unwrap_or_default();
            ensure!(!text.is_empty(), "{}: the resource has no {member}", self.line);
        }
        Ok(body)
    }

    /// The resource of a create, which also says where it is.
    ///
    /// # Errors
    /// As [`Answer::resource`]; when the status is not 201; when `Location` is not `meta.location`.
    pub fn created(&self) -> Result<&Value> {
        let resource = self.expect(&[201])?.resource()?;
        let location = self.location.as_deref();
        let same = location == resource["meta"]["location"].as_str();
        ensure!(same, "{}: Location {location:?} is not meta.location", self.line);
        Ok(resource)
    }

    /// The page of a list.
    ///
    /// # Errors
    /// When it is no `ListResponse`, its numbers are no integers, or `itemsPerPage` is not what is
    /// there: Okta's reviewers refuse an app for that.
    pub fn list(&self) -> Result<List> {
        let body = self.expect(&[200])?.body.as_ref().context("an empty answer")?;
        let line = &self.line;
        ensure!(body["schemas"][0] == LIST, "{line}: not a ListResponse");
        let number = |member: &str| {
            body[member].as_u64().with_context(|| format!("{line}: {member} is no integer"))
        };
        let list = List {
            total: number("totalResults")?,
            start: number("startIndex")?,
            per_page: number("itemsPerPage")?,
            resources: body["Resources"].as_array().cloned().unwrap_or_default(),
        };
        let there = list.resources.len();
        ensure!(
            list.per_page == there as u64,
            "{line}: itemsPerPage is not the {there} on the page"
        );
        Ok(list)
    }

    /// The error's explanation, which Okta shows to the administrator word for word.
    ///
    /// # Errors
    /// When the status is another, or the body is no SCIM error (RFC 7644 section 3.12).
    pub fn refused(&self, status: u16, scim_type: Option<&str>) -> Result<&str> {
        let line = &self.line;
        let body = self.expect(&[status])?.body.as_ref();
        let body = body.with_context(|| format!("{line}: an error without a body"))?;
        ensure!(body["schemas"][0] == ERROR, "{line}: not a SCIM error");
        let said = body["status"].as_str().unwrap_or_default();
        ensure!(
            said == status.to_string(),
            "{line}: the error's status is not the text \"{status}\""
        );
        if let Some(scim_type) = scim_type {
            ensure!(body["scimType"] == scim_type, "{line}: scimType is not {scim_type}");
        }
        self.detail().with_context(|| format!("{line}: the error explains nothing"))
    }

    fn detail(&self) -> Option<&str> {
        self.body.as_ref()?["detail"].as_str().filter(|detail| !detail.is_empty())
    }
}

/// A text member of a resource, empty where there is none.
pub fn text<'a>(resource: &'a Value, pointer: &str) -> &'a str {
    resource.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The members of a group as it was read.
pub fn members(group: &Value) -> Vec<Value> {
    group["members"].as_array().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests;
