use async_trait::async_trait;
use scim_app::{
    oauth::PublicKeys,
    ports::{ApiKeyQueries, ApiKeys, KeyUse, QuirkCount},
};
use scim_domain::{
    ApiKeyId, Json, OrganizationId, Timestamp, api_key::ApiKey, organization::Organization,
};
use uuid::Uuid;

use super::{Reading, Result, Writing};
use crate::{
    error::inconsistent,
    rows::{
        count, denied_roles, permission_names, read_api_key, read_authenticated, read_key_use,
        read_pair, read_quirk, read_used_key,
    },
    session::{Row, Session, Transaction},
    statements::{activity, api_keys as statements, oauth},
};

fn read_public_keys(row: &dyn Row) -> Result<PublicKeys> {
    let jwks = Json::parse(row.text(0)?.as_bytes()).and_then(|it| PublicKeys::parse(&it));
    jwks.map_err(|_| inconsistent("api_key_public_keys", "a set of keys is none"))
}

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

    async fn public_keys(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
    ) -> Result<PublicKeys> {
        let call = oauth::PUBLIC_KEYS_OF.call([organization.uuid().into(), id.uuid().into()]);
        Ok(self.session.first(call, read_public_keys).await?.unwrap_or_default())
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
            count(key.token_generation).into(),
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
            count(key.token_generation).into(),
            key.organization.uuid().into(),
            key.id.uuid().into(),
        ]);
        self.change_one(call).await
    }

    async fn set_public_keys(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
        keys: &PublicKeys,
        now: Timestamp,
    ) -> Result<()> {
        let (organization, id) = (organization.uuid().into(), id.uuid().into());
        let call = if keys.is_empty() {
            oauth::DELETE_PUBLIC_KEYS.call([organization, id])
        } else {
            let jwks = keys.to_json().to_string();
            oauth::SET_PUBLIC_KEYS.call([organization, id, jwks.into(), now.micros().into()])
        };
        self.session().execute(call).await.map(drop)
    }

    async fn use_assertion(
        &mut self,
        organization: OrganizationId,
        id: ApiKeyId,
        digest: [u8; 32],
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let (organization, id) = (organization.uuid(), id.uuid());
        let old = [organization.into(), id.into(), now.micros().into()];
        self.session().execute(oauth::FORGET_ASSERTIONS.call(old)).await?;
        let (digest, until) = (digest.to_vec().into(), until.micros().into());
        let used = oauth::USE_ASSERTION.call([organization.into(), id.into(), digest, until]);
        Ok(self.session().execute(used).await? == 1)
    }
}
