//! Load by the clock, whatever becomes of it: each request is sent when it is due, over a connection
//! that has nothing on its way or else over a new one, and none waits for the answer to another. A
//! refusal is counted, and not the end of it all as in [`super::open`].
//!
//! The time of an answer is counted from when its request was due. One thread does all of it, so that
//! the generator takes no more than one core from what it loads, however many connections there are.

mod lane;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::runtime::Builder;
use tokio::task::{LocalSet, yield_now};

use super::Work;
use lane::Lane;

/// Who is asked what, and for how long an answer is of use.
#[derive(Clone)]
pub struct Flood {
    /// The server.
    pub address: SocketAddr,
    /// What is asked.
    pub work: Work,
    /// Whoever has waited so long since the request was due hangs up.
    pub patience: Duration,
    /// Whether the thread never sleeps. To wake it is work for whoever sends it something; a client on
    /// another machine would not have that done for it.
    pub awake: bool,
}

/// Requests at one rate. The next step begins on time, while answers to this one may still come.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Requests a second.
    pub rate: f64,
    /// For so long.
    pub length: Duration,
    /// Over so many connections of its own at most; what is due while all of them wait for an answer
    /// is sent as soon as one of them has it.
    pub connections: usize,
}

impl Step {
    /// How many requests are due in all of it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
    pub fn due(&self) -> u64 {
        (self.rate * self.length.as_secs_f64()).ceil() as u64
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A success.
    Granted,
    /// 429 or 503.
    Refused {
        /// Which.
        status: u16,
        /// Whether the answer says in whole seconds when to come again.
        when: bool,
    },
    /// Any other answer.
    Failed(u16),
    /// No connection, or none that lasted until the answer.
    Lost,
    /// Nobody waited any longer.
    GivenUp,
}

/// One request.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Its number.
    pub number: u64,
    /// When it was due, since its step began.
    pub due: Duration,
    /// From then to its fate.
    pub took: Duration,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a step.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Each request that was sent and has met its fate before the last step ended.
    pub records: Vec<Record>,
    /// How many were due.
    pub offered: u64,
    /// How many of those were sent before the step ended. For the others no connection was free, or
    /// the generator had no time.
    pub sent: u64,
    /// How late the generator itself was at most, while a connection was free.
    pub behind: Duration,
    /// Over how many connections at once.
    pub connections: usize,
    /// The first thing that went wrong with a connection.
    pub trouble: Option<String>,
}

impl Flood {
    /// The same with the request of that number as the first.
    pub fn after(&self, first: u64) -> Self {
        let work = Arc::clone(&self.work);
        let work: Work = Arc::new(move |number| work(first + number));
        Self { work, ..self.clone() }
    }

    /// Offers the requests of all steps, one after the other, and tells `at` with the number of the
    /// step that begins, and once more at the end.
    ///
    /// # Errors
    /// When the system gives no means to wait for connections.
    pub fn run(&self, steps: &[Step], mut at: impl FnMut(usize)) -> Result<Vec<Outcome>> {
        let lanes = self.alone(async {
            let (mut lanes, mut first) = (Vec::new(), 0);
            for (number, step) in steps.iter().enumerate() {
                at(number);
                let lane = Lane::new(self.clone(), *step, first);
                lane.offer().await;
                first += step.due();
                lanes.push(lane);
            }
            at(steps.len());
            lanes
        })?;
        Ok(lanes.iter().map(|lane| lane.outcome()).collect())
    }

    /// Sends the next request over each connection when its last one is answered, for a time. Answers
    /// how many requests there were in a second, and the number of the next one.
    ///
    /// # Errors
    /// When an answer is no success, or the system gives no means to wait for connections.
    pub fn in_turn(&self, first: u64, connections: usize, length: Duration) -> Result<(f64, u64)> {
        let begun = Instant::now();
        let step = Step { rate: 0.0, length, connections };
        let lane = Lane::new(self.clone(), step, first);
        let next = self.alone(lane.in_turn())?;
        let time = begun.elapsed();
        let Outcome { records, trouble, .. } = lane.outcome();
        if let Some(other) = records.iter().map(|it| it.fate).find(|it| *it != Fate::Granted) {
            bail!("{other:?} under load: {}", trouble.unwrap_or_default());
        }
        Ok((lane::number(next - first) / time.as_secs_f64(), next))
    }

    /// Runs a future on this thread. When it has ended, those who still wait hang up.
    fn alone<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("no means to wait for connections")?;
        let local = LocalSet::new();
        if self.awake {
            local.spawn_local(async {
                loop {
                    yield_now().await;
                }
            });
        }
        Ok(local.block_on(&runtime, future))
    }
}

#[cfg(test)]
mod tests;
