//! Schemas that organizations declare for themselves, as RFC 7643 §7 writes them.
//!
//! Reading has two steps: the shape of the JSON, which stored declarations go through again, and
//! the rules, which only hold for what is declared now.

use crate::{
    Invalid, Json,
    schema::{ResourceKind, Schema},
};

mod change;
mod refusal;
mod rules;
mod shape;
#[cfg(test)]
mod tests;

pub use refusal::{Rule, Undeclarable};

impl Schema {
    /// Reads a declaration: the JSON of RFC 7643 §7 with one key of our own, `indexed`.
    ///
    /// What is left out has the default of RFC 7643 §2.2. `schemas` and `meta` may be there, as in
    /// what another service publishes. Parts of an attribute that is immutable or write-only are
    /// so, too.
    pub fn declare(extends: ResourceKind, json: &Json) -> Result<Self, Undeclarable> {
        let schema = shape::schema(json)?;
        rules::check(extends, &schema)?;
        Ok(schema)
    }

    /// The id of a declaration.
    pub fn urn(declaration: &Json) -> Result<&str, Undeclarable> {
        let id = declaration.get("id").and_then(Json::as_str);
        id.ok_or_else(|| Undeclarable::schema(Rule::Missing("id")))
    }

    /// Reads what [`Schema::to_definition`] wrote.
    pub fn read(definition: &str) -> Result<Self, Undeclarable> {
        let unreadable = |it: Invalid| Undeclarable::schema(Rule::Json(it.detail));
        shape::schema(&Json::parse(definition.as_bytes()).map_err(unreadable)?)
    }

    /// Fails unless this URN can stand beside that of another schema: neither is the other, nor
    /// the other with something behind it, which would read as the path of an attribute.
    pub(crate) fn beside(&self, other: &str) -> Result<(), Undeclarable> {
        rules::beside(&self.id, other)
    }

    /// The schema in the place of `before`, with indexes that are to be built marked. Fails for a
    /// change that stored values would not survive.
    pub(crate) fn in_place_of(self, before: &Self) -> Result<Self, Undeclarable> {
        change::in_place_of(before, self)
    }
}
