//! The schemas that organizations declared.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{OrganizationId, SchemaId, schema::custom::CustomSchema};

use super::state::{State, defect};
use crate::ports::{SchemaQueries, Schemas, StoreError};

#[async_trait]
impl SchemaQueries for State {
    async fn list(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<CustomSchema>, StoreError> {
        Ok(self.tenant(organization).schemas.values().cloned().collect())
    }
}

#[async_trait]
impl Schemas for State {
    async fn insert(
        &mut self,
        organization: OrganizationId,
        schema: &CustomSchema,
    ) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.tenant_mut(organization)?.schemas);
        let same = |it: &CustomSchema| it.schema.id.eq_ignore_ascii_case(&schema.schema.id);
        if rows.contains_key(&schema.id) || rows.values().any(same) {
            return Err(defect("a schema twice"));
        }
        rows.insert(schema.id, schema.clone());
        Ok(())
    }

    async fn update(
        &mut self,
        organization: OrganizationId,
        schema: &CustomSchema,
    ) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.tenant_mut(organization)?.schemas);
        let row = rows.get_mut(&schema.id).ok_or(StoreError::Stale)?;
        *row = CustomSchema { created: row.created, ..schema.clone() };
        Ok(())
    }

    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: SchemaId,
    ) -> Result<(), StoreError> {
        let rows = Arc::make_mut(&mut self.tenant_mut(organization)?.schemas);
        rows.remove(&id).map(drop).ok_or(StoreError::Stale)
    }
}
