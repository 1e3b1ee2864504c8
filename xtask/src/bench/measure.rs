//! Measuring one target, round after round.

use std::fmt;
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
    /// The name of the limit it stands beside, where that does about as much.
    pub limit: Option<&'static str>,
    /// Over how many connections, where those are fewer than others have.
    pub connections: Option<usize>,
    /// How many requests a round can have.
    pub most: u64,
    /// Whether there are more users after it than before, so that it comes last.
    pub fills: bool,
}

impl Subject {
    /// Something without limit and size.
    pub fn named(name: &'static str) -> Self {
        Self {
            name,
            database: None,
            users: None,
            members: None,
            limit: None,
            connections: None,
            most: u64::MAX,
            fills: false,
        }
    }

    /// Whether it is measured in one of both parts of a run. Limits are in both: what stands beside
    /// them was measured in the same minutes.
    pub fn is_in(&self, part: Part) -> bool {
        match part {
            Part::Steady => !self.fills,
            Part::Filling => self.fills || self.size().is_none(),
        }
    }

    /// What its cost may grow with.
    pub fn size(&self) -> Option<u32> {
        self.members.or(self.users)
    }
}

/// The parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// While there are as many users as was said.
    Steady,
    /// While there are more and more.
    Filling,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steady => "beside as many users as there are",
            Self::Filling => "making users",
        })
    }
}

/// Something that is measured, and what came of it.
#[derive(Debug)]
pub struct Target<'a> {
    /// What it is.
    pub subject: Subject,
    source: Source<'a>,
    next: u64,
    rounds: Vec<Round>,
}

/// What came of one round.
#[derive(Debug)]
struct Round {
    /// The same for all that were measured in turn.
    number: u32,
    outcome: Outcome,
    times: Option<Times>,
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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
        Self { subject, source, next: 0, rounds: Vec::new() }
    }

    /// A target on a database that was measured in as many rounds as there are rates.
    #[cfg(test)]
    pub fn measured(subject: Subject, rates: &[u64]) -> Self {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
        let load = Load {
            address,
            connections: 1,
            work: std::sync::Arc::new(|_| Vec::new()),
            patient: false,
        };
        let round = |(number, rate): (u32, &u64)| {
            let time = Duration::from_secs(1);
            let outcome = Outcome { answers: *rate, bytes: 0, time, next: 0 };
            Round { number, outcome, times: None }
        };
        let new = Self::new(subject, Source::Http { load, before: None });
        Self { rounds: (1..).zip(rates).map(round).collect(), ..new }
    }

    /// One more round, with its number.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn measure(&mut self, number: u32, length: Duration) -> Result<()> {
        let measured = self.round(length);
        let (outcome, times) =
            measured.with_context(|| format!("measuring `{}`", self.subject.name))?;
        self.rounds.push(Round { number, outcome, times });
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
        Spread::of(self.rounds.iter().map(|round| round.outcome.rate()).collect())
    }

    /// The part of another one's rate, of each round that both were measured in.
    pub fn part_of(&self, other: &Self) -> Spread {
        let part = |round: &Round| {
            let beside = other.rounds.iter().find(|it| it.number == round.number)?;
            Some(round.outcome.rate() / beside.outcome.rate())
        };
        Spread::of(self.rounds.iter().filter_map(part).collect())
    }

    /// In milliseconds, the time that so many of a thousand requests stayed below, in each round;
    /// none if no times were taken.
    pub fn time(&self, thousandths: usize) -> Option<Spread> {
        let times = self.rounds.iter().filter_map(|it| it.times.as_ref()?.quantile(thousandths));
        let times: Vec<f64> = times.map(|time| time.as_secs_f64() * 1_000.0).collect();
        (!times.is_empty()).then(|| Spread::of(times))
    }

    /// The usual length of an answer's body in bytes.
    pub fn bytes(&self) -> u64 {
        let (answers, bytes) = self
            .rounds
            .iter()
            .map(|it| &it.outcome)
            .fold((0, 0), |all, one| (all.0 + one.answers, all.1 + one.bytes));
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
