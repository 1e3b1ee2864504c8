//! Peak, normal, flood, normal.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::apart::Apart;
use super::house::House;
use super::mix::{self, Kind};
use super::peak::Peak;
use super::watch::{Cores, Mark, Sample, Watch};
use super::{Lengths, Options};
use crate::bench::measure::Spread;
use crate::database::Database;
use crate::load::flood::{Fate, Flood, Outcome, Record, Step};
use crate::load::open::Times;
use crate::ui::Ui;

/// Over so many connections come the requests of a normal day at most.
const NORMAL: usize = 256;
/// The part of the peak that is asked for on one.
pub const PART: f64 = 0.5;
/// As long as identity providers wait for an answer.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// What is looked at together, and how many of those in a row are no accident.
const WINDOW: Duration = Duration::from_secs(1);
const STEADY: usize = 3;

/// What happened on one database.
pub struct Story {
    /// Which.
    pub database: Database,
    /// Answers a second in a closed loop, and in short floods beside it.
    pub peak: Peak,
    /// The flood.
    pub flood: Outcome,
    /// How long it lasted.
    pub length: Duration,
    /// The seconds before it.
    pub before: Vec<Window>,
    /// The seconds after it.
    pub after: Vec<Window>,
    /// How many organizations were asked.
    pub organizations: u64,
    /// Whether the generator had a core of its own.
    pub apart: bool,
    samples: Vec<Sample>,
    /// Where the parts by the clock begin, and where the last of them ends.
    marks: Vec<Mark>,
}

/// The requests that were due in one second.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// How many were granted.
    pub granted: usize,
    /// How many were not, or not until the end.
    pub others: usize,
    /// What 99 of 100 of those that were granted took at most.
    pub p99: Duration,
}

/// What the service held of the machine's memory, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// When the flood began.
    pub before: u64,
    /// At most in the flood.
    pub most: u64,
    /// At most in its third quarter, when everybody is there who will be.
    pub third_quarter: u64,
    /// At most in its last one.
    pub last_quarter: u64,
    /// At the very end.
    pub after: u64,
}

impl Story {
    /// Lets it happen.
    ///
    /// # Errors
    /// When an answer is no success before the flood has begun.
    pub fn tell(ui: Ui, options: &Options, lengths: Lengths, house: &House) -> Result<Self> {
        let work = mix::work(&house.organizations);
        let process = house.service().process_id();
        let apart = if options.together { None } else { Apart::keep(process) };
        // PostgreSQL's server may have the generator's core, too.
        let awake = apart.is_some() && house.database == Database::Sqlite;
        let address = house.service().address();
        let mut session = Flood { address, work, patience: PATIENCE, awake }.begin()?;
        let told = format!("{} floods beside the peak …", lengths.turns);
        ui.line(&told);
        let peak = Peak::find(house, &mut session, options, lengths)?;
        let found = peak.rate();
        let normal = |length| Step { rate: found * PART, length, connections: NORMAL };
        let (before, after) = (normal(lengths.before), normal(lengths.after));
        let rate = found * f64::from(options.factor);
        let connections = usize::from(options.connections);
        let flood = Step { rate, length: lengths.flood, connections };
        let told = format!("{rate:.0} requests a second for {} s …", lengths.flood.as_secs());
        ui.line(&told);
        let watch = Watch::begin(process);
        let mut marks = Vec::new();
        let steps = [before, flood, after];
        let outcomes = session.run(&steps, |_| marks.push(Mark::now(process)));
        let samples = watch.end();
        let mut outcomes = outcomes.into_iter();
        let mut next = || outcomes.next().context("a part without an outcome");
        let (before, flood, after) =
            (windows(&next()?, before.length), next()?, windows(&next()?, after.length));
        Ok(Self {
            database: house.database,
            peak,
            flood,
            length: lengths.flood,
            before,
            after,
            organizations: house.organizations.len() as u64,
            apart: apart.is_some(),
            samples,
            marks,
        })
    }

    /// What was granted while the flood lasted, a second.
    pub fn goodput(&self) -> f64 {
        goodput(&self.flood, &(Duration::ZERO..self.length))
    }

    /// How long it took in the flood to be granted something, or to be refused it.
    pub fn times(&self, granted: bool) -> Times {
        let wanted = |it: &&Record| match it.fate {
            Fate::Granted => granted,
            Fate::Refused { .. } => !granted,
            Fate::Failed(_) | Fate::Lost | Fate::GivenUp => false,
        };
        Times::new(self.flood.records.iter().filter(wanted).map(|it| it.took).collect())
    }

    /// How many requests of the flood met this fate.
    pub fn met(&self, fate: impl Fn(Fate) -> bool) -> usize {
        self.flood.records.iter().filter(|it| fate(it.fate)).count()
    }

    /// How many requests of each kind were granted in the flood.
    pub fn granted_by_kind(&self) -> BTreeMap<Kind, usize> {
        let granted = self.flood.records.iter().filter(|it| it.fate == Fate::Granted);
        let mut kinds = BTreeMap::new();
        for record in granted {
            *kinds.entry(Kind::of(record.number, self.organizations)).or_default() += 1;
        }
        kinds
    }

    /// The slowest p99 of a second before the flood.
    pub fn normal_p99(&self) -> Duration {
        self.before.iter().map(|it| it.p99).max().unwrap_or_default()
    }

    /// How long after the flood requests were due that were answered as before it: in that second and
    /// some more, nearly all were granted, and in no more than twice the time.
    pub fn recovery(&self) -> Option<Duration> {
        let longest = self.normal_p99() * 2;
        let normal = |it: &Window| it.p99 <= longest && it.others * 100 <= it.granted;
        let place = self.after.windows(STEADY).position(|some| some.iter().all(normal))?;
        Some(WINDOW * u32::try_from(place).ok()?)
    }

    /// What the service held; none where nobody can tell.
    pub fn held(&self) -> Option<Held> {
        let [_, begun, ended, _] = *self.marks else { return None };
        let most = |quarters: Range<u32>| {
            let at = |quarter| begun.at + (ended.at - begun.at) * quarter / 4;
            let (from, to) = (at(quarters.start), at(quarters.end));
            let between = self.samples.iter().filter(|it| from <= it.at && it.at < to);
            between.map(|it| it.bytes).max()
        };
        Some(Held {
            before: self.samples.iter().rev().find(|it| it.at <= begun.at)?.bytes,
            most: most(0..4)?,
            third_quarter: most(2..3)?,
            last_quarter: most(3..4)?,
            after: self.samples.last()?.bytes,
        })
    }

    /// What had the cores in the flood.
    pub fn cores(&self) -> Option<Cores<f64>> {
        let [_, begun, ended, _] = self.marks.as_slice() else { return None };
        Some(begun.cores(ended))
    }
}

/// Seconds of a core.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// What the service spends on a request at the peak.
    pub granted: Spread,
    /// What it spends on a refusal, if one that is granted costs the same in the flood.
    pub refused: Spread,
}

/// What was granted in a second of that time of a flood.
pub fn goodput(outcome: &Outcome, time: &Range<Duration>) -> f64 {
    rate(outcome, time, |it| it == Fate::Granted)
}

/// What was refused in a second of that time of a flood.
pub fn refusals(outcome: &Outcome, time: &Range<Duration>) -> f64 {
    rate(outcome, time, |it| matches!(it, Fate::Refused { .. }))
}

fn rate(outcome: &Outcome, time: &Range<Duration>, fate: impl Fn(Fate) -> bool) -> f64 {
    let met = |it: &&Record| fate(it.fate) && time.contains(&(it.due + it.took));
    count(outcome.records.iter().filter(met).count())
        / time.end.saturating_sub(time.start).as_secs_f64()
}

/// What was due second by second. What was never answered is among the others of its second.
fn windows(outcome: &Outcome, length: Duration) -> Vec<Window> {
    let many = length.as_secs();
    let due = usize::try_from(outcome.offered / many.max(1)).unwrap_or(usize::MAX);
    (0..many)
        .map(|second| {
            let within = |it: &&Record| it.due.as_secs() == second && it.fate == Fate::Granted;
            let took = outcome.records.iter().filter(within).map(|it| it.took);
            let took: Vec<Duration> = took.collect();
            let granted = took.len();
            let p99 = Times::new(took).quantile(990).unwrap_or(PATIENCE);
            Window { granted, others: due.saturating_sub(granted), p99 }
        })
        .collect()
}

/// A number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "no measurement counts to 2^52")]
pub fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests;
