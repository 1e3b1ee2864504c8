//! The audit log and its chain.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use scim_domain::{OrganizationId, Timestamp};

use super::state::{AuditRow, State, count, limit};
use crate::ports::{
    ActivityPage, ActivityPlace, ActivityRecord, AuditFilter, AuditLog, AuditPage, AuditQueries,
    AuditRecord, Seal, Sealed, StoreError, UnsealedEntry,
};

#[async_trait]
impl AuditQueries for State {
    async fn page(
        &mut self,
        organization: OrganizationId,
        filter: &AuditFilter,
        before: Option<u64>,
        at_most: u64,
    ) -> Result<AuditPage, StoreError> {
        let tenant = self.tenant(organization);
        let last = tenant.chain.last_key_value().map_or(0, |(sequence, _)| *sequence);
        let waiting = tenant.audit.iter().filter(|it| it.seal.is_none());
        let waiting: Vec<_> = (last + 1..).zip(waiting).collect();
        let chain = tenant.chain.iter().rev();
        let chain = chain.filter_map(|(sequence, at)| Some((*sequence, tenant.audit.get(*at)?)));
        let numbered = waiting.into_iter().rev().chain(chain);
        let mut wanted = numbered
            .filter(|(number, _)| before.is_none_or(|before| *number < before))
            .filter(|(_, row)| filter.matches(&row.entry));
        let page: Vec<_> = wanted.by_ref().take(limit(at_most)).collect();
        let rest = wanted.next().and_then(|_| page.last().map(|(number, _)| *number));
        Ok(AuditPage { entries: page.into_iter().map(|(_, row)| row.sealed()).collect(), rest })
    }

    async fn chain(
        &mut self,
        organization: OrganizationId,
        after: u64,
        at_most: u64,
    ) -> Result<Vec<Sealed>, StoreError> {
        let tenant = self.tenant(organization);
        let places = tenant.chain.iter().filter(|(sequence, _)| **sequence > after);
        let rows = places.filter_map(|(_, at)| tenant.audit.get(*at));
        Ok(rows.take(limit(at_most)).map(AuditRow::sealed).collect())
    }

    async fn count_unsealed(&mut self, organization: OrganizationId) -> Result<u64, StoreError> {
        let rows = self.tenant(organization).audit.iter();
        Ok(count(rows.filter(|it| it.seal.is_none()).count()))
    }

    async fn activity_page(
        &mut self,
        organization: OrganizationId,
        after: Option<ActivityPlace>,
        at_most: u64,
    ) -> Result<ActivityPage, StoreError> {
        let rows = (0..).zip(self.tenant(organization).activity.iter());
        let mut all: Vec<((Timestamp, u64), &ActivityRecord)> =
            rows.map(|(position, it)| ((it.at, position), it)).collect();
        all.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
        if let Some(after) = after {
            all.retain(|(place, _)| *place < (after.at, after.position));
        }
        let more = all.len() > limit(at_most);
        all.truncate(limit(at_most));
        let last = all.last().filter(|_| more);
        let rest = last.map(|((at, position), _)| ActivityPlace { at: *at, position: *position });
        Ok(ActivityPage { requests: all.into_iter().map(|(_, it)| it.clone()).collect(), rest })
    }
}

impl AuditRow {
    fn sealed(&self) -> Sealed {
        Sealed { entry: self.entry.clone(), seal: self.seal.clone() }
    }
}

#[async_trait]
impl AuditLog for State {
    async fn append(
        &mut self,
        organization: OrganizationId,
        entries: &[AuditRecord],
    ) -> Result<(), StoreError> {
        let mut position = self.appended;
        let tenant = self.tenant_mut(organization)?;
        for entry in entries {
            tenant.audit.push(AuditRow { position, entry: entry.clone(), seal: None });
            position += 1;
        }
        self.appended = position;
        Ok(())
    }

    async fn unsealed(
        &mut self,
        at_most: u64,
    ) -> Result<Vec<UnsealedEntry<AuditRecord>>, StoreError> {
        let mut waiting: Vec<(u64, OrganizationId, &AuditRecord)> = Vec::new();
        for (organization, tenant) in self.tenants.iter() {
            let rows = tenant.audit.iter().filter(|it| it.seal.is_none());
            waiting.extend(rows.map(|it| (it.position, *organization, &it.entry)));
        }
        waiting.sort_by_key(|(position, ..)| *position);
        let oldest = waiting.into_iter().take(limit(at_most));
        Ok(oldest
            .map(|(_, organization, entry)| UnsealedEntry { organization, entry: entry.clone() })
            .collect())
    }

    async fn last_seal(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<Seal>, StoreError> {
        let tenant = self.tenant(organization);
        let last = tenant.chain.last_key_value().and_then(|(_, at)| tenant.audit.get(*at));
        Ok(last.and_then(|it| it.seal.clone()))
    }

    async fn seal(
        &mut self,
        organization: OrganizationId,
        seals: &[(&AuditRecord, Seal)],
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        let rows = tenant.audit.iter().enumerate().filter(|(_, it)| it.seal.is_none());
        let waiting: BTreeMap<_, _> = rows.map(|(at, it)| (it.entry.id, at)).collect();
        let chain = Arc::make_mut(&mut tenant.chain);
        for (entry, seal) in seals {
            let at = *waiting.get(&entry.id).ok_or(StoreError::Stale)?;
            if chain.insert(seal.sequence, at).is_some() {
                return Err(StoreError::Stale);
            }
            let row = tenant.audit.get_mut(at).ok_or(StoreError::Stale)?;
            if row.seal.replace(seal.clone()).is_some() {
                return Err(StoreError::Stale);
            }
        }
        Ok(())
    }
}
