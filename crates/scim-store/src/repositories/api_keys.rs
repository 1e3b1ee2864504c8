use async_trait::async_trait;
use scim_app::ports::{ApiKeyQueries, ApiKeys, KeyUse, QuirkCount};
use scim_domain::{
    ApiKeyId, OrganizationId, Timestamp, api_key::ApiKey, organization::Organization,
};

use super::{Reading, Result, Writing};
use crate::{
    rows::{permission_names, read_api_key, read_authenticated, read_quirk, read_used_key},
    session::{Session, Transaction},
    statements::{activity, api_keys as statements},
};

#[async_trait]
impl<S: Session> ApiKeyQueries for Reading<S> {
    async fn authenticate(&mut self, id: ApiKeyId) -> Result<Option<(ApiKey, Organization)>> {
        let call = statements::AUTHENTICATE.call([id.uuid().into()]);
        self.session.first(call, read_authenticated).await
    }

    async fn find(&mut self, organization: OrganizationId, id: ApiKeyId) -> Result<Option<ApiKey>> {
        let call = statements::FIND.call([organization.uuid().into(), id.uuid().into()]);
        self.session.first(call, read_api_key).await
    }

    async fn list(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(ApiKey, Option<KeyUse>)>> {
        let call = statements::LIST.call([organization.uuid().into()]);
        self.session.rows(call, read_used_key).await
    }

    async fn quirks(&mut self, organization: OrganizationId) -> Result<Vec<QuirkCount>> {
        let call = activity::QUIRKS.call([organization.uuid().into()]);
        self.session.rows(call, read_quirk).await
    }
}

#[async_trait]
impl<S: Transaction> ApiKeys for Writing<S> {
    async fn insert(&mut self, key: &ApiKey) -> Result<()> {
        let call = statements::INSERT.call([
            key.id.uuid().into(),
            key.organization.uuid().into(),
            key.name.clone().into(),
            key.description.clone().into(),
            permission_names(&key.permissions).into(),
            key.hash.clone().into(),
            key.created.micros().into(),
            key.expires.map(Timestamp::micros).into(),
            key.revoked.map(Timestamp::micros).into(),
            key.connection.uuid().into(),
            key.strictness.name().into(),
        ]);
        self.session().execute(call).await.map(drop)
    }

    async fn update(&mut self, key: &ApiKey) -> Result<()> {
        let call = statements::UPDATE.call([
            permission_names(&key.permissions).into(),
            key.strictness.name().into(),
            key.expires.map(Timestamp::micros).into(),
            key.revoked.map(Timestamp::micros).into(),
            key.organization.uuid().into(),
            key.id.uuid().into(),
        ]);
        self.change_one(call).await
    }
}
