//! Warnings before keys expire.

use scim_domain::{ApiKeyId, Decision, Event, EventKind, OrganizationId, Subject};
use serde_json::json;

use super::{super::Administration, entry, facts};
use crate::{Error, journal};

/// Keys looked up at a time.
const BATCH: u64 = 100;

impl Administration {
    /// Tells of every key whose expiry it is time to warn of; answers of how many. Each warning is
    /// told once, however many instances are at it: a key is held while its next warning is set.
    pub async fn warn_of_expiry(&self) -> Result<u64, Error> {
        let mut told = 0;
        loop {
            let now = self.clock.now();
            let due = self.store.read().await?.api_keys().warnings_due(now, BATCH).await?;
            let found = due.len() as u64;
            for (organization, id) in due {
                told += u64::from(self.warn(organization, id).await?);
            }
            if found < BATCH {
                return Ok(told);
            }
        }
    }

    /// Whether there was anything to tell.
    async fn warn(&self, organization: OrganizationId, id: ApiKeyId) -> Result<bool, Error> {
        let mut unit = self.begin().await?;
        let found = unit.api_keys().find_for_update(organization, id).await?;
        let Some(mut key) = found else { return Ok(false) };
        let before = key.warning;
        let left = key.warn(self.clock.now());
        if key.warning == before {
            // Another instance has told it.
            return Ok(false);
        }
        unit.api_keys().update(&key).await?;
        let Some(days) = left else {
            journal::commit_bookkeeping(unit).await?;
            return Ok(false);
        };
        let mut facts = facts(&key);
        if let Some(facts) = facts.as_object_mut() {
            facts.insert("daysLeft".to_owned(), json!(days));
        }
        let kind = EventKind::ApiKeyExpiring;
        let event = Event::new(kind, Subject::ApiKey(key.id), facts.clone());
        let entry = journal::Entry { detail: facts, ..entry(kind, &key) };
        let decision = Decision::new((), vec![event]);
        self.journal(organization).commit(unit, entry, decision).await?;
        Ok(true)
    }
}
