use async_trait::async_trait;
use scim_app::ports::{Activities, ActivityRecord, KeyUse, QuirkCount};
use scim_domain::{ApiKeyId, OrganizationId, Timestamp};

use super::{Result, Writing};
use crate::{rows::count, session::Transaction, statements::activity as statements};

#[async_trait]
impl<S: Transaction> Activities for Writing<S> {
    async fn append(
        &mut self,
        organization: OrganizationId,
        requests: &[ActivityRecord],
    ) -> Result<()> {
        let rows = requests.iter().map(|it| {
            vec![
                organization.uuid().into(),
                it.request_id.clone().into(),
                it.at.micros().into(),
                it.api_key.uuid().into(),
                it.method.clone().into(),
                it.path.clone().into(),
                i64::from(it.status).into(),
                it.detail.clone().into(),
            ]
        });
        self.add_rows(&statements::INSERT, rows.collect()).await
    }

    async fn used(
        &mut self,
        organization: OrganizationId,
        uses: &[(ApiKeyId, KeyUse)],
    ) -> Result<()> {
        for (key, last) in uses {
            let call = statements::USED.call([
                organization.uuid().into(),
                key.uuid().into(),
                last.at.micros().into(),
                last.address.map(|it| it.to_string()).into(),
                last.agent.clone().into(),
            ]);
            self.session().execute(call).await?;
        }
        Ok(())
    }

    async fn showed(&mut self, organization: OrganizationId, quirks: &[QuirkCount]) -> Result<()> {
        for it in quirks {
            let call = statements::SHOWED.call([
                organization.uuid().into(),
                it.api_key.uuid().into(),
                it.quirk.name().into(),
                count(it.requests).into(),
                it.last.micros().into(),
                it.last_request_id.clone().into(),
            ]);
            self.session().execute(call).await?;
        }
        Ok(())
    }

    async fn forget(&mut self, before: Timestamp) -> Result<()> {
        let call = statements::FORGET.call([before.micros().into()]);
        self.session().execute(call).await.map(drop)
    }
}
