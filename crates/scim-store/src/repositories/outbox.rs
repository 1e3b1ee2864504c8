use std::collections::BTreeMap;

use async_trait::async_trait;
use scim_app::ports::{EventRecord, Outbox, StoreError};
use scim_domain::{OrganizationId, Timestamp};
use uuid::Uuid;

use super::{Result, Writing};
use crate::{
    kept::LONGEST_LIST,
    rows::{count, read_age, read_event, read_pair, read_position},
    session::Transaction,
    statements::events as statements,
};

impl<S: Transaction> Writing<S> {
    /// Numbers events of one organization after those that have a number.
    async fn number_events(&mut self, organization: Uuid, events: &[Uuid]) -> Result<()> {
        let call = statements::POSITION.call([organization.into()]);
        let last = self.session().first(call, read_position).await?.unwrap_or_default().latest;
        let rows = events.iter().zip(last + 1..).map(|(event, sequence)| {
            vec![organization.into(), count(sequence).into(), (*event).into()]
        });
        self.insert_rows(&statements::NUMBER, rows.collect()).await?;
        let latest = count(last + events.len() as u64);
        let call = statements::GROW.call([organization.into(), latest.into(), 0_i64.into()]);
        self.session().execute(call).await?;
        for round in events.chunks(LONGEST_LIST) {
            let before = [organization.into(), organization.into()];
            let mut call = statements::UNQUEUE.list(before, round.iter().copied());
            call.values.push(count(round.len() as u64).into());
            // An event that no longer waits has got its number from somebody else, perhaps between
            // the look at what waits and the look at the newest number.
            if self.session().execute(call).await? != round.len() as u64 {
                return Err(StoreError::Stale);
            }
        }
        Ok(())
    }
}

#[async_trait]
impl<S: Transaction> Outbox for Writing<S> {
    async fn append(&mut self, organization: OrganizationId, events: &[EventRecord]) -> Result<()> {
        let organization = organization.uuid();
        let rows = events.iter().map(|it| {
            vec![
                organization.into(),
                it.id.uuid().into(),
                it.at.micros().into(),
                it.event.kind.name().into(),
                it.event.subject.kind().into(),
                it.event.subject.uuid().into(),
                it.event.data.to_string().into(),
                it.request_id.clone().into(),
            ]
        });
        self.add_rows(&statements::INSERT, rows.collect()).await?;
        let queue = events.iter().map(|it| vec![organization.into(), it.id.uuid().into()]);
        self.add_rows(&statements::QUEUE, queue.collect()).await
    }

    async fn number(&mut self, limit: u64) -> Result<u64> {
        let call = statements::UNNUMBERED.call([count(limit).into()]);
        let waiting = self.session().rows(call, read_pair).await?;
        let mut by_organization = BTreeMap::<Uuid, Vec<Uuid>>::new();
        for (organization, event) in &waiting {
            by_organization.entry(*organization).or_default().push(*event);
        }
        for (organization, events) in by_organization {
            self.number_events(organization, &events).await?;
        }
        Ok(waiting.len() as u64)
    }

    async fn forget(
        &mut self,
        organization: OrganizationId,
        before: Timestamp,
        limit: u64,
    ) -> Result<u64> {
        let organization = organization.uuid();
        let call = statements::AGES.call([organization.into(), count(limit).into()]);
        let oldest = self.session().rows(call, read_age).await?;
        let old: Vec<_> = oldest.into_iter().take_while(|(_, at, _)| *at < before).collect();
        let Some((_, _, last)) = old.last() else { return Ok(0) };
        let last = count(*last);
        let call = statements::SHORTEN.call([last.into(), organization.into()]);
        self.session().execute(call).await?;
        let call = statements::FORGET_NUMBERS.call([organization.into(), last.into()]);
        self.session().execute(call).await?;
        for round in old.chunks(LONGEST_LIST) {
            let ids = round.iter().map(|(event, ..)| *event);
            self.session().execute(statements::FORGET.list([organization.into()], ids)).await?;
        }
        Ok(old.len() as u64)
    }

    async fn oldest(
        &mut self,
        organization: OrganizationId,
        limit: u64,
    ) -> Result<Vec<EventRecord>> {
        let organization = organization.uuid();
        let call = statements::OLDEST_NUMBERED.call([organization.into(), count(limit).into()]);
        let mut all = self.session().rows(call, read_event).await?;
        let left = limit.saturating_sub(all.len() as u64);
        if left > 0 {
            let call = statements::OLDEST_PENDING.call([organization.into(), count(left).into()]);
            all.append(&mut self.session().rows(call, read_event).await?);
        }
        Ok(all)
    }
}
