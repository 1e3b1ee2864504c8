//! What a snapshot and a unit of work say to the database on one connection.

use std::{
    pin::{Pin, pin},
    sync::Arc,
};

use deadpool_postgres::Object;
use scim_app::ports::StoreError;
use tokio_postgres::{Client, Row, RowStream};

use super::{
    Pool,
    errors::refused,
    pipeline::{
        answer, gather, next, open, prepare, prepare_all, query, send, send_all, settle, unsent,
    },
};
use crate::{
    error::{failed, unavailable},
    session::{Call, Read},
};

/// What a conversation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What was committed when the first statement ran, for all that follow.
    View,
    /// Each statement sees what is committed when it begins; who must rely on a row locks it.
    Unit,
}

impl Kind {
    /// What opens the transaction.
    const fn begin(self) -> &'static str {
        match self {
            Self::View => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Unit => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// What closes it when it is dropped.
    const fn leave(self) -> &'static str {
        match self {
            Self::View => "COMMIT",
            Self::Unit => "ROLLBACK",
        }
    }
}

/// A connection inside a transaction, or about to be. Whenever it is dropped, also in the middle of
/// a statement or of its end, the next one to have the connection finds no transaction open.
pub(super) struct Conversation {
    connection: Option<Object>,
    pool: Arc<Pool>,
    kind: Kind,
    /// Whether the transaction was opened: that is sent together with the first statement.
    begun: bool,
    /// What is sent together with the next statement, or with the end.
    later: Vec<Call>,
    /// What is sent behind the next statement, because it will be asked for.
    ahead: Vec<Call>,
    /// Of such statements, the rows that nobody has asked for yet. In a unit only until anything else
    /// is said: that may change what they would be.
    kept: Vec<(Call, Vec<Row>)>,
    /// Whether a statement failed, after which PostgreSQL refuses everything but a rollback; or was
    /// left before its answer, after which nobody knows what is still to be sent.
    broken: bool,
}

impl std::fmt::Debug for Conversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversation")
            .field("begun", &self.begun)
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}

fn ended() -> StoreError {
    failed("the transaction has ended")
}

impl Conversation {
    pub(super) fn new(connection: Object, pool: Arc<Pool>, kind: Kind) -> Self {
        Self {
            connection: Some(connection),
            pool,
            kind,
            begun: false,
            later: Vec::new(),
            ahead: Vec::new(),
            kept: Vec::new(),
            broken: false,
        }
    }

    /// Takes statements that will be asked for.
    pub(super) fn ahead(&mut self, calls: Vec<Call>) {
        for _ in &calls {
            self.pool.statements.add();
        }
        self.ahead.extend(calls);
    }

    fn connection(&self) -> Result<&Object, StoreError> {
        if self.broken {
            return Err(unavailable("the transaction was given up after a statement failed"));
        }
        self.connection.as_ref().ok_or_else(ended)
    }

    /// Reads all rows that a statement answers.
    pub(super) async fn rows<T>(
        &mut self,
        call: &Call,
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        if let Some(rows) = self.take_kept(call) {
            return rows.iter().map(|row| read(row)).collect();
        }
        self.run(call, true, async |mut stream: Pin<&mut RowStream>| {
            let mut all = Vec::new();
            while let Some(row) = next(&mut stream).await {
                all.push(read(&row.map_err(refused)?)?);
            }
            Ok(all)
        })
        .await
    }

    /// The rows of a statement that was asked ahead, once.
    pub(super) fn take_kept(&mut self, call: &Call) -> Option<Vec<Row>> {
        let at = self.kept.iter().position(|(kept, _)| kept.is(call))?;
        Some(self.kept.swap_remove(at).1)
    }

    /// Reads all rows that a statement answers by itself, before there is a transaction.
    pub(super) async fn alone(&mut self, call: &Call) -> Result<Vec<Row>, StoreError> {
        self.run(call, false, async |mut stream: Pin<&mut RowStream>| {
            let mut all = Vec::new();
            while let Some(row) = next(&mut stream).await {
                all.push(row.map_err(refused)?);
            }
            Ok(all)
        })
        .await
    }

    /// Whether a transaction may be open.
    pub(super) const fn has_begun(&self) -> bool {
        self.begun
    }

    /// Runs a statement and answers how many rows it changed.
    pub(super) async fn execute(&mut self, call: &Call) -> Result<u64, StoreError> {
        self.run(call, true, async |mut stream: Pin<&mut RowStream>| {
            while let Some(row) = next(&mut stream).await {
                row.map_err(refused)?;
            }
            Ok(stream.rows_affected().unwrap_or(0))
        })
        .await
    }

    /// Takes a statement whose outcome is asked for with whatever comes next.
    pub(super) fn later(&mut self, call: Call) {
        self.pool.statements.add();
        self.kept.clear();
        self.later.push(call);
    }

    async fn run<T>(
        &mut self,
        call: &Call,
        inside: bool,
        take: impl AsyncFnOnce(Pin<&mut RowStream>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let deadline = self.pool.deadline();
        let begin = (inside && !self.begun).then(|| self.kind.begin());
        // Whatever becomes of it, the transaction may be open from here on: also if the caller goes
        // away before there is an answer.
        self.begun |= inside;
        let before = std::mem::take(&mut self.later);
        let after = std::mem::take(&mut self.ahead);
        self.pool.statements.add();
        if self.kind == Kind::Unit {
            self.kept.clear();
        }
        self.connection()?;
        // Until there is an answer.
        self.broken = true;
        let connection = self.connection.as_ref().ok_or_else(ended)?;
        let work = async {
            let client: &Client = connection;
            let prepared = prepare(connection, call).await?;
            let kept = prepare_all(connection, &before).await?;
            let known = prepare_all(connection, &after).await?;
            let mut opening = pin!(open(client, begin));
            let opened = send(opening.as_mut()).await;
            let sent = send_all(client, &kept, &before).await;
            let mut asking = pin!(query(client, prepared.as_ref(), call));
            let asked = send(asking.as_mut()).await;
            let ahead = send_all(client, &known, &after).await;
            answer(opened, opening).await.map_err(refused)?;
            settle(sent).await.map_err(refused)?;
            let answer = take(pin!(answer(asked, asking).await.map_err(refused)?)).await?;
            Ok((answer, gather(ahead).await.map_err(refused)?))
        };
        let outcome = tokio::time::timeout(deadline, work).await;
        match outcome {
            Ok(Ok((answer, rows))) => {
                self.broken = false;
                self.kept.extend(after.into_iter().zip(rows));
                Ok(answer)
            }
            Ok(Err(error)) => Err(error),
            Err(late) => {
                self.discard();
                Err(unavailable(late))
            }
        }
    }

    /// Ends the transaction, if one was begun, and waits for the answer.
    pub(super) async fn end(mut self, text: &'static str) -> Result<(), Ended> {
        if self.broken {
            return Err(Ended::Broken);
        }
        if !self.begun && self.later.is_empty() {
            return Ok(());
        }
        let (deadline, before) = (self.pool.deadline(), std::mem::take(&mut self.later));
        let begin = (!self.begun).then(|| self.kind.begin());
        self.begun = true;
        let Some(connection) = &self.connection else { return Err(Ended::Broken) };
        let work = async {
            let client: &Client = connection;
            let kept = prepare_all(connection, &before).await.map_err(Ended::Failed)?;
            let mut opening = pin!(open(client, begin));
            let opened = send(opening.as_mut()).await;
            let mut sent = send_all(client, &kept, &before).await;
            if let Some(error) = unsent(&mut sent) {
                return Err(Ended::Failed(refused(error)));
            }
            let mut ending = pin!(client.batch_execute(text));
            let ended = send(ending.as_mut()).await;
            // The end is on its way already. If the database refused one of these, it undoes
            // everything; if the connection is gone instead, nobody knows what became of it.
            answer(opened, opening).await.map_err(Ended::Refused)?;
            settle(sent).await.map_err(Ended::Refused)?;
            answer(ended, ending).await.map_err(Ended::Refused)
        };
        match tokio::time::timeout(deadline, work).await {
            Ok(Err(Ended::Failed(error))) => Err(Ended::Failed(error)),
            Ok(ended) => {
                self.begun = false;
                ended
            }
            Err(late) => {
                self.discard();
                Err(Ended::Late(late.into()))
            }
        }
    }

    /// The connection answers no more: nobody shall get it again.
    fn discard(&mut self) {
        self.broken = true;
        if let Some(connection) = self.connection.take() {
            drop(Object::take(connection));
        }
    }
}

impl Drop for Conversation {
    /// Sends what ends the transaction and does not wait for the answer: whoever gets the connection
    /// next is answered after it.
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !self.begun {
            return;
        }
        let mut ending = pin!(connection.batch_execute(self.kind.leave()));
        let waker = std::task::Waker::noop();
        // Sent at the first poll, whatever it answers.
        let _ = ending.as_mut().poll(&mut std::task::Context::from_waker(waker));
    }
}

/// Why a transaction did not end as it should.
pub(super) enum Ended {
    /// A statement had failed before.
    Broken,
    /// What should have been sent with the end could not be prepared.
    Failed(StoreError),
    /// The database said no, or nothing.
    Refused(tokio_postgres::Error),
    /// There was no answer in time.
    Late(Box<dyn std::error::Error + Send + Sync>),
}
