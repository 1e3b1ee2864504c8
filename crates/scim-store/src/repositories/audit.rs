use std::ops::Range;

use async_trait::async_trait;
use scim_app::ports::{
    ActivityPage, ActivityPlace, AuditFilter, AuditLog, AuditPage, AuditQueries, AuditRecord, Seal,
    Sealed, StoreError, UnsealedEntry,
};
use scim_domain::OrganizationId;

use super::{Reading, Result, Writing};
use crate::{
    kept::LONGEST_LIST,
    rows::{
        count, read_count, read_entry, read_placed_activity, read_seal, read_sealed, read_unsealed,
    },
    session::{Call, Session, Transaction},
    statements::{activity, audit as statements},
};

#[async_trait]
impl<S: Session> AuditQueries for Reading<S> {
    async fn page(
        &mut self,
        organization: OrganizationId,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u64,
    ) -> Result<AuditPage> {
        // One more than asked for tells whether others follow.
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let call = statements::LAST_SEAL.call([organization.uuid().into()]);
        let sealed = self.session.first(call, read_seal).await?.map_or(0, |it| it.sequence);
        let waiting = self.count_unsealed(organization).await?;
        let before = before.unwrap_or(u64::MAX).min(sealed + waiting + 1);
        let range = sealed + 1..before;
        let left_out = (sealed + waiting + 1).saturating_sub(before.max(sealed + 1));
        let mut found = Vec::new();
        if !range.is_empty() {
            found = self.unsealed_before(organization, filter, range, left_out, wanted).await?;
        }
        let left = limit.saturating_add(1).saturating_sub(found.len() as u64);
        let place = before.min(sealed + 1);
        let call = backwards(organization, filter, place, left);
        for entry in self.session.rows(call, read_sealed).await? {
            found.push((entry.seal.as_ref().map_or(0, |it| it.sequence), entry));
        }
        let more = found.len() > wanted;
        found.truncate(wanted);
        let rest = found.last().filter(|_| more).map(|(sequence, _)| *sequence);
        Ok(AuditPage { entries: found.into_iter().map(|(_, it)| it).collect(), rest })
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

    async fn activity_page(
        &mut self,
        organization: OrganizationId,
        after: Option<ActivityPlace>,
        limit: u64,
    ) -> Result<ActivityPage> {
        let (at, position) =
            after.map_or((i64::MAX, i64::MAX), |it| (it.at.micros(), count(it.position)));
        let call = activity::BEFORE.call([
            organization.uuid().into(),
            at.into(),
            at.into(),
            position.into(),
            count(limit.saturating_add(1)).into(),
        ]);
        let mut found = self.session.rows(call, read_placed_activity).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > wanted;
        found.truncate(wanted);
        let rest = found.last().filter(|_| more).map(|(place, _)| *place);
        Ok(ActivityPage { requests: found.into_iter().map(|(_, it)| it).collect(), rest })
    }
}

/// How many waiting entries are looked at in one statement.
const BATCH: u64 = 1_000;

impl<S: Session> Reading<S> {
    /// Entries that wait for their place and will have one of these, newest first, and one more
    /// than wanted; as many as are `left_out` are newer.
    async fn unsealed_before(
        &mut self,
        organization: OrganizationId,
        filter: &AuditFilter,
        places: Range<u64>,
        mut left_out: u64,
        wanted: usize,
    ) -> Result<Vec<(u64, Sealed)>> {
        let mut found = Vec::new();
        let mut place = places.end;
        while place > places.start && found.len() <= wanted {
            let values = [organization.uuid().into(), count(BATCH).into(), count(left_out).into()];
            let call = statements::NEWEST_UNSEALED.call(values);
            let entries = self.session.rows(call, read_entry).await?;
            if entries.is_empty() {
                break;
            }
            left_out += entries.len() as u64;
            for entry in entries {
                place -= 1;
                if filter.matches(&entry) {
                    found.push((place, Sealed { entry, seal: None }));
                }
            }
        }
        found.truncate(wanted.saturating_add(1));
        Ok(found)
    }
}

/// The chain backwards from before a place on, as far as the filter wants it.
fn backwards(organization: OrganizationId, filter: &AuditFilter, before: u64, limit: u64) -> Call {
    let organization = organization.uuid().into();
    let (before, limit) = (count(before).into(), count(limit).into());
    match (filter.subject, &filter.action) {
        (None, None) => statements::BEFORE.call([organization, before, limit]),
        (Some(subject), None) => {
            statements::BEFORE_OF_SUBJECT.call([organization, subject.into(), before, limit])
        }
        (None, Some(action)) => {
            let action = action.clone().into();
            statements::BEFORE_OF_ACTION.call([organization, action, before, limit])
        }
        (Some(subject), Some(action)) => {
            let action = action.clone().into();
            let values = [organization, subject.into(), action, before, limit];
            statements::BEFORE_OF_BOTH.call(values)
        }
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
        self.add_rows(&statements::INSERT, rows.collect()).await?;
        let queue = entries.iter().map(|it| vec![organization.into(), it.id.uuid().into()]);
        self.add_rows(&statements::QUEUE, queue.collect()).await
    }

    async fn unsealed(&mut self, limit: u64) -> Result<Vec<UnsealedEntry<AuditRecord>>> {
        let call = statements::UNSEALED.call([count(limit).into()]);
        self.session().rows(call, read_unsealed).await
    }

    async fn last_seal(&mut self, organization: OrganizationId) -> Result<Option<Seal>> {
        let call = statements::LAST_SEAL.call([organization.uuid().into()]);
        self.session().first(call, read_seal).await
    }

    async fn seal(
        &mut self,
        organization: OrganizationId,
        seals: &[(&AuditRecord, Seal)],
    ) -> Result<()> {
        let organization = organization.uuid();
        let rows = seals.iter().map(|(entry, seal)| {
            vec![
                organization.into(),
                count(seal.sequence).into(),
                entry.id.uuid().into(),
                seal.hash.to_vec().into(),
                entry.subject.uuid().into(),
                entry.action.clone().into(),
            ]
        });
        self.insert_rows(&statements::SEAL, rows.collect()).await?;
        for round in seals.chunks(LONGEST_LIST) {
            let ids = round.iter().map(|(entry, _)| entry.id.uuid());
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
