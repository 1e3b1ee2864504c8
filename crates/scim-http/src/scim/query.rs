//! The query of a request: decoded exactly once, before anybody looks at a parameter; and the
//! message that carries the same parameters in a body.

use std::borrow::Cow;

use scim_app::provisioning::ListQuery;
use scim_domain::{Invalid, Reason};

mod message;
#[cfg(test)]
mod tests;

/// The parameters that mean something here; all others are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// `filter`, `sortBy`, `sortOrder`, `startIndex`, `count`, `cursor`.
    pub(super) list: ListQuery,
    /// `attributes`.
    pub(super) attributes: Option<String>,
    /// `excludedAttributes`.
    pub(super) excluded_attributes: Option<String>,
}

impl Query {
    /// Reads the query as it was sent. A blank comes as `%20` or as `+`, a plus as `%2B`.
    ///
    /// Refused are broken percent-encoding, bytes that are not UTF-8, and a parameter sent twice:
    /// which of the two was meant nobody can say. `attributes` sent twice adds up.
    pub(super) fn parse(sent: &str) -> Result<Self, Invalid> {
        let mut query = Self::default();
        for pair in sent.split('&').filter(|it| !it.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            // Empty it asks for the first page by cursor (RFC 9865 §2); all others ask for nothing.
            if value.trim().is_empty() && name != "cursor" {
                continue;
            }
            match &*name {
                "filter" => once("filter", &mut query.list.filter, value)?,
                "sortBy" => once("sortBy", &mut query.list.sort_by, value)?,
                "sortOrder" => once("sortOrder", &mut query.list.sort_order, value)?,
                "startIndex" => once("startIndex", &mut query.list.start_index, value)?,
                "count" => once("count", &mut query.list.count, value)?,
                "cursor" => once("cursor", &mut query.list.cursor, value)?,
                "attributes" => more(&mut query.attributes, value),
                "excludedAttributes" => more(&mut query.excluded_attributes, value),
                _ => {}
            }
        }
        Ok(query)
    }

    /// Whether the client says what it wants to see.
    pub(super) fn projects(&self) -> bool {
        self.attributes.is_some() || self.excluded_attributes.is_some()
    }
}

fn once(name: &str, slot: &mut Option<String>, value: Cow<'_, str>) -> Result<(), Invalid> {
    if slot.replace(value.into_owned()).is_none() {
        return Ok(());
    }
    let reason = if name == "filter" { Reason::InvalidFilter } else { Reason::InvalidValue };
    Err(Invalid::new(reason, format!("The parameter {name} is given twice.")))
}

fn more(slot: &mut Option<String>, value: Cow<'_, str>) {
    match slot {
        Some(known) => {
            known.push(',');
            known.push_str(&value);
        }
        None => *slot = Some(value.into_owned()),
    }
}

fn decode(text: &str) -> Result<Cow<'_, str>, Invalid> {
    if !text.bytes().any(|b| matches!(b, b'%' | b'+')) {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (high, low) = (hex(bytes.next())?, hex(bytes.next())?);
                high << 4 | low
            }
            plain => plain,
        });
    }
    let invalid = |_| Invalid::syntax("The query of the URL is not UTF-8.");
    String::from_utf8(decoded).map(Cow::Owned).map_err(invalid)
}

fn hex(digit: Option<u8>) -> Result<u8, Invalid> {
    let value = digit.and_then(|it| char::from(it).to_digit(16));
    value.and_then(|it| u8::try_from(it).ok()).ok_or_else(|| {
        Invalid::syntax("The query of the URL has a percent sign without two hexadecimal digits.")
    })
}
