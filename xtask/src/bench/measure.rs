//! Measuring one target, round after round.

use std::time::Duration;

use anyhow::{Context as _, Result};

use super::Database;
use super::bare::{Bare, BareDatabase};
use crate::load::open::{self, Times};
use crate::load::request::once;
use crate::load::{Load, Outcome};

/// At which part of the closed loop's rate the times are taken: where nothing has to queue yet, and
/// what is late is late by itself.
const PART: f64 = 0.5;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// What it does.
    pub name: &'static str,
    /// On which database.
    pub database: Option<Database>,
    /// Beside how many users.
    pub users: Option<u32>,
    /// On a group of how many members.
    pub members: Option<u32>,
    /// The name of the limit it stands beside.
    pub limit: Option<&'static str>,
    /// How many requests a round can have.
    pub most: u64,
}

impl Subject {
    /// Something without limit and size.
    pub fn named(name: &'static str) -> Self {
        Self { name, database: None, users: None, members: None, limit: None, most: u64::MAX }
    }

    /// What its cost may grow with.
    pub fn size(&self) -> Option<u32> {
        self.members.or(self.users)
    }
}

/// Something that is measured, and what came of it.
#[derive(Debug)]
pub struct Target<'a> {
    /// What it is.
    pub subject: Subject,
    source: Source<'a>,
    next: u64,
    rounds: Vec<Outcome>,
    times: Vec<Times>,
}

/// Where the answers come from.
#[derive(Debug)]
pub enum Source<'a> {
    /// From a service, made ready for each round with a request.
    Http {
        /// The requests that are measured.
        load: Load,
        /// The one that is not; then each round asks for the same.
        before: Option<Vec<u8>>,
    },
    /// From a bare database.
    Bare {
        /// Which.
        limit: &'a BareDatabase,
        /// What it is asked.
        bare: Bare,
        /// Over how many connections.
        connections: usize,
    },
}

/// Lowest, median and highest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread {
    /// Lowest.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// Highest.
    pub high: f64,
}

impl Spread {
    /// Of some numbers.
    pub fn of(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
        let last = numbers.len().saturating_sub(1);
        let median = f64::midpoint(at(last / 2), at(numbers.len() / 2));
        Self { low: at(0), median, high: at(last) }
    }
}

impl<'a> Target<'a> {
    /// A target that was not measured yet.
    pub fn new(subject: Subject, source: Source<'a>) -> Self {
        Self { subject, source, next: 0, rounds: Vec::new(), times: Vec::new() }
    }

    /// A target on a database that was measured once, with this rate.
    #[cfg(test)]
    pub fn measured(subject: Subject, rate: u64) -> Self {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
        let load = Load {
            address,
            connections: 1,
            work: std::sync::Arc::new(|_| Vec::new()),
            patient: false,
        };
        let one = Outcome { answers: rate, bytes: 0, time: Duration::from_secs(1), next: 0 };
        let new = Self::new(subject, Source::Http { load, before: None });
        Self { rounds: vec![one], ..new }
    }

    /// One more round.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn measure(&mut self, length: Duration) -> Result<()> {
        let measured = self.round(length);
        let (outcome, times) =
            measured.with_context(|| format!("measuring `{}`", self.subject.name))?;
        self.rounds.push(outcome);
        self.times.extend(times);
        Ok(())
    }

    fn round(&mut self, length: Duration) -> Result<(Outcome, Option<Times>)> {
        let (load, before) = match &self.source {
            Source::Http { load, before } => (load, before),
            Source::Bare { limit, bare, connections } => {
                return Ok((limit.measure(*bare, *connections, length)?, None));
            }
        };
        let ready = || -> Result<()> {
            before.as_ref().map_or(Ok(()), |request| once(load.address, request).map(drop))
        };
        ready()?;
        let closed = load.for_time(self.next, length, self.subject.most)?;
        if before.is_none() {
            self.next = closed.next;
        }
        ready()?;
        let (next, times) =
            open::run(load, self.next, closed.rate() * PART, length, self.subject.most)?;
        if before.is_none() {
            self.next = next;
        }
        Ok((closed, Some(times)))
    }

    /// Answers a second.
    pub fn rate(&self) -> Spread {
        Spread::of(self.rounds.iter().map(Outcome::rate).collect())
    }

    /// In milliseconds, the time that so many of a thousand requests stayed below, in each round;
    /// none if no times were taken.
    pub fn time(&self, thousandths: usize) -> Option<Spread> {
        let times = self.times.iter().map(|round| round.quantile(thousandths));
        let times: Vec<f64> = times.flatten().map(|time| time.as_secs_f64() * 1_000.0).collect();
        (!times.is_empty()).then(|| Spread::of(times))
    }

    /// The usual length of an answer's body in bytes.
    pub fn bytes(&self) -> u64 {
        let (answers, bytes) =
            self.rounds.iter().fold((0, 0), |all, one| (all.0 + one.answers, all.1 + one.bytes));
        bytes / answers.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        let Spread { low, median, high } = Spread::of(vec![4.0, 1.0, 3.0, 2.0]);
        assert!((low - 1.0).abs() < 1e-9 && (median - 2.5).abs() < 1e-9);
        assert!((high - 4.0).abs() < 1e-9);
    }

    #[test]
    fn the_median_of_an_odd_number_is_the_one_in_the_middle() {
        assert!((Spread::of(vec![9.0, 1.0, 2.0]).median - 2.0).abs() < 1e-9);
        assert!(Spread::of(Vec::new()).median.abs() < 1e-9);
    }
}
