//! One name of `attributes` or `excludedAttributes`.

use std::sync::Arc;

use crate::{
    resource::path::AttributePath,
    schema::{Attribute, Found, ResourceType, Returned, Schema},
};

/// What one name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pick {
    /// An attribute or sub-attribute.
    Path(AttributePath),
    /// All attributes of the core schema; those common to all resources belong to none.
    Core(Arc<Schema>),
    /// All attributes of an extension.
    Extension(Arc<str>),
}

impl Pick {
    /// What a name stands for; unknown and foreign ones stand for nothing.
    pub(super) fn read(resource_type: &ResourceType, name: &str) -> Option<Self> {
        match resource_type.locate(name) {
            Found::Attribute(found) => Some(Self::Path(found.path())),
            Found::Core => Some(Self::Core(Arc::clone(&resource_type.schema))),
            Found::Extension(schema) => Some(Self::Extension(Arc::clone(&schema.id))),
            Found::Foreign | Found::Unknown { .. } => None,
        }
    }

    /// A core or common attribute.
    pub(super) fn attribute(attribute: &Attribute) -> Self {
        let attribute = Arc::clone(&attribute.name);
        Self::Path(AttributePath { extension: None, attribute, sub_attribute: None })
    }

    /// Whether it names the attribute or a part of it.
    pub(super) fn touches(&self, extension: Option<&str>, attribute: &str) -> bool {
        match self {
            Self::Path(path) => {
                same(path.extension.as_deref(), extension)
                    && path.attribute.eq_ignore_ascii_case(attribute)
            }
            Self::Core(schema) => {
                let mut all = schema.attributes.iter();
                extension.is_none() && all.any(|it| it.name.eq_ignore_ascii_case(attribute))
            }
            Self::Extension(urn) => same(Some(urn), extension),
        }
    }

    /// Whether it names all of the attribute.
    pub(super) fn covers(&self, extension: Option<&str>, attribute: &str) -> bool {
        self.sub_attribute().is_none() && self.touches(extension, attribute)
    }

    /// The sub-attribute it names.
    pub(super) fn sub_attribute(&self) -> Option<&str> {
        match self {
            Self::Path(path) => path.sub_attribute.as_deref(),
            Self::Core(_) | Self::Extension(_) => None,
        }
    }

    /// Whether it names a path and not a whole schema: what is only returned on request must be
    /// asked for itself.
    pub(super) const fn is_path(&self) -> bool {
        match self {
            Self::Path(_) => true,
            Self::Core(_) | Self::Extension(_) => false,
        }
    }

    /// Whether nothing can exclude what it names.
    pub(super) fn is_always_returned(&self, resource_type: &ResourceType) -> bool {
        self.target(resource_type).is_some_and(|it| it.returned == Returned::Always)
    }

    /// Whether it names an attribute, whole, that no document holds.
    pub(super) fn is_computed(&self, resource_type: &ResourceType) -> bool {
        self.sub_attribute().is_none() && self.target(resource_type).is_some_and(super::is_computed)
    }

    fn target<'a>(&self, resource_type: &'a ResourceType) -> Option<&'a Attribute> {
        match self {
            Self::Path(path) => Some(resource_type.resolve(path)?.target()),
            Self::Core(_) | Self::Extension(_) => None,
        }
    }
}

fn same(left: Option<&str>, right: Option<&str>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.eq_ignore_ascii_case(right),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}
