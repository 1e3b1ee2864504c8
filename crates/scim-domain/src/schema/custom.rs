//! The schemas of an organization's own, beside those that everybody has.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Catalog, ENTERPRISE_USER, Extension, GROUP, ResourceKind, Schema, USER,
    declare::{Rule, Undeclarable},
};
use crate::{
    Decision, Event, EventKind, Json, SchemaId, Subject, Timestamp, UserId,
    resource::limits::SCHEMAS,
};

#[cfg(test)]
mod tests;

/// A schema that an organization declared: an extension of its users or of its groups.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomSchema {
    /// Its id, by which audit and events name it.
    pub id: SchemaId,
    /// What it extends.
    pub extends: ResourceKind,
    /// The schema. Attributes whose index still lacks users are marked.
    pub schema: Arc<Schema>,
    /// When it was declared.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// While an index is being built: the last user whose rows are there; none before the first.
    pub indexed_up_to: Option<UserId>,
}

impl CustomSchema {
    /// Declares a schema beside those that the organization has.
    pub fn declare(
        id: SchemaId,
        extends: ResourceKind,
        json: &Json,
        others: &[Self],
        now: Timestamp,
    ) -> Result<Decision<Self>, Undeclarable> {
        let schema = Schema::declare(extends, json)?;
        for urn in [USER, GROUP, ENTERPRISE_USER] {
            schema.beside(urn)?;
        }
        for other in others {
            schema.beside(&other.schema.id)?;
        }
        if others.len() >= SCHEMAS {
            let rule = Rule::TooMany { what: "schemas in an organization", most: SCHEMAS };
            return Err(Undeclarable::schema(rule));
        }
        // Nobody carries it yet, so its indexes lack nothing.
        let schema = Arc::new(schema);
        let it = Self { id, extends, schema, created: now, updated: now, indexed_up_to: None };
        let declared = it.event(EventKind::SchemaDeclared);
        Ok(Decision::new(it, vec![declared]))
    }

    /// The schema as it is declared now. Nothing happens if that is no change.
    ///
    /// New attributes and sub-attributes, texts for people, suggested values, what a reference may
    /// point to, `returned`, `indexed` and whether a value is immutable can change; nothing that
    /// stored values would not survive.
    pub fn change(&self, json: &Json, now: Timestamp) -> Result<Decision<Self>, Undeclarable> {
        let schema = Schema::declare(self.extends, json)?.in_place_of(&self.schema)?;
        if schema == *self.schema {
            return Ok(Decision::quiet(self.clone()));
        }
        let more = |it: &Schema| it.attributes.iter().filter(|it| it.index_building).count();
        let started = more(&schema) > more(&self.schema);
        let changed = Self {
            updated: now.max(self.updated),
            indexed_up_to: self.indexed_up_to.filter(|_| !started),
            schema: Arc::new(schema),
            ..self.clone()
        };
        let updated = changed.event(EventKind::SchemaUpdated);
        Ok(Decision::new(changed, vec![updated]))
    }

    /// The names of the attributes whose index still lacks users.
    pub fn building(&self) -> Vec<&str> {
        let lacking = self.schema.attributes.iter().filter(|it| it.index_building);
        lacking.map(|it| &*it.name).collect()
    }

    /// The same with these attributes' indexes lacking users: for reading from the store.
    #[must_use]
    pub fn with_building(self, names: &[String]) -> Self {
        let mut schema = Arc::unwrap_or_clone(self.schema);
        for attribute in &mut schema.attributes {
            attribute.index_building = names.iter().any(|it| **it == *attribute.name);
        }
        Self { schema: Arc::new(schema), ..self }
    }

    /// The same after every user has its index rows.
    pub fn indexed(&self) -> Decision<Self> {
        let whole = self.clone().with_building(&[]);
        let it = Self { indexed_up_to: None, ..whole };
        let indexed = it.event(EventKind::SchemaIndexed);
        Decision::new(it, vec![indexed])
    }

    /// The event that it was removed.
    pub fn removed(&self) -> Event {
        self.event(EventKind::SchemaRemoved)
    }

    /// What audit and events tell of it.
    pub fn facts(&self) -> Value {
        let names: Vec<&str> = self.schema.attributes.iter().map(|it| &*it.name).collect();
        json!({
            "schema": &*self.schema.id,
            "resourceType": self.extends.name(),
            "attributes": names,
        })
    }

    fn event(&self, kind: EventKind) -> Event {
        Event::new(kind, Subject::Schema(self.id), self.facts())
    }
}

impl Catalog {
    /// The same with what an organization declared, in that order.
    #[must_use]
    pub fn with(&self, declared: &[CustomSchema]) -> Self {
        let mut catalog = self.clone();
        for it in declared {
            let resource_type = match it.extends {
                ResourceKind::User => &mut catalog.user,
                ResourceKind::Group => &mut catalog.group,
            };
            let schema = Arc::clone(&it.schema);
            resource_type.extensions.push(Extension { schema, required: false, declared: true });
        }
        catalog
    }
}
