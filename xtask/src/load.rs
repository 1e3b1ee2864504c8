//! Load: many requests over many connections.
//!
//! In a closed loop each connection sends a request when its last one is answered, whichever is
//! answered first: a server that answers several together, as one that shares commits does, has as
//! many requests as there are connections all the same. Two threads serve all of them, so that the
//! generator takes as little of the machine as it can. The times of single requests are not what a
//! client would see: for them there is [`open`], and for more than a server can do [`flood`].

pub mod flood;
pub mod open;
pub mod request;
pub mod wire;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;

use wire::{Connection, Refusal};

const THREADS: usize = 2;
/// How often, and after which time, the patient ask again.
const TRIES: usize = 60;
const MOMENT: Duration = Duration::from_millis(500);

/// The requests of a load, each by its number.
pub type Work = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// Who is asked what, over how many connections.
#[derive(Clone)]
pub struct Load {
    /// The server.
    pub address: SocketAddr,
    /// How many requests are on their way at a time.
    pub connections: usize,
    /// What is asked.
    pub work: Work,
    /// Whether what is refused for now is asked again, rather than the end of it all.
    pub patient: bool,
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, connections, work: _, patient: _ } = self;
        write!(f, "{connections} connections to {address}")
    }
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

/// A connection and the number of the request that it waits for.
struct Waiting {
    connection: Connection,
    number: u64,
}

impl Load {
    /// Sends the requests from `first` until there are `count` answers, and looks at each body with
    /// the number of its request.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn each(
        &self,
        first: u64,
        count: u64,
        look: impl Fn(u64, &[u8]) + Sync,
    ) -> Result<Outcome> {
        self.run(first, move |number, _| number - first < count, look)
    }

    /// Sends requests numbered from `first` for a time, but no more than `most`.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn for_time(&self, first: u64, length: Duration, most: u64) -> Result<Outcome> {
        let more =
            move |number: u64, begun: Instant| number - first < most && begun.elapsed() < length;
        self.run(first, more, |_, _| ())
    }

    fn run(
        &self,
        first: u64,
        more: impl Fn(u64, Instant) -> bool + Copy + Send,
        look: impl Fn(u64, &[u8]) + Sync,
    ) -> Result<Outcome> {
        let numbers = AtomicU64::new(first);
        let begun = Instant::now();
        let totals = thread::scope(|scope| {
            let threads = THREADS.min(self.connections);
            let workers: Vec<_> = (0..threads)
                .map(|thread| {
                    let share = (self.connections - thread).div_ceil(threads);
                    let (numbers, look) = (&numbers, &look);
                    scope.spawn(move || {
                        let next = || {
                            let number = numbers.fetch_add(1, Ordering::Relaxed);
                            more(number, begun).then_some(number)
                        };
                        self.turn(share, next, look)
                    })
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

    /// One thread's connections, until there shall be no more and all is answered.
    fn turn(
        &self,
        share: usize,
        next: impl Fn() -> Option<u64>,
        look: &impl Fn(u64, &[u8]),
    ) -> Result<(u64, u64)> {
        let mut waiting = Vec::with_capacity(share);
        for _ in 0..share {
            let Some(number) = next() else { break };
            let mut connection = Connection::open(self.address)?;
            connection.send(&(self.work)(number))?;
            waiting.push(Waiting { connection, number });
        }
        let (mut answers, mut bytes) = (0, 0);
        while !waiting.is_empty() {
            let answered = wait_for_answers(&waiting)?;
            let mut still = Vec::with_capacity(waiting.len());
            for (one, is_answered) in waiting.into_iter().zip(answered) {
                if !is_answered {
                    still.push(one);
                    continue;
                }
                let Waiting { mut connection, number } = one;
                let look = |body: &[u8]| look(number, body);
                bytes += self.receive(&mut connection, number, look)? as u64;
                answers += 1;
                if let Some(number) = next() {
                    connection.send(&(self.work)(number))?;
                    still.push(Waiting { connection, number });
                }
            }
            waiting = still;
        }
        Ok((answers, bytes))
    }

    /// The answer to the request with that number, for which the connection waits.
    fn receive(
        &self,
        connection: &mut Connection,
        number: u64,
        look: impl Fn(&[u8]),
    ) -> Result<usize> {
        for _ in 0..TRIES {
            match connection.receive(&look) {
                Err(error) if self.patient && passes(&error) => {}
                done => return done.context("under load"),
            }
            thread::sleep(MOMENT);
            connection.send(&(self.work)(number))?;
        }
        connection.receive(&look).context("under load, after many tries")
    }
}

/// Waits until there are answers; tells of each connection whether there is one.
fn wait_for_answers(waiting: &[Waiting]) -> Result<Vec<bool>> {
    let mut all: Vec<_> =
        waiting.iter().map(|it| PollFd::new(&it.connection, PollFlags::IN)).collect();
    let patience = Timespec::try_from(wire::TIMEOUT)?;
    let some = retry_on_intr(|| poll(&mut all, Some(&patience))).context("could not wait")?;
    ensure!(some > 0, "no answer");
    Ok(all.iter().map(|it| !it.revents().is_empty()).collect())
}

fn passes(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Refusal>().is_some_and(Refusal::passes)
}

#[cfg(test)]
mod tests;
