//! PostgreSQL: a pool of connections, each used by one at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use deadpool_postgres::{Manager, Pool};
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

use super::{BYTES, Result, Work, key};

pub fn run(url: &str, work: Work) -> Result<u64> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match work {
            Work::Prepare { rows } => prepare(url, rows).await,
            Work::LookUp { rows, connections, length } => {
                look_up(url, rows, connections, length).await
            }
            Work::Commit { connections, length } => commit(url, connections, length).await,
        }
    })
}

/// A pool whose connections are there already.
async fn pool(url: &str, connections: usize) -> Result<Pool> {
    let manager = Manager::new(url.parse()?, NoTls);
    let pool = Pool::builder(manager).max_size(connections).build()?;
    let mut held = Vec::with_capacity(connections);
    for _ in 0..connections {
        held.push(pool.get().await?);
    }
    Ok(pool)
}

async fn prepare(url: &str, rows: i64) -> Result<u64> {
    let client = pool(url, 1).await?.get().await?;
    client
        .batch_execute(
            "CREATE TABLE bare (id BIGINT PRIMARY KEY, body TEXT NOT NULL);
             CREATE TABLE written (
                 id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT NOT NULL
             );",
        )
        .await?;
    let insert = "INSERT INTO bare SELECT id, $2 FROM generate_series(1, $1::bigint) id";
    client.execute(insert, &[&rows, &"x".repeat(BYTES)]).await?;
    client.batch_execute("VACUUM ANALYZE bare").await?;
    Ok(rows.unsigned_abs())
}

async fn look_up(url: &str, rows: i64, connections: usize, length: Duration) -> Result<u64> {
    let pool = pool(url, connections).await?;
    let numbers = Arc::new(AtomicI64::new(0));
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let (pool, numbers) = (pool.clone(), Arc::clone(&numbers));
        tasks.spawn(async move {
            let mut count = 0;
            while begun.elapsed() < length {
                let client = pool.get().await?;
                let statement =
                    client.prepare_cached("SELECT body FROM bare WHERE id = $1").await?;
                let id = key(numbers.fetch_add(1, Ordering::Relaxed), rows);
                let row = client.query_one(&statement, &[&id]).await?;
                row.try_get::<_, &str>(0)?;
                count += 1;
            }
            Ok(count)
        });
    }
    total(tasks).await
}

async fn commit(url: &str, connections: usize, length: Duration) -> Result<u64> {
    let pool = pool(url, connections).await?;
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let pool = pool.clone();
        tasks.spawn(async move {
            let body = "x".repeat(BYTES);
            let mut count = 0;
            while begun.elapsed() < length {
                let client = pool.get().await?;
                let statement =
                    client.prepare_cached("INSERT INTO written (body) VALUES ($1)").await?;
                client.execute(&statement, &[&body]).await?;
                count += 1;
            }
            Ok(count)
        });
    }
    total(tasks).await
}

async fn total(mut tasks: JoinSet<Result<u64>>) -> Result<u64> {
    let mut total = 0;
    while let Some(count) = tasks.join_next().await {
        total += count??;
    }
    Ok(total)
}
