use async_trait::async_trait;
use scim_app::ports::{ApiKeyQueries, ApiKeys, KeyUse, QuirkCount};
use scim_domain::{
    ApiKeyId, OrganizationId, Timestamp, api_key::ApiKey, organization::Organization,
};

use uuid::Uuid;

use super::{Reading, Result, Writing};
use crate::{
    rows::{
        count, denied_roles, permission_names, read_api_key, read_authenticated, read_key_use,
        read_pair, read_quirk, read_used_key,
    },
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

    async fn page(
        &mut self,
        organization: OrganizationId,
        after: Option<ApiKeyId>,
        limit: u64,
    ) -> Result<Vec<(ApiKey, Option<KeyUse>)>> {
        let after = after.map_or(Uuid::nil(), ApiKeyId::uuid);
        let values = [organization.uuid().into(), after.into(), count(limit).into()];
        self.session.rows(statements::PAGE.call(values), read_used_key).await
    }

    async fn last_use(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<KeyUse>> {
        let call = statements::LAST_USE.call([organization.uuid().into(), id.uuid().into()]);
        self.session.first(call, read_key_use).await
    }

    async fn warnings_due(
        &mut self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<(OrganizationId, ApiKeyId)>> {
        let call = statements::WARNINGS_DUE.call([now.micros().into(), count(limit).into()]);
        let due = self.session.rows(call, read_pair).await?;
        let named = |(organization, id)| (OrganizationId::new(organization), ApiKeyId::new(id));
        Ok(due.into_iter().map(named).collect())
    }

    async fn quirks(&mut self, organization: OrganizationId) -> Result<Vec<QuirkCount>> {
        let call = activity::QUIRKS.call([organization.uuid().into()]);
        self.session.rows(call, read_quirk).await
    }
}

#[async_trait]
impl<S: Transaction> ApiKeys for Writing<S> {
    async fn find_for_update(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKey>> {
        let call = statements::FIND_FOR_UPDATE.call([organization.uuid().into(), id.uuid().into()]);
        self.session().first(call, read_api_key).await
    }

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
            key.addresses.names().join(" ").into(),
            key.limits.users_only.into(),
            denied_roles(&key.limits).into(),
            key.warning.map(Timestamp::micros).into(),
            key.successor.map(ApiKeyId::uuid).into(),
        ]);
        self.session().execute(call).await.map(drop)
    }

    async fn update(&mut self, key: &ApiKey) -> Result<()> {
        let call = statements::UPDATE.call([
            key.name.clone().into(),
            key.description.clone().into(),
            permission_names(&key.permissions).into(),
            key.strictness.name().into(),
            key.addresses.names().join(" ").into(),
            key.limits.users_only.into(),
            denied_roles(&key.limits).into(),
            key.expires.map(Timestamp::micros).into(),
            key.warning.map(Timestamp::micros).into(),
            key.revoked.map(Timestamp::micros).into(),
            key.successor.map(ApiKeyId::uuid).into(),
            key.organization.uuid().into(),
            key.id.uuid().into(),
        ]);
        self.change_one(call).await
    }
}
