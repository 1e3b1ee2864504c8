use async_trait::async_trait;
use scim_app::ports::{AnsweredRequest, Idempotency, IdempotencyQueries};
use scim_domain::{ApiKeyId, OrganizationId, Timestamp};

use super::{Reading, Result, Writing};
use crate::{
    rows::{count, read_answered},
    session::{Session, Transaction},
    statements::idempotency as statements,
};

#[async_trait]
impl<S: Session> IdempotencyQueries for Reading<S> {
    async fn find(
        &mut self,
        organization: OrganizationId,
        api_key: ApiKeyId,
        name: &[u8; 32],
    ) -> Result<Option<AnsweredRequest>> {
        let ids = [organization.uuid().into(), api_key.uuid().into(), name.to_vec().into()];
        let found = self.session.first(statements::FIND.call(ids), read_answered).await?;
        let name = *name;
        Ok(found.map(|(fingerprint, answer, at)| AnsweredRequest {
            organization,
            api_key,
            name,
            fingerprint,
            answer,
            at,
        }))
    }
}

#[async_trait]
impl<S: Transaction> Idempotency for Writing<S> {
    async fn insert(&mut self, request: &AnsweredRequest) -> Result<()> {
        let call = statements::INSERT.call([
            request.organization.uuid().into(),
            request.api_key.uuid().into(),
            request.name.to_vec().into(),
            request.fingerprint.to_vec().into(),
            request.answer.clone().into(),
            request.at.micros().into(),
        ]);
        self.session().execute(call).await.map(drop)
    }

    async fn forget(&mut self, before: Timestamp, limit: u64) -> Result<u64> {
        let call = statements::FORGET.call([before.micros().into(), count(limit).into()]);
        self.session().execute(call).await
    }
}
