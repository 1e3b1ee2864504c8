//! Load by the clock, whatever becomes of it: each request is sent when it is due, over a connection
//! that has nothing on its way or else over a new one, and none waits for the answer to another. A
//! refusal is counted, and not the end of it all as in [`super::open`].
//!
//! The time of an answer is counted from when its request was due. One thread does all of it, so that
//! the generator takes no more than one core from what it loads, however many connections there are.

mod lane;
mod wire;

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{LocalSet, yield_now};
use tokio::time::sleep;

use super::Work;
use lane::{Connections, Lane};

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
    /// Over so many connections at most; what is due while all of them wait for an answer
    /// is sent as soon as one of them has it.
    pub connections: usize,
}

impl Step {
    /// How many requests are due before that time of it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
    fn due_until(&self, time: Duration) -> u64 {
        (self.rate * time.as_secs_f64()).ceil() as u64
    }

    /// How many requests are due in all of it.
    pub fn due(&self) -> u64 {
        self.due_until(self.length)
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

/// One after the other, with requests of their own, on this thread.
pub struct Session {
    flood: Flood,
    // Before the runtime that they are served by.
    local: LocalSet,
    runtime: Runtime,
    /// Those that stay.
    connections: Rc<Connections>,
    /// The number of the next request.
    next: u64,
}

/// How often to look whether all are answered.
const OFTEN: Duration = Duration::from_millis(1);

impl Flood {
    /// Nobody has asked anything yet. When it is dropped, those who still wait hang up.
    ///
    /// # Errors
    /// When the system gives no means to wait for connections.
    pub fn begin(self) -> Result<Session> {
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
        Ok(Session { flood: self, local, runtime, connections: Rc::default(), next: 0 })
    }
}

impl Session {
    /// Offers the requests of all steps, each over connections of its own, and tells `at` with the
    /// number of the step that begins, and once more at the end.
    pub fn run(&mut self, steps: &[Step], mut at: impl FnMut(usize)) -> Vec<Outcome> {
        self.connections.close();
        let mut lanes = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            at(number);
            let connections = Rc::default();
            let lane = self.lane(*step, &connections);
            self.local.block_on(&self.runtime, lane.offer(Duration::ZERO..step.length));
            lane.end();
            connections.close();
            self.next += step.due();
            lanes.push(lane);
        }
        at(steps.len());
        lanes.iter().map(|lane| lane.outcome()).collect()
    }

    /// Offers the requests of one step over connections that stay for the next time, and tells `at`
    /// when those have come who were to come in an opening, and once more at the end. Then all are
    /// answered.
    pub fn once_more(&mut self, step: Step, opening: Duration, mut at: impl FnMut()) -> Outcome {
        let lane = self.lane(step, &self.connections);
        self.local.block_on(&self.runtime, async {
            lane.offer(Duration::ZERO..opening).await;
            at();
            lane.offer(opening..step.length).await;
            at();
            lane.end();
            // Whoever waits too long hangs up.
            while !self.connections.are_idle() {
                sleep(OFTEN).await;
            }
        });
        self.next += step.due();
        lane.outcome()
    }

    /// Sends the next request over each connection when its last one is answered, for a time, over
    /// connections that stay for the next time. Answers how many requests there were in a second.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn in_turn(&mut self, connections: usize, length: Duration) -> Result<f64> {
        let begun = Instant::now();
        let step = Step { rate: 0.0, length, connections };
        let lane = self.lane(step, &self.connections);
        let next = self.local.block_on(&self.runtime, lane.in_turn());
        let time = begun.elapsed();
        let Outcome { records, trouble, .. } = lane.outcome();
        if let Some(other) = records.iter().map(|it| it.fate).find(|it| *it != Fate::Granted) {
            bail!("{other:?} under load: {}", trouble.unwrap_or_default());
        }
        let asked = next - self.next;
        self.next = next;
        Ok(lane::number(asked) / time.as_secs_f64())
    }

    fn lane(&self, step: Step, connections: &Rc<Connections>) -> Rc<Lane> {
        Lane::new(self.flood.clone(), step, self.next, connections)
    }
}

#[cfg(test)]
mod tests;
