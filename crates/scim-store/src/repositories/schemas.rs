use async_trait::async_trait;
use scim_app::ports::{SchemaQueries, Schemas};
use scim_domain::{OrganizationId, SchemaId, UserId, schema::custom::CustomSchema};
use sea_orm::Value;
use uuid::Uuid;

use super::{Reading, Result, Writing};
use crate::{
    error::failed,
    rows::read_schema,
    session::{Session, Transaction},
    statements::schemas as statements,
};

#[async_trait]
impl<S: Session> SchemaQueries for Reading<S> {
    async fn list(&mut self, organization: OrganizationId) -> Result<Vec<CustomSchema>> {
        self.session.rows(statements::LIST.call([organization.uuid().into()]), read_schema).await
    }
}

/// The definition, the names of the attributes whose index is being built, and the last user in it.
fn state(schema: &CustomSchema) -> Result<[Value; 3]> {
    let building = serde_json::to_string(&schema.building()).map_err(failed)?;
    let last = schema.indexed_up_to.map_or_else(Uuid::nil, UserId::uuid);
    Ok([schema.schema.to_definition().to_string().into(), building.into(), last.into()])
}

#[async_trait]
impl<S: Transaction> Schemas for Writing<S> {
    async fn insert(&mut self, organization: OrganizationId, schema: &CustomSchema) -> Result<()> {
        let [definition, building, last] = state(schema)?;
        let call = statements::INSERT.call([
            organization.uuid().into(),
            schema.id.uuid().into(),
            schema.schema.id.to_ascii_lowercase().into(),
            schema.extends.name().into(),
            definition,
            building,
            last,
            schema.created.micros().into(),
            schema.updated.micros().into(),
        ]);
        self.session().execute(call).await.map(drop)
    }

    async fn update(&mut self, organization: OrganizationId, schema: &CustomSchema) -> Result<()> {
        let [definition, building, last] = state(schema)?;
        let call = statements::UPDATE.call([
            definition,
            building,
            last,
            schema.updated.micros().into(),
            organization.uuid().into(),
            schema.id.uuid().into(),
        ]);
        self.change_one(call).await
    }

    async fn delete(&mut self, organization: OrganizationId, id: SchemaId) -> Result<()> {
        let call = statements::DELETE.call([organization.uuid().into(), id.uuid().into()]);
        self.change_one(call).await
    }
}
