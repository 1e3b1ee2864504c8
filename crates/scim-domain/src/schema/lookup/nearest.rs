//! "Did you mean": the known name that is nearest to an unknown one.

use super::after_urn;
use crate::schema::{Attribute, ResourceType, Schema};

/// Longer names are not compared: no known one is as long, and the comparison is quadratic.
const LONGEST: usize = 64;

impl ResourceType {
    /// The nearest name in full, as the schema spells it, if it is at most a third of its letters
    /// away. An attribute of an extension is named with its URN.
    pub(super) fn nearest(&self, name: &str) -> Option<String> {
        let (_, rest) = self.split_urn(name);
        let plain = rest.unwrap_or(name);
        if plain.len() > LONGEST {
            return None;
        }
        let wanted = plain.to_ascii_lowercase();
        let core = self.schema.attributes.iter().chain(&*self.common).map(|it| (None, it));
        let extensions = self.extensions.iter().map(|it| &*it.schema);
        let extended = extensions.flat_map(|it| it.attributes.iter().map(move |a| (Some(it), a)));
        core.chain(extended)
            .flat_map(|(schema, it)| names(schema, it))
            .map(|(full, short)| (strsim::osa_distance(&wanted, &short.to_ascii_lowercase()), full))
            // Of equals the one under the schema that was named, else the first.
            .min_by_key(|(distance, full)| (*distance, !same_urn(name, full)))
            .filter(|(distance, _)| *distance <= wanted.chars().count().div_ceil(3))
            .map(|(_, full)| full)
    }
}

/// An attribute and its parts: in full with the URN, and as it is written after that.
fn names(schema: Option<&Schema>, attribute: &Attribute) -> Vec<(String, String)> {
    let own = attribute.name.to_string();
    let parts = attribute.sub_attributes.iter().map(|it| format!("{}.{}", attribute.name, it.name));
    let full = |short: String| match schema {
        Some(schema) => (format!("{}:{short}", schema.id), short),
        None => (short.clone(), short),
    };
    std::iter::once(own).chain(parts).map(full).collect()
}

fn same_urn(name: &str, full: &str) -> bool {
    full.rsplit_once(':').is_some_and(|(urn, _)| after_urn(name, urn).is_some())
}
