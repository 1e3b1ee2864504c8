//! Gives audit entries their place in the chain of their organization, and events their number in
//! its feed: after commit and in commit order, so that no writer ever queues for them.
//!
//! A plain chain shows changed, removed and reordered entries, and an unsealed tail. Two sealers at
//! once cannot both win: a place is taken once, and the other one starts over.

use std::{collections::BTreeMap, sync::Arc};

use scim_domain::OrganizationId;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use crate::{
    journal,
    ports::{AuditRecord, Seal, Snapshot, Store, StoreError},
};

#[cfg(test)]
mod tests;

/// Entries sealed in one unit of work: short enough for writers not to notice.
const BATCH: u64 = 500;

/// Seals what was committed.
#[derive(Clone)]
pub struct Sealer {
    store: Arc<dyn Store>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl Sealer {
    /// A sealer over a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Signalled when there may be something to do; see [`Store::committed`].
    pub fn committed(&self) -> Arc<Notify> {
        self.store.committed()
    }

    /// Seals until nothing waits. Another sealer at the same work ends this round without harm.
    ///
    /// Answers how many entries and events found their place.
    ///
    /// While nothing waits it takes no writer's turn: one look costs two small reads.
    pub async fn run(&self) -> Result<u64, StoreError> {
        let mut sealed = 0;
        while self.store.read().await?.feed().is_waiting().await? {
            match self.round().await {
                Ok(0) | Err(StoreError::Stale) => break,
                Ok(found) => sealed += found,
                Err(error) => return Err(error),
            }
        }
        Ok(sealed)
    }

    /// One unit of work; answers how many entries and events found their place.
    async fn round(&self) -> Result<u64, StoreError> {
        let mut unit = self.store.begin().await?;
        let waiting = unit.audit().unsealed(BATCH).await?;
        let mut sealed = waiting.len() as u64;
        let mut by_organization: BTreeMap<OrganizationId, Vec<AuditRecord>> = BTreeMap::new();
        for it in waiting {
            by_organization.entry(it.organization).or_default().push(it.entry);
        }
        for (organization, entries) in by_organization {
            let last = unit.audit().last_seal(organization).await?;
            let seals: Vec<_> = entries.iter().zip(chain(last, &entries)).collect();
            unit.audit().seal(organization, &seals).await?;
        }
        sealed += unit.outbox().number(BATCH).await?;
        if sealed > 0 {
            journal::commit_bookkeeping(unit).await?;
        }
        Ok(sealed)
    }
}

fn chain(last: Option<Seal>, entries: &[AuditRecord]) -> Vec<Seal> {
    let mut last = last.unwrap_or(Seal { sequence: 0, hash: [0; 32] });
    let seal = |entry: &AuditRecord| {
        last = next(&last, entry);
        last.clone()
    };
    entries.iter().map(seal).collect()
}

/// The place after `previous`: SHA-256 over its hash and the canonical JSON of the entry with its
/// number.
fn next(previous: &Seal, entry: &AuditRecord) -> Seal {
    let sequence = previous.sequence + 1;
    let canonical = json!([
        sequence,
        entry.id.to_string(),
        entry.at.micros(),
        entry.actor,
        entry.action,
        entry.subject.kind(),
        entry.subject.uuid().to_string(),
        entry.request_id,
        entry.detail,
    ]);
    let mut hash = Sha256::new();
    hash.update(previous.hash);
    hash.update(canonical.to_string().as_bytes());
    Seal { sequence, hash: hash.finalize().into() }
}

/// What checking a chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Entries whose place was checked and right.
    pub verified: u64,
    /// The number of the first entry that is not what was sealed, or is missing.
    pub first_bad: Option<u64>,
    /// Entries that have no place yet.
    pub unsealed: u64,
}

/// Checks the chain of an organization from its beginning.
pub async fn verify(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
) -> Result<Verification, StoreError> {
    let mut last = Seal { sequence: 0, hash: [0; 32] };
    let unsealed = snapshot.audit().count_unsealed(organization).await?;
    loop {
        let page = snapshot.audit().chain(organization, last.sequence, BATCH).await?;
        if page.is_empty() {
            return Ok(Verification { verified: last.sequence, first_bad: None, unsealed });
        }
        for sealed in page {
            let expected = next(&last, &sealed.entry);
            if sealed.seal.as_ref() != Some(&expected) {
                let (verified, first_bad) = (last.sequence, Some(expected.sequence));
                return Ok(Verification { verified, first_bad, unsealed });
            }
            last = expected;
        }
    }
}
