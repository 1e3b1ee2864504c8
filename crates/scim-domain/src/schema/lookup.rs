//! Finding an attribute by the name a client used.

use crate::{
    resource::path::AttributePath,
    schema::{Attribute, ResourceType, Schema},
};

mod nearest;
#[cfg(test)]
mod tests;

/// An attribute that a path names, with the sub-attribute if one is named.
#[derive(Clone, Copy, Debug)]
pub struct AttributeRef<'a> {
    /// The extension it belongs to.
    pub extension: Option<&'a Schema>,
    /// The attribute.
    pub attribute: &'a Attribute,
    /// The sub-attribute.
    pub sub_attribute: Option<&'a Attribute>,
}

/// What a name in a request turns out to be.
#[derive(Clone, Debug)]
pub enum Found<'a> {
    /// A known attribute.
    Attribute(AttributeRef<'a>),
    /// The URN of the core schema itself.
    Core,
    /// The URN of an extension itself.
    Extension(&'a Schema),
    /// Something under a schema URN that this resource type does not have.
    Foreign,
    /// No attribute of this resource type; the nearest known name, if one is near.
    Unknown {
        /// For "did you mean".
        nearest: Option<String>,
    },
}

impl<'a> AttributeRef<'a> {
    /// The attribute whose characteristics count: the sub-attribute if one is named.
    pub fn target(&self) -> &'a Attribute {
        self.sub_attribute.unwrap_or(self.attribute)
    }

    /// The path in the schema's spelling.
    pub fn path(&self) -> AttributePath {
        AttributePath {
            extension: self.extension.map(|it| it.id.clone()),
            attribute: self.attribute.name.clone(),
            sub_attribute: self.sub_attribute.map(|it| it.name.clone()),
        }
    }
}

impl Attribute {
    /// A sub-attribute by name, whatever its case.
    pub fn sub(&self, name: &str) -> Option<&Attribute> {
        by_name(&self.sub_attributes, name)
    }
}

impl ResourceType {
    /// Resolves a name as clients write it: any case, with or without the core URN, the longest
    /// known schema URN first (a URN holds dots and colons itself), `attribute` or
    /// `attribute.subAttribute`.
    ///
    /// Attributes of an extension need its URN (RFC 7643 §3.3); without it the name is unknown and
    /// the nearest name says so. A name with a colon that starts with no known URN is foreign,
    /// malformed URNs included, since no attribute name holds a colon (RFC 7643 §2.1).
    pub fn find(&self, name: &str) -> Found<'_> {
        match self.locate(name) {
            Found::Unknown { nearest: _ } => Found::Unknown { nearest: self.nearest(name) },
            found @ (Found::Attribute(_) | Found::Core | Found::Extension(_) | Found::Foreign) => {
                found
            }
        }
    }

    /// [`ResourceType::find`] without the search for the nearest name, which costs too much where
    /// unknown names are ignored.
    pub fn locate(&self, name: &str) -> Found<'_> {
        let (schema, rest) = self.split_urn(name);
        let Some(path) = rest else {
            return schema.map_or(Found::Core, Found::Extension);
        };
        // A colon that is left over belongs to a URN nobody here knows.
        if path.contains(':') {
            return Found::Foreign;
        }
        let (attribute, sub) = match path.split_once('.') {
            Some((attribute, sub)) => (attribute, Some(sub)),
            None => (path, None),
        };
        self.attribute_of(schema, attribute)
            .and_then(|it| {
                AttributeRef { extension: schema, attribute: it, sub_attribute: None }.with(sub)
            })
            .map_or(Found::Unknown { nearest: None }, Found::Attribute)
    }

    /// An attribute named without the URN of its extension, as `manager` is in Entra's samples, if
    /// just one extension has it: for those who are kind to clients before anything is read.
    pub fn in_extension(&self, name: &str) -> Option<AttributeRef<'_>> {
        let urns = self.extensions.iter().map(|it| &it.schema.id);
        let mut all = urns.filter_map(|urn| match self.locate(&format!("{urn}:{name}")) {
            Found::Attribute(found) => Some(found),
            Found::Core | Found::Extension(_) | Found::Foreign | Found::Unknown { .. } => None,
        });
        let first = all.next();
        first.filter(|_| all.next().is_none())
    }

    /// The attribute of a path made by [`AttributeRef::path`] against this resource type.
    pub fn resolve(&self, path: &AttributePath) -> Option<AttributeRef<'_>> {
        let extension = match &path.extension {
            None => None,
            Some(urn) => Some(self.extension(urn)?),
        };
        let attribute = self.attribute_of(extension, &path.attribute)?;
        AttributeRef { extension, attribute, sub_attribute: None }
            .with(path.sub_attribute.as_deref())
    }

    /// The schema of an extension by its URN, whatever its case.
    pub(crate) fn extension(&self, urn: &str) -> Option<&Schema> {
        let mut schemas = self.extensions.iter().map(|it| &*it.schema);
        schemas.find(|it| it.id.eq_ignore_ascii_case(urn))
    }

    /// An attribute of an extension, or of the core schema and those common to all.
    fn attribute_of<'a>(
        &'a self,
        extension: Option<&'a Schema>,
        name: &str,
    ) -> Option<&'a Attribute> {
        match extension {
            Some(schema) => by_name(&schema.attributes, name),
            None => by_name(&self.schema.attributes, name).or_else(|| by_name(&self.common, name)),
        }
    }

    /// Splits a known schema URN off: the extension (none for the core schema) and what follows
    /// the colon, which is none if the name is the URN itself. Without a known URN, all is left.
    fn split_urn<'n>(&self, name: &'n str) -> (Option<&Schema>, Option<&'n str>) {
        // Most names are plain, and a schema's URN always holds a colon.
        if !name.contains(':') {
            return (None, Some(name));
        }
        let core = (None, &*self.schema.id);
        let extensions = self.extensions.iter().map(|it| (Some(&*it.schema), &*it.schema.id));
        std::iter::once(core)
            .chain(extensions)
            .filter_map(|(schema, urn)| Some((schema, urn.len(), after_urn(name, urn)?)))
            .max_by_key(|(_, length, _)| *length)
            .map_or((None, Some(name)), |(schema, _, rest)| (schema, rest.strip_prefix(':')))
    }
}

impl AttributeRef<'_> {
    /// The same with this sub-attribute, if there is one of that name; itself if none is asked for.
    fn with(self, sub: Option<&str>) -> Option<Self> {
        let Some(name) = sub else { return Some(self) };
        self.attribute.sub(name).map(|it| Self { sub_attribute: Some(it), ..self })
    }
}

/// What follows `urn` in `name`: nothing, or a colon and more.
fn after_urn<'n>(name: &'n str, urn: &str) -> Option<&'n str> {
    let (head, rest) = name.split_at_checked(urn.len())?;
    let whole = rest.is_empty() || rest.starts_with(':');
    (whole && head.eq_ignore_ascii_case(urn)).then_some(rest)
}

fn by_name<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|it| it.name.eq_ignore_ascii_case(name))
}
