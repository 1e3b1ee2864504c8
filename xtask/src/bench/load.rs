//! The load: connections that each send a request as soon as their last one is answered.
//!
//! Two threads serve all connections in turn, so that the generator takes as little of the machine
//! as it can: a thread reads the answer of a connection, sends its next request and goes on to the
//! next connection. So every connection but the one at hand has a request with the server. Rates
//! are exact by this; the times of single requests are not, and are not shown.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};

use super::wire::Connection;
use super::workload::Workload;

const THREADS: usize = 2;

/// Who is asked what, over how many connections.
#[derive(Clone, Debug)]
pub struct Load {
    /// The server.
    pub address: SocketAddr,
    /// How many requests are on their way at a time.
    pub connections: usize,
    /// What is asked.
    pub work: Workload,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Answers, all of them successes.
    pub answers: u64,
    /// The bytes of their bodies.
    pub bytes: u64,
    /// From the first request to the last answer.
    pub time: Duration,
    /// The number that the next request should have.
    pub next: u64,
}

impl Outcome {
    /// Answers per second.
    #[expect(clippy::cast_precision_loss, reason = "no measurement counts to 2^52")]
    pub fn rate(&self) -> f64 {
        self.answers as f64 / self.time.as_secs_f64()
    }
}

impl Load {
    /// Sends requests numbered from 0 until there are `count` answers.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn until_count(&self, count: u64) -> Result<Outcome> {
        self.run(0, move |number, _| number < count)
    }

    /// Sends requests numbered from `first` for a time.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn for_time(&self, first: u64, length: Duration) -> Result<Outcome> {
        self.run(first, move |_, begun: Instant| begun.elapsed() < length)
    }

    fn run(
        &self,
        first: u64,
        more: impl Fn(u64, Instant) -> bool + Copy + Send,
    ) -> Result<Outcome> {
        let numbers = AtomicU64::new(first);
        let begun = Instant::now();
        let totals = thread::scope(|scope| {
            let threads = THREADS.min(self.connections);
            let workers: Vec<_> = (0..threads)
                .map(|thread| {
                    let share = (self.connections - thread).div_ceil(threads);
                    let numbers = &numbers;
                    scope.spawn(move || self.turn(share, numbers, begun, more))
                })
                .collect();
            let done = workers.into_iter().map(|worker| {
                worker.join().map_err(|_| anyhow!("a thread of the load generator ended badly"))?
            });
            done.collect::<Result<Vec<(u64, u64)>>>()
        })?;
        let time = begun.elapsed();
        let (answers, bytes) =
            totals.iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        Ok(Outcome { answers, bytes, time, next: numbers.load(Ordering::Relaxed) })
    }

    /// One thread's connections, in turn, until there shall be no more and all is answered.
    fn turn(
        &self,
        share: usize,
        numbers: &AtomicU64,
        begun: Instant,
        more: impl Fn(u64, Instant) -> bool,
    ) -> Result<(u64, u64)> {
        let next = || {
            let number = numbers.fetch_add(1, Ordering::Relaxed);
            more(number, begun).then(|| self.work.request(number))
        };
        let mut waiting = Vec::with_capacity(share);
        for _ in 0..share {
            let mut connection = Connection::open(self.address)?;
            let Some(request) = next() else { break };
            connection.send(&request)?;
            waiting.push(connection);
        }
        let (mut answers, mut bytes) = (0, 0);
        while !waiting.is_empty() {
            let mut still = Vec::with_capacity(waiting.len());
            for mut connection in waiting {
                bytes += connection.receive(|_| ()).context("under load")? as u64;
                answers += 1;
                if let Some(request) = next() {
                    connection.send(&request)?;
                    still.push(connection);
                }
            }
            waiting = still;
        }
        Ok((answers, bytes))
    }
}

#[cfg(test)]
mod tests;
