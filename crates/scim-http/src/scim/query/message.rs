//! The message of a search by POST (RFC 7644 §3.4.3).

use std::borrow::Cow;

use scim_domain::{Invalid, Json, Reason};

use super::{Query, more, once};

/// The URN that the message carries in `schemas`.
const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// Names in one list of attributes: several times as many as both resource types have.
const NAMES: usize = 500;

impl Query {
    /// The same with what a message says.
    ///
    /// Members come in any case, and what is unknown is ignored. `null`, "" and an empty list count
    /// as not given (but for an empty `cursor`), a number may come as text, a list of names as one text with commas. A wrong
    /// type is `invalidValue` and named; a parameter that the URL gives too is given twice.
    pub(in super::super) fn with(mut self, message: &Json) -> Result<Self, Invalid> {
        let Json::Object(_) = message else {
            return Err(Invalid::syntax("The body of a search must be a JSON object."));
        };
        check_schemas(message.get("schemas"))?;
        let list = &mut self.list;
        for (name, slot) in [
            ("filter", &mut list.filter),
            ("sortBy", &mut list.sort_by),
            ("sortOrder", &mut list.sort_order),
        ] {
            given(name, slot, text(name, message.get(name))?)?;
        }
        for (name, slot) in [("startIndex", &mut list.start_index), ("count", &mut list.count)] {
            given(name, slot, number(name, message.get(name))?)?;
        }
        // RFC 9865 §3: an empty one asks for the first page.
        if let Some(cursor) = text("cursor", message.get("cursor"))? {
            once("cursor", &mut list.cursor, cursor)?;
        }
        for (name, slot) in [
            ("attributes", &mut self.attributes),
            ("excludedAttributes", &mut self.excluded_attributes),
        ] {
            if let Some(all) = names(name, message.get(name))? {
                more(slot, all);
            }
        }
        Ok(self)
    }
}

fn check_schemas(schemas: Option<&Json>) -> Result<(), Invalid> {
    let named = |it: &Json| it.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(SEARCH_REQUEST));
    let found = match schemas {
        Some(Json::Array(all)) => all.iter().any(named),
        // Left out it can mean nothing else; named wrong it may be another message.
        Some(Json::Null) | None => true,
        Some(one) => named(one),
    };
    let detail = || format!("The \"schemas\" of a search must name {SEARCH_REQUEST}.");
    if found { Ok(()) } else { Err(Invalid::syntax(detail())) }
}

fn given(
    name: &str,
    slot: &mut Option<String>,
    value: Option<Cow<'_, str>>,
) -> Result<(), Invalid> {
    match value.filter(|it| !it.trim().is_empty()) {
        Some(value) => once(name, slot, value),
        None => Ok(()),
    }
}

fn text<'m>(name: &str, member: Option<&'m Json>) -> Result<Option<Cow<'m, str>>, Invalid> {
    match member {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(Cow::Borrowed(text))),
        Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            Err(Invalid::value(format!("{name} must be a string.")))
        }
    }
}

fn number<'m>(name: &str, member: Option<&'m Json>) -> Result<Option<Cow<'m, str>>, Invalid> {
    match member {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Number(number)) => Ok(Some(Cow::Owned(digits(number)))),
        // Whether it is a number is judged where the parameters of a URL are.
        Some(Json::String(text)) => Ok(Some(Cow::Borrowed(text))),
        Some(Json::Bool(_) | Json::Array(_) | Json::Object(_)) => {
            Err(Invalid::value(format!("{name} must be a whole number.")))
        }
    }
}

/// A number in digits: to JSON, `10.0` and `1e1` are as whole as `10`.
fn digits(number: &serde_json::Number) -> String {
    let decimal = number.as_f64().filter(|_| number.is_f64());
    match decimal.filter(|it| it.fract() == 0.0) {
        Some(whole) => format!("{whole:.0}"),
        None => number.to_string(),
    }
}

/// Names of attributes, separated by commas; none if there is not a single one.
fn names<'m>(name: &str, member: Option<&'m Json>) -> Result<Option<Cow<'m, str>>, Invalid> {
    let refuse = || Invalid::value(format!("{name} must be a list of strings."));
    let all = match member {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::String(text)) => Cow::Borrowed(text.as_str()),
        Some(Json::Array(all)) => {
            let texts: Option<Vec<_>> = all.iter().map(Json::as_str).collect();
            Cow::Owned(texts.ok_or_else(refuse)?.join(","))
        }
        Some(Json::Bool(_) | Json::Number(_) | Json::Object(_)) => return Err(refuse()),
    };
    if all.split(',').count() > NAMES {
        let detail = format!("{name} has at most {NAMES} names.");
        return Err(Invalid::new(Reason::TooMany, detail));
    }
    Ok(Some(all).filter(|it| !it.trim().is_empty()))
}
