//! What of a resource an answer shows (RFC 7644 §3.9, RFC 7643 §2.2 `returned`).

mod apply;
mod pick;
#[cfg(test)]
mod tests;

use pick::Pick;

use crate::{
    resource::Object,
    schema::{Attribute, Mutability, ResourceType, Returned},
};

/// `attributes` or `excludedAttributes` of a request, resolved. The default shows every default
/// attribute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    selection: Selection,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Selection {
    /// Every default attribute.
    #[default]
    Everything,
    /// These, and what is always returned.
    Only(Vec<Pick>),
    /// Every default attribute but these.
    Except(Vec<Pick>),
}

impl Projection {
    /// Reads the two parameters: comma-separated, any case, with or without URN. Unknown names are
    /// ignored. With both given, `attributes` counts (they are mutually exclusive). The URN of a
    /// schema alone stands for all its attributes. A parameter without any name counts as absent.
    pub fn parse(
        resource_type: &ResourceType,
        attributes: Option<&str>,
        excluded_attributes: Option<&str>,
    ) -> Self {
        let selection = if let Some(names) = attributes.and_then(names) {
            let always = top_level(resource_type).filter(|it| it.returned == Returned::Always);
            let named = names.filter_map(|it| Pick::read(resource_type, it));
            Selection::Only(always.map(Pick::attribute).chain(named).collect())
        } else if let Some(names) = excluded_attributes.and_then(names) {
            let named = names.filter_map(|it| Pick::read(resource_type, it));
            let picks: Vec<_> = named.filter(|it| !it.is_always_returned(resource_type)).collect();
            if picks.is_empty() { Selection::Everything } else { Selection::Except(picks) }
        } else {
            Selection::Everything
        };
        Self { selection }
    }

    /// Whether an answer shows every default attribute, so that stored text serves it as it is.
    pub fn is_everything(&self) -> bool {
        match self.selection {
            Selection::Everything => true,
            Selection::Only(_) | Selection::Except(_) => false,
        }
    }

    /// Whether the top-level attribute is shown at all: what is not need not be read.
    pub fn shows(&self, attribute: &str) -> bool {
        match &self.selection {
            Selection::Everything => true,
            Selection::Only(picks) => picks.iter().any(|it| it.touches(None, attribute)),
            Selection::Except(picks) => !picks.iter().any(|it| it.covers(None, attribute)),
        }
    }

    /// Leaves what the answer shows. `id`, `schemas` and other `returned: always` stay.
    pub fn apply(&self, resource_type: &ResourceType, resource: Object) -> Object {
        apply::apply(&self.selection, resource_type, resource)
    }

    /// Whether everything of the stored document is shown: nothing is left out but what the
    /// service computes, and no attribute waits to be asked for.
    pub(crate) fn shows_whole_document(&self, resource_type: &ResourceType) -> bool {
        let all = match &self.selection {
            Selection::Everything => true,
            Selection::Only(_) => false,
            Selection::Except(picks) => picks.iter().all(|it| it.is_computed(resource_type)),
        };
        all && !resource_type.schemas().flat_map(|it| &it.attributes).any(waits_to_be_asked_for)
    }
}

fn waits_to_be_asked_for(attribute: &Attribute) -> bool {
    attribute.returned == Returned::Request
        || attribute.sub_attributes.iter().any(|it| it.returned == Returned::Request)
}

/// Whether an attribute is never part of a document: the service sets it, or it lives in rows.
fn is_computed(attribute: &Attribute) -> bool {
    attribute.in_rows || attribute.mutability == Mutability::ReadOnly
}

fn top_level(resource_type: &ResourceType) -> impl Iterator<Item = &Attribute> {
    resource_type.common.iter().chain(&resource_type.schema.attributes)
}

/// The names of a parameter; none if there is not a single one.
fn names(parameter: &str) -> Option<impl Iterator<Item = &str>> {
    let names = || parameter.split(',').map(str::trim_ascii).filter(|it| !it.is_empty());
    names().next().is_some().then(names)
}
