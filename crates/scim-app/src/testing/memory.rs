//! The store in memory: the ports taken literally, with nothing in the way of failing on purpose.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use parking_lot::{Mutex, RwLock};
use scim_domain::RequestId;
use tokio::sync::{Notify, OwnedMutexGuard};

use crate::ports::{
    Activities, ApiKeys, AuditLog, Departures, Groups, Idempotency, Keyring, MappingRules,
    Nestings, Organizations, Outbox, Roles, Schemas, Snapshot, Store, StoreError, UnitOfWork,
    Users,
};

mod access;
mod activities;
mod api_keys;
mod audit;
mod feed;
mod groups;
mod holders;
mod idempotency;
mod keyring;
mod log;
mod mapping_rules;
mod members;
mod nestings;
mod organizations;
mod outbox;
mod roles;
mod schemas;
mod search;
mod state;
mod users;

use state::State;

/// How a commit fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailWith {
    /// With [`StoreError::Unavailable`]: nothing was changed.
    Unavailable,
    /// With [`StoreError::Unknown`], although everything was applied: the answer was lost.
    UnknownApplied,
    /// With [`StoreError::Unknown`], and nothing was applied: the request was lost.
    UnknownNotApplied,
}

/// A store in memory. Clones share what is stored.
///
/// One writer at a time works on a copy, which a commit puts in the place of the committed state;
/// readers keep the state they began with. Copies share what nobody changed, so 100,000 members
/// are no burden, but each unit copies the whole collection it first writes to.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    committed: RwLock<State>,
    turn: Arc<tokio::sync::Mutex<()>>,
    next_commit: Mutex<Option<FailWith>>,
    signal: Arc<Notify>,
    away: AtomicBool,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the next commit, whoever asks for it, fail; the one after it works again.
    pub fn fail_next_commit(&self, how: FailWith) {
        *self.shared.next_commit.lock() = Some(how);
    }

    /// Makes the store unreachable, or reachable again: until then every begin, read and commit
    /// fails with [`StoreError::Unavailable`], and so does [`Store::ready`].
    pub fn set_away(&self, away: bool) {
        self.shared.away.store(away, Ordering::SeqCst);
    }
}

impl Shared {
    fn check_reachable(&self) -> Result<(), StoreError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the store was told to be away".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.shared.check_reachable()?;
        let turn = Arc::clone(&self.shared.turn).lock_owned().await;
        let mut state = self.shared.committed.read().clone();
        state.request = None;
        Ok(Box::new(Unit { state, shared: Arc::clone(&self.shared), _turn: turn }))
    }

    async fn read(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        self.shared.check_reachable()?;
        Ok(Box::new(self.shared.committed.read().clone()))
    }

    fn committed(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.signal)
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.shared.check_reachable()
    }
}

/// The copy a writer works on, and its turn, which ends when this is dropped.
struct Unit {
    state: State,
    shared: Arc<Shared>,
    _turn: OwnedMutexGuard<()>,
}

#[async_trait]
impl UnitOfWork for Unit {
    fn in_request(&mut self, request: Option<RequestId>) {
        self.state.request = request;
    }

    fn read(&mut self) -> &mut dyn Snapshot {
        &mut self.state
    }

    fn organizations(&mut self) -> &mut dyn Organizations {
        &mut self.state
    }

    fn schemas(&mut self) -> &mut dyn Schemas {
        &mut self.state
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeys {
        &mut self.state
    }

    fn users(&mut self) -> &mut dyn Users {
        &mut self.state
    }

    fn groups(&mut self) -> &mut dyn Groups {
        &mut self.state
    }

    fn nestings(&mut self) -> &mut dyn Nestings {
        &mut self.state
    }

    fn roles(&mut self) -> &mut dyn Roles {
        &mut self.state
    }

    fn mapping_rules(&mut self) -> &mut dyn MappingRules {
        &mut self.state
    }

    fn audit(&mut self) -> &mut dyn AuditLog {
        &mut self.state
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        &mut self.state
    }

    fn activities(&mut self) -> &mut dyn Activities {
        &mut self.state
    }

    fn departures(&mut self) -> &mut dyn Departures {
        &mut self.state
    }

    fn idempotency(&mut self) -> &mut dyn Idempotency {
        &mut self.state
    }

    fn keyring(&mut self) -> &mut dyn Keyring {
        &mut self.state
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.shared.check_reachable()?;
        let failure = self.shared.next_commit.lock().take();
        let apply = || {
            *self.shared.committed.write() = self.state.clone();
            self.shared.signal.notify_one();
        };
        match failure {
            None => {
                apply();
                Ok(())
            }
            Some(FailWith::Unavailable) => {
                Err(StoreError::Unavailable("the commit was told to fail".into()))
            }
            Some(FailWith::UnknownApplied) => {
                apply();
                Err(StoreError::Unknown("the answer of the commit was told to get lost".into()))
            }
            Some(FailWith::UnknownNotApplied) => {
                Err(StoreError::Unknown("the commit was told to get lost".into()))
            }
        }
    }
}
