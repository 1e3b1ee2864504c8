use async_trait::async_trait;
use scim_app::ports::{OrganizationQueries, Organizations, StoreError};
use scim_domain::{OrganizationId, organization::Organization};

use super::{Reading, Result, Writing};
use crate::{
    rows::{count, read_count, read_organization},
    session::{Session, Transaction},
    statements::organizations as statements,
};

#[async_trait]
impl<S: Session> OrganizationQueries for Reading<S> {
    async fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        self.session.first(statements::FIND.call([id.uuid().into()]), read_organization).await
    }

    async fn list(&mut self) -> Result<Vec<Organization>> {
        self.session
            .rows(
                statements::LIST.call([OrganizationId::OPERATOR.uuid().into()]),
                read_organization,
            )
            .await
    }

    async fn page(
        &mut self,
        after: Option<OrganizationId>,
        limit: u64,
    ) -> Result<Vec<Organization>> {
        let after = after.unwrap_or(OrganizationId::OPERATOR);
        let call = statements::PAGE.call([after.uuid().into(), count(limit).into()]);
        self.session.rows(call, read_organization).await
    }
}

#[async_trait]
impl<S: Transaction> Organizations for Writing<S> {
    async fn find_for_update(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        let call = statements::FIND_FOR_UPDATE.call([id.uuid().into()]);
        self.session().first(call, read_organization).await
    }

    async fn insert(&mut self, organization: &Organization) -> Result<()> {
        let call = statements::INSERT.call([
            organization.id.uuid().into(),
            organization.name.clone().into(),
            organization.plan.name().into(),
            organization.created.micros().into(),
            organization.entitlements.name().into(),
            organization.nested_groups.into(),
            count(organization.schema_revision).into(),
        ]);
        self.session().execute(call).await.map(drop)
    }

    async fn update(&mut self, organization: &Organization) -> Result<()> {
        let call = statements::UPDATE.call([
            organization.name.clone().into(),
            organization.plan.name().into(),
            organization.entitlements.name().into(),
            organization.nested_groups.into(),
            organization.id.uuid().into(),
        ]);
        self.change_one(call).await
    }

    async fn hold_schemas(&mut self, id: OrganizationId) -> Result<u64> {
        let call = statements::HOLD_SCHEMAS.call([id.uuid().into()]);
        self.session().first(call, read_count).await?.ok_or(StoreError::Stale)
    }

    async fn advance_schemas(&mut self, id: OrganizationId) -> Result<()> {
        let call = statements::ADVANCE_SCHEMAS.call([1_i64.into(), id.uuid().into()]);
        self.change_one(call).await
    }
}
