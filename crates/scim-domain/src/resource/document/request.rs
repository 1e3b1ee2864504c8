//! A whole resource as a request carries it.

use std::fmt;

use super::{Document, Parsed, Strictness, complex::is_written, element::read_value, place::place};
use crate::{
    Invalid, Json,
    resource::Object,
    schema::{AttributeRef, Found, ResourceType, Schema},
};

/// How many unknown names are told.
const NAMES: usize = 50;
/// Bytes of an unknown name that are told: a client may send anything as a name.
const NAME_BYTES: usize = 256;

/// How a request is read, and what of it nothing here knows.
#[derive(Debug)]
pub(crate) struct Reading {
    strictness: Strictness,
    ignored: Vec<String>,
}

impl Reading {
    /// Nothing read yet.
    pub(crate) const fn new(strictness: Strictness) -> Self {
        Self { strictness, ignored: Vec::new() }
    }

    /// Takes note of an unknown attribute, or refuses it.
    pub(crate) fn unknown(&mut self, name: impl fmt::Display) -> Result<(), Invalid> {
        if self.strictness == Strictness::Strict {
            return Err(Invalid::syntax(format!("{} is no known attribute.", cut(&name))));
        }
        if self.ignored.len() < NAMES {
            let name = cut(&name);
            if !self.ignored.contains(&name) {
                self.ignored.push(name);
            }
        }
        Ok(())
    }

    /// The names noted, as sent, each once.
    pub(crate) fn into_ignored(self) -> Vec<String> {
        self.ignored
    }
}

fn cut(name: &impl fmt::Display) -> String {
    let mut name = name.to_string();
    name.truncate(name.floor_char_boundary(NAME_BYTES));
    name
}

/// [`Document::from_request`].
pub(super) fn read(
    resource_type: &ResourceType,
    body: &Json,
    strictness: Strictness,
) -> Result<Parsed, Invalid> {
    let Json::Object(members) = body else {
        return Err(Invalid::syntax("The body must be a JSON object."));
    };
    let mut request = Request {
        resource_type,
        attributes: Object::new(),
        rows: None,
        reading: Reading::new(strictness),
    };
    for (name, json) in members {
        if name.eq_ignore_ascii_case("schemas") {
            request.schemas(json)?;
        } else {
            request.member(name, json)?;
        }
    }
    Ok(Parsed {
        document: Document::from_object(request.attributes),
        ignored: request.reading.into_ignored(),
        rows: request.rows,
    })
}

struct Request<'a> {
    resource_type: &'a ResourceType,
    attributes: Object,
    rows: Option<Json>,
    reading: Reading,
}

impl<'a> Request<'a> {
    /// The list of schemas says nothing that the attributes do not say; a foreign one is noted.
    fn schemas(&mut self, json: &Json) -> Result<(), Invalid> {
        let urns =
            if let Json::Array(all) = json { all.as_slice() } else { std::slice::from_ref(json) };
        for urn in urns.iter().filter_map(Json::as_str) {
            let known = matches!(self.resource_type.locate(urn), Found::Core | Found::Extension(_));
            if !known {
                self.reading.unknown(urn)?;
            }
        }
        Ok(())
    }

    fn member(&mut self, name: &str, json: &Json) -> Result<(), Invalid> {
        match self.resource_type.locate(name) {
            Found::Attribute(at) => self.attribute(at, json),
            Found::Core => self.namespace(None, name, json),
            Found::Extension(schema) => self.namespace(Some(schema), name, json),
            Found::Foreign | Found::Unknown { nearest: _ } => self.reading.unknown(name),
        }
    }

    /// The object under a schema's URN; a core URN holds what could stand at the top as well.
    fn namespace(
        &mut self,
        schema: Option<&'a Schema>,
        urn: &str,
        json: &Json,
    ) -> Result<(), Invalid> {
        let members = match json {
            Json::Object(members) => members,
            Json::Null => return Ok(()),
            Json::String(it) if it.is_empty() => return Ok(()),
            Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                return Err(Invalid::value(format!("{urn} must be an object.")));
            }
        };
        for (name, value) in members {
            let full = schema.map_or_else(|| name.clone(), |it| format!("{}:{name}", it.id));
            match self.resource_type.locate(&full) {
                Found::Attribute(at) => self.attribute(at, value)?,
                Found::Core
                | Found::Extension(_)
                | Found::Foreign
                | Found::Unknown { nearest: _ } => {
                    self.reading.unknown(full)?;
                }
            }
        }
        Ok(())
    }

    fn attribute(&mut self, at: AttributeRef<'_>, json: &Json) -> Result<(), Invalid> {
        if !is_written(at.attribute.mutability) || !is_written(at.target().mutability) {
            return Ok(());
        }
        if at.attribute.in_rows {
            if at.sub_attribute.is_none() && !matches!(json, Json::Null) {
                self.rows = Some(json.clone());
            }
            return Ok(());
        }
        if let Some(value) = read_value(at, json, &mut self.reading)? {
            place(&mut self.attributes, at, value);
        }
        Ok(())
    }
}
