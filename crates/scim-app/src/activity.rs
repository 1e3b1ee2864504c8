//! What is gathered about requests in memory and written in batches, outside the journal: the last
//! use of keys, what became of writes and refusals, what requests showed beside the standard, and how
//! often somebody was denied.
//!
//! Gathering never waits and never fails a request; a crash may lose the last moments of it.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::Arc,
};

use parking_lot::Mutex;
use scim_domain::{ApiKeyId, AuditEntryId, OrganizationId, Subject, Timestamp};
use serde_json::json;

use crate::{
    Actor,
    error::Forbidden,
    ports::{ActivityRecord, AuditRecord, Clock, Ids, KeyUse, QuirkCount, Store, StoreError},
    provisioning::Caller,
    quirks::Quirk,
};

/// Requests that wait to be written, at most; further ones are dropped and counted.
const LARGEST_BACKLOG: usize = 50_000;
/// Requests written in one unit of work.
const BATCH: usize = 1_000;
/// Denials of one kind and key are audited at most this often, in seconds.
const DENIAL_INTERVAL: i64 = 60;
/// How long requests are kept, in seconds: 30 days.
const RETENTION: i64 = 30 * 24 * 60 * 60;

/// Gathers and flushes. Cheap to clone.
#[derive(Clone)]
pub struct Activity {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    gathered: Arc<Mutex<Gathered>>,
}

#[derive(Default)]
struct Gathered {
    requests: HashMap<OrganizationId, Vec<ActivityRecord>>,
    waiting: usize,
    dropped: u64,
    uses: HashMap<(OrganizationId, ApiKeyId), KeyUse>,
    quirks: HashMap<(OrganizationId, ApiKeyId, Quirk), QuirkCount>,
    denials: HashMap<(OrganizationId, ApiKeyId, &'static str), Denials>,
}

#[derive(Default)]
struct Denials {
    pending: u64,
    last_written: Option<Timestamp>,
}

impl std::fmt::Debug for Activity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Activity").finish_non_exhaustive()
    }
}

/// A key in use.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Its organization.
    pub organization: OrganizationId,
    /// The key.
    pub api_key: ApiKeyId,
    /// From where, as far as the proxies can be trusted.
    pub address: Option<IpAddr>,
}

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct Answered<'a> {
    /// The method.
    pub method: &'a str,
    /// The path below the base URL, without the query.
    pub path: &'a str,
    /// The status.
    pub status: u16,
    /// What was done, left out or refused, in plain words without personal data.
    pub detail: String,
}

impl Activity {
    /// A gatherer over these ports. Somebody must call [`Activity::flush`] now and then.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { store, clock, ids, gathered: Arc::default() }
    }

    /// A key was used.
    pub fn used(&self, client: Client, agent: Option<&str>) {
        let at = self.clock.now();
        let Client { organization, api_key, address } = client;
        let key = (organization, api_key);
        let mut gathered = self.gathered.lock();
        if let Some(known) = gathered.uses.get_mut(&key) {
            known.at = at;
            known.address = address;
            if known.agent.as_deref() != agent {
                known.agent = agent.map(cut);
            }
        } else {
            let agent = agent.map(cut);
            gathered.uses.insert(key, KeyUse { at, address, agent });
        }
    }

    /// A write or a refused request was answered.
    pub fn answered(&self, caller: &Caller, answered: Answered<'_>) {
        let record = ActivityRecord {
            request_id: caller.origin.request_id.clone(),
            at: self.clock.now(),
            api_key: caller.key.id,
            method: answered.method.to_owned(),
            path: answered.path.to_owned(),
            status: answered.status,
            detail: answered.detail,
        };
        let mut gathered = self.gathered.lock();
        if gathered.waiting >= LARGEST_BACKLOG {
            gathered.dropped += 1;
            return;
        }
        gathered.waiting += 1;
        gathered.requests.entry(caller.organization()).or_default().push(record);
    }

    /// Somebody was told 403.
    pub fn denied(&self, client: Client, why: &Forbidden) {
        let key = (client.organization, client.api_key, why.kind());
        self.gathered.lock().denials.entry(key).or_default().pending += 1;
    }

    /// A request showed what is beside the standard and was understood all the same.
    pub fn showed(&self, caller: &Caller) {
        let quirks = caller.showed.all();
        if quirks.is_empty() {
            return;
        }
        let now = self.clock.now();
        let (organization, api_key) = (caller.organization(), caller.key.id);
        let mut gathered = self.gathered.lock();
        for quirk in quirks {
            let fresh = || QuirkCount {
                api_key,
                quirk,
                requests: 0,
                last: now,
                last_request_id: String::new(),
            };
            let known = gathered.quirks.entry((organization, api_key, quirk));
            let count = known.or_insert_with(fresh);
            count.requests += 1;
            count.last = now;
            count.last_request_id.clone_from(&caller.origin.request_id);
        }
    }

    /// Writes what was gathered. Denials are written at once the first time and then at most once
    /// a minute for each key and kind, with their count; `last` writes what is left at the end.
    pub async fn flush(&self, last: bool) -> Result<(), StoreError> {
        let now = self.clock.now();
        for (organization, batch) in self.take(now, last) {
            let mut unit = self.store.begin().await?;
            match unit.organizations().hold(organization).await {
                // Erased in the meantime; nothing of it may come back.
                Err(StoreError::Stale) => continue,
                held => held.map(drop)?,
            }
            for requests in batch.requests.chunks(BATCH) {
                unit.activities().append(organization, requests).await?;
            }
            unit.activities().used(organization, &batch.uses).await?;
            unit.activities().showed(organization, &batch.quirks).await?;
            if !batch.denials.is_empty() {
                let denial = |(key, kind, count): &Denied| self.denial(now, *key, kind, *count);
                let entries: Vec<_> = batch.denials.iter().map(denial).collect();
                unit.audit().append(organization, &entries).await?;
            }
            crate::journal::commit_bookkeeping(unit).await?;
        }
        Ok(())
    }

    /// Takes away requests that are older than the retention.
    pub async fn forget(&self) -> Result<(), StoreError> {
        let mut unit = self.store.begin().await?;
        unit.activities().forget(self.clock.now().plus_seconds(-RETENTION)).await?;
        crate::journal::commit_bookkeeping(unit).await
    }

    fn denial(&self, at: Timestamp, key: ApiKeyId, kind: &'static str, count: u64) -> AuditRecord {
        AuditRecord {
            id: AuditEntryId::new(self.ids.next()),
            at,
            actor: Actor::ApiKey(key).to_string(),
            action: "request.denied".to_owned(),
            subject: Subject::ApiKey(key),
            request_id: None,
            detail: json!({ "reason": kind, "count": count }),
        }
    }

    /// What is to be written now, by organization.
    fn take(&self, now: Timestamp, last: bool) -> BTreeMap<OrganizationId, Batch> {
        let mut gathered = self.gathered.lock();
        if gathered.dropped > 0 {
            tracing::warn!(
                dropped = gathered.dropped,
                "requests are missing from the activity log"
            );
            gathered.dropped = 0;
        }
        gathered.waiting = 0;
        let mut batches = BTreeMap::<_, Batch>::new();
        for (organization, requests) in std::mem::take(&mut gathered.requests) {
            batches.entry(organization).or_default().requests = requests;
        }
        for ((organization, key), it) in std::mem::take(&mut gathered.uses) {
            batches.entry(organization).or_default().uses.push((key, it));
        }
        for ((organization, _, _), it) in std::mem::take(&mut gathered.quirks) {
            batches.entry(organization).or_default().quirks.push(it);
        }
        gathered.denials.retain(|(organization, key, kind), it| {
            let resting = it.last_written.is_some_and(|at| now < at.plus_seconds(DENIAL_INTERVAL));
            if it.pending > 0 && (!resting || last) {
                let denied = (*key, *kind, it.pending);
                batches.entry(*organization).or_default().denials.push(denied);
                *it = Denials { pending: 0, last_written: Some(now) };
                return true;
            }
            resting || it.pending > 0
        });
        batches
    }
}

/// A key, the kind of its denials, and how many.
type Denied = (ApiKeyId, &'static str, u64);

/// What is written of one organization.
#[derive(Default)]
struct Batch {
    requests: Vec<ActivityRecord>,
    uses: Vec<(ApiKeyId, KeyUse)>,
    quirks: Vec<QuirkCount>,
    denials: Vec<Denied>,
}

fn cut(agent: &str) -> String {
    agent.chars().filter(|it| !it.is_control()).take(200).collect()
}
