use async_trait::async_trait;
use scim_app::ports::{
    ActivityRecord, AuditLog, AuditQueries, AuditRecord, Seal, Sealed, StoreError, UnsealedEntry,
};
use scim_domain::{AuditEntryId, OrganizationId};

use super::{Reading, Result, Writing};
use crate::{
    kept::LONGEST_LIST,
    rows::{count, read_activity, read_count, read_entry, read_seal, read_sealed, read_unsealed},
    session::{Session, Transaction},
    statements::{activity, audit as statements},
};

#[async_trait]
impl<S: Session> AuditQueries for Reading<S> {
    async fn newest(&mut self, organization: OrganizationId, limit: u64) -> Result<Vec<Sealed>> {
        let organization = organization.uuid();
        let call = statements::NEWEST_UNSEALED.call([organization.into(), count(limit).into()]);
        let waiting = self.session.rows(call, read_entry).await?;
        let mut all: Vec<_> =
            waiting.into_iter().map(|entry| Sealed { entry, seal: None }).collect();
        let left = limit.saturating_sub(all.len() as u64);
        if left > 0 {
            let call = statements::NEWEST_SEALED.call([organization.into(), count(left).into()]);
            all.append(&mut self.session.rows(call, read_sealed).await?);
        }
        Ok(all)
    }

    async fn chain(
        &mut self,
        organization: OrganizationId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Sealed>> {
        let values = [organization.uuid().into(), count(after).into(), count(limit).into()];
        self.session.rows(statements::CHAIN.call(values), read_sealed).await
    }

    async fn count_unsealed(&mut self, organization: OrganizationId) -> Result<u64> {
        let call = statements::COUNT_UNSEALED.call([organization.uuid().into()]);
        Ok(self.session.first(call, read_count).await?.unwrap_or(0))
    }

    async fn activity(
        &mut self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<ActivityRecord>> {
        let call = activity::NEWEST.call([organization.uuid().into(), count(limit).into()]);
        self.session.rows(call, read_activity).await
    }
}

#[async_trait]
impl<S: Transaction> AuditLog for Writing<S> {
    async fn append(
        &mut self,
        organization: OrganizationId,
        entries: &[AuditRecord],
    ) -> Result<()> {
        let organization = organization.uuid();
        let rows = entries.iter().map(|entry| {
            vec![
                organization.into(),
                entry.id.uuid().into(),
                entry.at.micros().into(),
                entry.actor.clone().into(),
                entry.action.clone().into(),
                entry.subject.kind().into(),
                entry.subject.uuid().into(),
                entry.request_id.clone().into(),
                entry.detail.to_string().into(),
            ]
        });
        self.insert_rows(&statements::INSERT, rows.collect()).await?;
        let queue = entries.iter().map(|it| vec![organization.into(), it.id.uuid().into()]);
        self.insert_rows(&statements::QUEUE, queue.collect()).await
    }

    async fn unsealed(&mut self, limit: u64) -> Result<Vec<UnsealedEntry<AuditRecord>>> {
        let call = statements::UNSEALED.call([count(limit).into()]);
        self.session().rows(call, read_unsealed).await
    }

    async fn last_seal(&mut self, organization: OrganizationId) -> Result<Option<Seal>> {
        let call = statements::LAST_SEAL.call([organization.uuid().into(), 1_i64.into()]);
        self.session().first(call, read_seal).await
    }

    async fn seal(
        &mut self,
        organization: OrganizationId,
        seals: &[(AuditEntryId, Seal)],
    ) -> Result<()> {
        let organization = organization.uuid();
        let rows = seals.iter().map(|(entry, seal)| {
            vec![
                organization.into(),
                count(seal.sequence).into(),
                entry.uuid().into(),
                seal.hash.to_vec().into(),
            ]
        });
        self.insert_rows(&statements::SEAL, rows.collect()).await?;
        for round in seals.chunks(LONGEST_LIST) {
            let ids = round.iter().map(|(entry, _)| entry.uuid());
            let before = [organization.into(), organization.into()];
            let mut call = statements::UNQUEUE.list(before, ids);
            call.values.push(count(round.len() as u64).into());
            // An entry that no longer waits has got its place from somebody else.
            if self.session().execute(call).await? != round.len() as u64 {
                return Err(StoreError::Stale);
            }
        }
        Ok(())
    }
}
