//! What a snapshot and a unit of work say to the database on one connection.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
};

use deadpool_postgres::Object;
use scim_app::ports::StoreError;
use tokio_postgres::{Client, RowStream, Statement, types::Type};

use super::{
    Pool,
    errors::refused,
    values::{Bound, type_of},
};
use crate::{
    dialect::Dialect,
    error::{failed, unavailable},
    session::{Call, Read, Source},
};

/// A connection inside a transaction, or about to be.
pub(super) struct Conversation {
    connection: Option<Object>,
    pool: Arc<Pool>,
    /// What opens the transaction; sent together with the first statement.
    begin: &'static str,
    begun: bool,
    /// Whether a statement failed, after which PostgreSQL refuses everything but a rollback.
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

/// The answer to something that was sent.
type Sent<'a, T> = Pin<&'a mut (dyn Future<Output = Result<T, tokio_postgres::Error>> + Send)>;

/// Sends what a future sends when it is first asked, and leaves its answer for later.
async fn send<T>(mut future: Sent<'_, T>) -> Option<Result<T, tokio_postgres::Error>> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

impl Conversation {
    pub(super) fn new(connection: Object, pool: Arc<Pool>, begin: &'static str) -> Self {
        Self { connection: Some(connection), pool, begin, begun: false, broken: false }
    }

    fn connection(&self) -> Result<&Object, StoreError> {
        if self.broken {
            return Err(unavailable("the transaction was given up after a statement failed"));
        }
        self.connection.as_ref().ok_or_else(|| failed("the transaction has ended"))
    }

    /// Reads all rows that a statement answers.
    pub(super) async fn rows<T>(
        &mut self,
        call: &Call,
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.run(call, async |mut stream: Pin<&mut RowStream>| {
            let mut all = Vec::new();
            while let Some(row) = next(&mut stream).await {
                all.push(read(&row.map_err(refused)?)?);
            }
            Ok(all)
        })
        .await
    }

    /// Runs a statement and answers how many rows it changed.
    pub(super) async fn execute(&mut self, call: &Call) -> Result<u64, StoreError> {
        self.run(call, async |mut stream: Pin<&mut RowStream>| {
            while let Some(row) = next(&mut stream).await {
                row.map_err(refused)?;
            }
            Ok(stream.rows_affected().unwrap_or(0))
        })
        .await
    }

    async fn run<T>(
        &mut self,
        call: &Call,
        take: impl AsyncFnOnce(Pin<&mut RowStream>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.pool.statements.add();
        let deadline = self.pool.deadline();
        let begin = (!self.begun).then_some(self.begin);
        let connection = self.connection()?;
        let work = async {
            let client: &Client = connection;
            let prepared = prepare(connection, call).await?;
            let mut opening = pin!(async {
                match begin {
                    Some(text) => client.batch_execute(text).await,
                    None => Ok(()),
                }
            });
            let opened = send(opening.as_mut()).await;
            let stream = query(client, prepared.as_ref(), call).await;
            match opened {
                Some(answer) => answer.map_err(refused)?,
                None => opening.await.map_err(refused)?,
            }
            take(pin!(stream.map_err(refused)?)).await
        };
        // Whatever becomes of it, the transaction may be open from here on.
        let outcome = tokio::time::timeout(deadline, work).await;
        self.begun = true;
        match outcome {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                self.broken = true;
                Err(error)
            }
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
        let Some(connection) = self.connection.take() else { return Err(Ended::Broken) };
        if !self.begun {
            return Ok(());
        }
        let deadline = self.pool.deadline();
        match tokio::time::timeout(deadline, connection.batch_execute(text)).await {
            Ok(answer) => answer.map_err(Ended::Refused),
            Err(late) => {
                drop(Object::take(connection));
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

    /// Sends what ends the transaction and does not wait for the answer: whoever gets the connection
    /// next is answered after it.
    pub(super) fn leave(&mut self, text: &'static str) {
        let Some(connection) = self.connection.take() else { return };
        if !self.begun {
            return;
        }
        let mut ending = pin!(connection.batch_execute(text));
        let waker = std::task::Waker::noop();
        // Sent at the first poll, whatever it answers.
        let _ = ending.as_mut().poll(&mut std::task::Context::from_waker(waker));
    }
}

/// Why a transaction did not end as it should.
pub(super) enum Ended {
    /// A statement had failed before.
    Broken,
    /// The database said no, or nothing.
    Refused(tokio_postgres::Error),
    /// There was no answer in time.
    Late(Box<dyn std::error::Error + Send + Sync>),
}

async fn next(
    stream: &mut Pin<&mut RowStream>,
) -> Option<Result<tokio_postgres::Row, tokio_postgres::Error>> {
    poll_fn(|context| futures_core::Stream::poll_next(stream.as_mut(), context)).await
}

/// A kept statement is prepared once for each connection. What is made for one call is not: there
/// is no end to such texts.
async fn prepare(connection: &Object, call: &Call) -> Result<Option<Statement>, StoreError> {
    match &call.source {
        Source::Kept(..) => {
            let text = call.text(Dialect::Postgres);
            connection.prepare_cached(text).await.map(Some).map_err(refused)
        }
        Source::Made(_) => Ok(None),
    }
}

async fn query(
    client: &Client,
    prepared: Option<&Statement>,
    call: &Call,
) -> Result<RowStream, tokio_postgres::Error> {
    match prepared {
        Some(statement) => client.query_raw(statement, call.values.iter().map(Bound)).await,
        None => {
            let values: Vec<(Bound<'_>, Type)> =
                call.values.iter().map(|it| (Bound(it), type_of(it))).collect();
            client.query_typed_raw(call.text(Dialect::Postgres), values).await
        }
    }
}
