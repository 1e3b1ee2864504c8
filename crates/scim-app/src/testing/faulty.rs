//! Any store, with trouble on demand: so that what is tested about trouble, and everything else
//! over HTTP, is tested on every store alike.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use parking_lot::Mutex;
use scim_domain::{OrganizationId, RequestId};
use tokio::sync::{Notify, watch};

use super::FailWith;
use crate::ports::{
    Activities, Ahead, ApiKeys, AuditLog, Departures, Groups, Idempotency, Keyring, MappingRules,
    Nestings, Organizations, Outbox, Roles, Schemas, Snapshot, Store, StoreError, UnitOfWork,
    Users,
};

/// A store that fails when it is told to. Clones share the store and its trouble.
#[derive(Clone)]
pub struct FaultyStore {
    store: Arc<dyn Store>,
    faults: Arc<Faults>,
}

mod snapshot;

use snapshot::FaultySnapshot;

#[derive(Debug, Default)]
struct Faults {
    member_reads: Mutex<Option<u32>>,
    next_commit: Mutex<Option<FailWith>>,
    conflicts: AtomicU32,
    away: AtomicBool,
    units_held: watch::Sender<bool>,
    units_waiting: AtomicUsize,
}

impl std::fmt::Debug for FaultyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaultyStore").field("faults", &self.faults).finish_non_exhaustive()
    }
}

impl FaultyStore {
    /// A store without trouble.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, faults: Arc::default() }
    }

    /// Makes the next commit, whoever asks for it, fail; the one after it works again.
    pub fn fail_next_commit(&self, how: FailWith) {
        *self.faults.next_commit.lock() = Some(how);
    }

    /// Makes so many of the next commits fail with [`StoreError::Conflict`], and nothing of them
    /// stay.
    pub fn conflict(&self, times: u32) {
        self.faults.conflicts.store(times, Ordering::SeqCst);
    }

    /// How many commits are still to fail so.
    pub fn conflicts_left(&self) -> u32 {
        self.faults.conflicts.load(Ordering::SeqCst)
    }

    /// Lets members of a group be read bit by bit so many times more, and then never again.
    pub fn lose_members_after(&self, reads: u32) {
        *self.faults.member_reads.lock() = Some(reads);
    }

    /// Lets members of a group be read again.
    pub fn find_members_again(&self) {
        *self.faults.member_reads.lock() = None;
    }

    /// From now on lets nobody begin a unit of work, or everybody who has waited for it: as if
    /// somebody else had the writer.
    pub fn hold_units(&self, hold: bool) {
        self.faults.units_held.send_replace(hold);
    }

    /// How many wait to begin a unit of work that are held.
    pub fn units_waiting(&self) -> usize {
        self.faults.units_waiting.load(Ordering::SeqCst)
    }

    /// Makes the store unreachable, or reachable again: until then every begin, read and commit
    /// fails with [`StoreError::Unavailable`], and so does [`Store::ready`].
    pub fn set_away(&self, away: bool) {
        self.faults.away.store(away, Ordering::SeqCst);
    }
}

impl Faults {
    fn check_reachable(&self) -> Result<(), StoreError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the store was told to be away".into()));
        }
        Ok(())
    }

    fn check_members(&self) -> Result<(), StoreError> {
        let mut reads = self.member_reads.lock();
        match *reads {
            None => Ok(()),
            Some(0) => Err(StoreError::Unavailable("members were told to be lost".into())),
            Some(left) => {
                *reads = Some(left - 1);
                Ok(())
            }
        }
    }

    /// Waits until units may begin.
    async fn unit_let(&self) {
        let mut held = self.units_held.subscribe();
        self.units_waiting.fetch_add(1, Ordering::SeqCst);
        // It ends with the store, which is here.
        let _ = held.wait_for(|held| !held).await;
        self.units_waiting.fetch_sub(1, Ordering::SeqCst);
    }

    fn conflicts(&self) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        self.conflicts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok()
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.faults.check_reachable()?;
        self.faults.unit_let().await;
        let unit = self.store.begin().await?;
        Ok(Box::new(FaultyUnit { unit, faults: Arc::clone(&self.faults) }))
    }

    async fn read(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        self.faults.check_reachable()?;
        let snapshot = self.store.read().await?;
        Ok(Box::new(FaultySnapshot::new(snapshot, Arc::clone(&self.faults))))
    }

    fn committed(&self) -> Arc<Notify> {
        self.store.committed()
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.faults.check_reachable()?;
        self.store.ready().await
    }
}

struct FaultyUnit {
    unit: Box<dyn UnitOfWork>,
    faults: Arc<Faults>,
}

#[async_trait]
impl UnitOfWork for FaultyUnit {
    fn in_request(&mut self, request: Option<RequestId>) {
        self.unit.in_request(request);
    }

    fn ahead(&mut self, organization: OrganizationId, wanted: &Ahead) {
        self.unit.ahead(organization, wanted);
    }

    fn read(&mut self) -> &mut dyn Snapshot {
        self.unit.read()
    }

    fn organizations(&mut self) -> &mut dyn Organizations {
        self.unit.organizations()
    }

    fn schemas(&mut self) -> &mut dyn Schemas {
        self.unit.schemas()
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeys {
        self.unit.api_keys()
    }

    fn users(&mut self) -> &mut dyn Users {
        self.unit.users()
    }

    fn groups(&mut self) -> &mut dyn Groups {
        self.unit.groups()
    }

    fn nestings(&mut self) -> &mut dyn Nestings {
        self.unit.nestings()
    }

    fn roles(&mut self) -> &mut dyn Roles {
        self.unit.roles()
    }

    fn mapping_rules(&mut self) -> &mut dyn MappingRules {
        self.unit.mapping_rules()
    }

    fn audit(&mut self) -> &mut dyn AuditLog {
        self.unit.audit()
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self.unit.outbox()
    }

    fn activities(&mut self) -> &mut dyn Activities {
        self.unit.activities()
    }

    fn departures(&mut self) -> &mut dyn Departures {
        self.unit.departures()
    }

    fn idempotency(&mut self) -> &mut dyn Idempotency {
        self.unit.idempotency()
    }

    fn keyring(&mut self) -> &mut dyn Keyring {
        self.unit.keyring()
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.faults.check_reachable()?;
        if self.faults.conflicts() {
            return Err(StoreError::Conflict("the commit was told to meet others".into()));
        }
        let failure = self.faults.next_commit.lock().take();
        match failure {
            None => self.unit.commit().await,
            Some(FailWith::Unavailable) => {
                Err(StoreError::Unavailable("the commit was told to fail".into()))
            }
            Some(FailWith::UnknownApplied) => {
                self.unit.commit().await?;
                Err(StoreError::Unknown("the answer of the commit was told to get lost".into()))
            }
            Some(FailWith::UnknownNotApplied) => {
                Err(StoreError::Unknown("the commit was told to get lost".into()))
            }
        }
    }
}
