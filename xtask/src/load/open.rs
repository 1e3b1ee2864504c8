//! Load in an open loop: requests at fixed times, whether or not earlier ones are answered.
//!
//! The time of a request is counted from when it should have been sent. So one that had to wait for
//! a connection, since all others were late, is late itself, as it is for a client who comes by the
//! clock; a closed loop would leave those out (coordinated omission).

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};

use super::Load;
use super::wire::Connection;

/// How long requests took, shortest first.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Of these, in any order.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time that so many of a thousand requests stayed below or met; none if there was none.
    pub fn quantile(&self, thousandths: usize) -> Option<Duration> {
        let place = (self.0.len() * thousandths).div_ceil(1_000);
        self.0.get(place.saturating_sub(1)).copied()
    }
}

/// Sends `rate` requests a second for a time, numbered from `first`, over the connections of the
/// load; at most `most` of them. Answers the number that the next request should have, too.
///
/// # Errors
/// When an answer is no success.
pub fn run(
    load: &Load,
    first: u64,
    rate: f64,
    length: Duration,
    most: u64,
) -> Result<(u64, Times)> {
    let gap = Duration::from_secs_f64(1.0 / rate.max(0.1));
    let numbers = AtomicU64::new(0);
    let connections = (0..load.connections).map(|_| Connection::open(load.address));
    let connections = connections.collect::<Result<Vec<_>>>()?;
    let begun = Instant::now();
    let due = || {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let after = gap.mul_f64(number_of_gaps(number));
        (number < most && after < length).then_some((first + number, begun + after))
    };
    let times = thread::scope(|scope| {
        let start = |connection| scope.spawn(move || serve(load, connection, due));
        let workers: Vec<_> = connections.into_iter().map(start).collect();
        let done = workers.into_iter().map(|worker| {
            worker.join().map_err(|_| anyhow!("a thread of the load generator ended badly"))?
        });
        done.collect::<Result<Vec<Vec<Duration>>>>()
    })?;
    Ok((first + numbers.load(Ordering::Relaxed), Times::new(times.concat())))
}

/// One connection: takes the request that is due next, waits for its time, and for its answer.
fn serve(
    load: &Load,
    mut connection: Connection,
    due: impl Fn() -> Option<(u64, Instant)>,
) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    while let Some((number, at)) = due() {
        let request = (load.work)(number);
        thread::sleep(at.saturating_duration_since(Instant::now()));
        connection.send(&request)?;
        connection.receive(|_| ()).context("at a fixed rate")?;
        times.push(at.elapsed());
    }
    Ok(times)
}

#[expect(clippy::cast_precision_loss, reason = "no measurement counts to 2^52")]
fn number_of_gaps(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests;
