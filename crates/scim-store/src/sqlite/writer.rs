use std::{
    sync::{
        Arc,
        atomic::{
            AtomicU64, AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
        mpsc,
    },
    time::{Duration, Instant},
};

use scim_app::ports::StoreError;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};

use super::{
    SqliteOptions,
    commit::{Batch, Outcome, commit, committer},
    connection::{Connector, Purpose},
    values::{execute, is_busy, query, refused, run},
};
use crate::{
    counter::Counter,
    dialect::Dialect,
    error::{failed, unavailable},
    kept::LONGEST_LIST,
    session::{Call, Read, Session, Transaction},
};

#[cfg(test)]
mod tests;

/// How many units share a commit at most.
const LARGEST_BATCH: usize = 64;

/// How old a batch may be that another unit joins: those who wait for a commit of it are not kept
/// waiting by ever more.
const LONGEST_BATCH: Duration = Duration::from_millis(20);

/// How long to wait before asking again for the lock that another process holds.
const BACKOFF: Duration = Duration::from_millis(2);

/// The one writer of this process. Units lease its connection in the order in which they asked.
#[derive(Debug)]
pub(crate) struct Writer {
    turn: Arc<Mutex<Batch>>,
    queued: AtomicUsize,
    /// How many units have ever come.
    come: AtomicU64,
    committer: mpsc::Sender<OwnedMutexGuard<Batch>>,
    patience: Duration,
    statements: Counter,
    committed: Arc<Notify>,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

/// A place in the queue. Whoever leaves it as the last one sees to it that those who wait for a
/// commit get it.
struct Queued<'a>(&'a Writer);

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        if self.0.queued.fetch_sub(1, SeqCst) == 1 {
            self.0.settle();
        }
    }
}

/// A batch that was left open while its thread does what else is there to do, among which may be units
/// that join it; committed after that, or when whoever left it open has gone away. Whoever takes the
/// batch and is no unit keeps one of these as well: while he has it, nobody else can commit it.
struct LeftOpen<'a>(&'a Writer);

impl Drop for LeftOpen<'_> {
    fn drop(&mut self) {
        self.0.settle();
    }
}

impl Writer {
    pub(crate) fn new(
        connector: &Connector,
        options: SqliteOptions,
    ) -> Result<Arc<Self>, StoreError> {
        let connection = connector.connect(Purpose::Write)?;
        let batch = Batch { connection, open: None, waiting: Vec::new(), commits: 0 };
        Ok(Arc::new(Self {
            turn: Arc::new(Mutex::new(batch)),
            queued: AtomicUsize::new(0),
            come: AtomicU64::new(0),
            committer: committer()?,
            patience: options.patience,
            statements: connector.statements.clone(),
            committed: Arc::default(),
        }))
    }

    /// How many durable commits there were.
    pub(crate) async fn commits(&self) -> u64 {
        let left_open = LeftOpen(self);
        let commits = self.turn.lock().await.commits;
        drop(left_open);
        commits
    }

    /// Signalled after units were committed.
    pub(crate) fn committed(&self) -> Arc<Notify> {
        Arc::clone(&self.committed)
    }

    /// The connection, inside a transaction and a savepoint of this unit alone.
    pub(crate) async fn lease(self: &Arc<Self>) -> Result<Lease, StoreError> {
        let asked = Instant::now();
        self.come.fetch_add(1, Relaxed);
        let mut batch = self.queue().await?;
        if batch.is_lost() {
            // Its units must hear of it before another unit begins.
            batch = self.restart(batch).await;
        }
        if batch.open.is_none() {
            batch.discard();
        }
        while batch.open.is_none() {
            match run(&batch.connection, "BEGIN IMMEDIATE") {
                Ok(()) => batch.open = Some(Instant::now()),
                // Another process writes. Whoever queues behind has waited as long already and
                // gives up with the first refusal.
                Err(error) if is_busy(&error) && asked.elapsed() < self.patience => {
                    tokio::time::sleep(BACKOFF).await;
                }
                Err(error) => return Err(refused(error)),
            }
        }
        let lease = Lease { batch: Some(batch), writer: Arc::clone(self) };
        lease.run("SAVEPOINT unit")?;
        Ok(lease)
    }

    async fn queue(&self) -> Result<OwnedMutexGuard<Batch>, StoreError> {
        if let Ok(batch) = Arc::clone(&self.turn).try_lock_owned() {
            return Ok(batch);
        }
        self.queued.fetch_add(1, SeqCst);
        let queued = Queued(self);
        let waiting = Arc::clone(&self.turn).lock_owned();
        let waited = tokio::time::timeout(self.patience, waiting).await;
        let batch = waited.map_err(unavailable)?;
        // The one that holds the batch sees to those who wait.
        std::mem::forget(queued);
        self.queued.fetch_sub(1, SeqCst);
        Ok(batch)
    }

    async fn restart(&self, batch: OwnedMutexGuard<Batch>) -> OwnedMutexGuard<Batch> {
        commit(batch);
        // Who goes away while he waits may have been given what another unit left open.
        let left_open = LeftOpen(self);
        let batch = Arc::clone(&self.turn).lock_owned().await;
        std::mem::forget(left_open);
        batch
    }

    /// Leaves the batch open for other units, or has it committed; answers what sees to it that it is
    /// committed then.
    fn pass_on(&self, batch: OwnedMutexGuard<Batch>) -> Option<LeftOpen<'_>> {
        let young = batch.open.is_some_and(is_young);
        let small = batch.waiting.len() < LARGEST_BATCH;
        if young && small && !batch.is_lost() {
            drop(batch);
            return Some(LeftOpen(self));
        }
        self.finish(batch);
        None
    }

    /// Lets the thread do what else is there to do, again and again while that brings other units to a
    /// batch that was opened then, and its outcome is not known.
    async fn let_others_come(&self, opened: Option<Instant>, told: &oneshot::Receiver<Outcome>) {
        let mut come = self.come.load(Relaxed);
        loop {
            tokio::task::yield_now().await;
            let before = std::mem::replace(&mut come, self.come.load(Relaxed));
            if come == before || !told.is_empty() || !opened.is_some_and(is_young) {
                return;
            }
        }
    }

    fn finish(&self, batch: OwnedMutexGuard<Batch>) {
        if let Err(mpsc::SendError(batch)) = self.committer.send(batch) {
            commit(batch);
        }
    }

    /// Commits an open batch, unless a unit carries it on: that one sees to it.
    fn settle(&self) {
        if let Ok(batch) = Arc::clone(&self.turn).try_lock_owned()
            && batch.open.is_some()
        {
            self.finish(batch);
        }
    }
}

/// Whether a batch that was opened then may still be joined.
fn is_young(opened: Instant) -> bool {
    opened.elapsed() < LONGEST_BATCH
}

/// One unit of work: the writer's connection until it commits or is dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    // Gone only once the unit has ended.
    batch: Option<OwnedMutexGuard<Batch>>,
    writer: Arc<Writer>,
}

impl Lease {
    /// The batch, as long as its transaction lives. After it was lost, a statement would stand
    /// alone and be kept whatever becomes of the unit.
    fn batch(&self) -> Result<&Batch, StoreError> {
        let batch = self.batch.as_deref().ok_or_else(|| failed("the unit has ended"))?;
        if batch.is_lost() {
            return Err(unavailable("the transaction was rolled back by the database"));
        }
        Ok(batch)
    }

    fn run(&self, text: &str) -> Result<(), StoreError> {
        run(&self.batch()?.connection, text).map_err(refused)
    }
}

/// Lets others have the thread after a statement with many values, which may have taken
/// milliseconds; a push of 100,000 members has a hundred of them.
async fn pause_after(call: &Call) {
    if call.values.len() > LONGEST_LIST {
        tokio::task::yield_now().await;
    }
}

impl Session for Lease {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn execute(&mut self, call: Call) -> Result<u64, StoreError> {
        self.writer.statements.add();
        let changed = execute(&self.batch()?.connection, &call);
        pause_after(&call).await;
        changed
    }

    async fn rows<T: Send + 'static>(
        &mut self,
        call: Call,
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.writer.statements.add();
        let rows = query(&self.batch()?.connection, &call, read);
        pause_after(&call).await;
        rows
    }

    /// Here and now: nobody else can write before it is done anyhow.
    async fn compute<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        Ok(work())
    }
}

impl Transaction for Lease {
    async fn commit(mut self) -> Result<(), StoreError> {
        // Should this fail, dropping the lease rolls back and passes it on.
        self.run("RELEASE unit")?;
        let Some(mut batch) = self.batch.take() else { return Err(failed("the unit has ended")) };
        let (tell, told) = oneshot::channel();
        batch.waiting.push(tell);
        let opened = batch.open;
        if let Some(left_open) = self.writer.pass_on(batch) {
            // A commit is a sync, and makes every reader forget the pages that it knows. Units that
            // have come already are worth waiting for; where nothing else is to be done, this takes
            // no time.
            self.writer.let_others_come(opened, &told).await;
            if told.is_empty() {
                drop(left_open);
            } else {
                // Another one has seen to it, and what is open now is not this unit's.
                std::mem::forget(left_open);
            }
        }
        match told.await {
            Ok(outcome) => {
                let durable = outcome.into_result();
                if durable.is_ok() {
                    self.writer.committed.notify_one();
                }
                durable
            }
            Err(error) => Err(StoreError::Unknown(error.into())),
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut batch) = self.batch.take() else { return };
        if !batch.is_lost() {
            let connection = &batch.connection;
            let undone = run(connection, "ROLLBACK TO unit");
            if undone.and_then(|()| run(connection, "RELEASE unit")).is_err() {
                // What this unit did cannot be told from what others did: nothing may stay.
                let _ = run(connection, "ROLLBACK");
            }
        }
        if batch.waiting.is_empty() && !batch.is_lost() {
            // Nothing to make durable: no need for a sync.
            batch.discard();
        } else {
            // Whoever is refused, or finds nothing to do, is told so because of what others of the
            // batch have written: that must be durable and readable before. It is done here, since
            // nobody waits for a unit that is dropped; such units are rare.
            commit(batch);
        }
    }
}
