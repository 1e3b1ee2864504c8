//! Statements that are sent one behind the other, before the answer to the first has come.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
};

use deadpool_postgres::Object;
use scim_app::ports::StoreError;
use tokio_postgres::{Client, Row, RowStream, Statement, types::Type};

use super::{
    errors::refused,
    values::{Bound, type_of},
};
use crate::{
    dialect::Dialect,
    session::{Call, Source},
};

/// The answer to something that was sent.
pub(super) type Sent<'a, T> =
    Pin<&'a mut (dyn Future<Output = Result<T, tokio_postgres::Error>> + Send)>;

/// Sends what a future sends when it is first asked, and leaves its answer for later.
pub(super) async fn send<T>(mut future: Sent<'_, T>) -> Option<Result<T, tokio_postgres::Error>> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// The answer to what was sent.
pub(super) async fn answer<T>(
    early: Option<Result<T, tokio_postgres::Error>>,
    sent: Sent<'_, T>,
) -> Result<T, tokio_postgres::Error> {
    match early {
        Some(answer) => answer,
        None => sent.await,
    }
}

/// Opens the transaction, unless it is open.
pub(super) async fn open(
    client: &Client,
    begin: Option<&'static str>,
) -> Result<(), tokio_postgres::Error> {
    match begin {
        Some(text) => client.batch_execute(text).await,
        None => Ok(()),
    }
}

type Asked<'a> =
    Pin<Box<dyn Future<Output = Result<RowStream, tokio_postgres::Error>> + Send + 'a>>;

/// A statement that was sent, with the answer if it came at once.
pub(super) type Under<'a> = (Option<Result<RowStream, tokio_postgres::Error>>, Asked<'a>);

/// Sends statements one behind the other.
pub(super) async fn send_all<'a>(
    client: &'a Client,
    prepared: &'a [Option<Statement>],
    calls: &'a [Call],
) -> Vec<Under<'a>> {
    let mut all = Vec::with_capacity(calls.len());
    for (statement, call) in prepared.iter().zip(calls) {
        let mut asked: Asked<'a> = Box::pin(query(client, statement.as_ref(), call));
        all.push((send(asked.as_mut()).await, asked));
    }
    all
}

/// Why one of them never went out, if one did not: then no answer will tell.
pub(super) fn unsent(sent: &mut [Under<'_>]) -> Option<tokio_postgres::Error> {
    sent.iter_mut().find_map(|(early, _)| early.take_if(|it| it.is_err())?.err())
}

/// Waits for what was sent, in its order; the first failure counts.
pub(super) async fn settle(sent: Vec<Under<'_>>) -> Result<(), tokio_postgres::Error> {
    gather(sent).await.map(drop)
}

/// The rows of what was sent.
pub(super) async fn gather(sent: Vec<Under<'_>>) -> Result<Vec<Vec<Row>>, tokio_postgres::Error> {
    let mut all = Vec::with_capacity(sent.len());
    for (early, mut asked) in sent {
        let mut stream = pin!(answer(early, asked.as_mut()).await?);
        let mut rows = Vec::new();
        while let Some(row) = next(&mut stream).await {
            rows.push(row?);
        }
        all.push(rows);
    }
    Ok(all)
}

pub(super) async fn prepare_all(
    connection: &Object,
    calls: &[Call],
) -> Result<Vec<Option<Statement>>, StoreError> {
    let mut all = Vec::with_capacity(calls.len());
    for call in calls {
        all.push(prepare(connection, call).await?);
    }
    Ok(all)
}

pub(super) async fn next(
    stream: &mut Pin<&mut RowStream>,
) -> Option<Result<Row, tokio_postgres::Error>> {
    poll_fn(|context| futures_core::Stream::poll_next(stream.as_mut(), context)).await
}

/// A kept statement is prepared once for each connection. What is made for one call is not: there
/// is no end to such texts.
pub(super) async fn prepare(
    connection: &Object,
    call: &Call,
) -> Result<Option<Statement>, StoreError> {
    match &call.source {
        Source::Kept(..) => {
            let text = call.text(Dialect::Postgres);
            connection.prepare_cached(text).await.map(Some).map_err(refused)
        }
        Source::Made(_) => Ok(None),
    }
}

pub(super) async fn query(
    client: &Client,
    prepared: Option<&Statement>,
    call: &Call,
) -> Result<RowStream, tokio_postgres::Error> {
    if let Some(statement) = prepared {
        return client.query_raw(statement, call.values.iter().map(Bound)).await;
    }
    let values: Vec<(Bound<'_>, Type)> =
        call.values.iter().map(|it| (Bound(it), type_of(it))).collect();
    client.query_typed_raw(call.text(Dialect::Postgres), values).await
}
