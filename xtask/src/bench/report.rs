//! What was measured, for people and for machines.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::Options;
use crate::load::{Load, Outcome};
use crate::ui::{Tone, Ui, wrap};

/// One target and its rounds.
#[derive(Debug)]
pub struct Series {
    name: &'static str,
    load: Load,
    rounds: Vec<Outcome>,
    next: u64,
}

impl Series {
    /// A target that was not measured yet.
    pub fn new(name: &'static str, load: Load) -> Self {
        // Far beyond every user that was created to fill the database.
        Self { name, load, rounds: Vec::new(), next: 10_000_000 }
    }

    /// One more round.
    ///
    /// # Errors
    /// When an answer is no success.
    pub fn measure(&mut self, length: Duration) -> Result<()> {
        let outcome = self.load.for_time(self.next, length, u64::MAX);
        let outcome = outcome.with_context(|| format!("measuring {}", self.name))?;
        self.next = outcome.next;
        self.rounds.push(outcome);
        Ok(())
    }

    /// Lowest, median and highest rate.
    fn rates(&self) -> (f64, f64, f64) {
        spread(self.rounds.iter().map(Outcome::rate).collect())
    }

    /// The usual length of an answer's body in bytes.
    fn size(&self) -> u64 {
        let (answers, bytes) =
            self.rounds.iter().fold((0, 0), |all, one| (all.0 + one.answers, all.1 + one.bytes));
        bytes / answers.max(1)
    }
}

/// Lowest, median and highest of some numbers.
fn spread(mut numbers: Vec<f64>) -> (f64, f64, f64) {
    numbers.sort_by(f64::total_cmp);
    let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
    let last = numbers.len().saturating_sub(1);
    (at(0), f64::midpoint(at(last / 2), at(numbers.len() / 2)), at(last))
}

/// Resident memory of the service in bytes, where it could be read.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Right after it was ready.
    pub idle: Option<u64>,
    /// After all measurements.
    pub loaded: Option<u64>,
}

/// Everything a run found out.
#[derive(Debug)]
pub struct Report {
    setting: String,
    targets: Vec<Series>,
    filling: f64,
    memory: Memory,
    cores: usize,
}

impl Report {
    /// Of the first target as the limit, and the others.
    pub fn new(options: &Options, targets: Vec<Series>, filling: f64, memory: Memory) -> Self {
        let setting = format!(
            "{} connections, {} users, SQLite, median of {} rounds of {} s",
            options.connections, options.users, options.rounds, options.seconds
        );
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { setting, targets, filling, memory, cores }
    }

    fn limit(&self) -> f64 {
        self.targets.first().map_or(0.0, |bare| bare.rates().1)
    }

    /// A table for people.
    pub fn print(&self, ui: Ui) {
        ui.heading(&self.setting);
        let title = format!(
            "{:<30} {:>9} {:>21} {:>8} {:>9}",
            "", "req/s", "lowest – highest", "of bare", "bytes"
        );
        ui.line(&ui.paint(Tone::Faint, &title));
        for target in &self.targets {
            let (low, median, high) = target.rates();
            let range = format!("{low:.0} – {high:.0}");
            let (name, share, size) = (target.name, median / self.limit(), target.size());
            ui.line(&format!("{name:<30} {median:>9.0} {range:>21} {share:>8.2} {size:>9}"));
        }
        ui.line(&format!("\nfilling the database: {:.0} creates a second", self.filling));
        let shown = |bytes: Option<u64>| bytes.map_or_else(|| "unknown".to_owned(), mebibytes);
        let (idle, loaded) = (shown(self.memory.idle), shown(self.memory.loaded));
        ui.line(&format!("resident memory: {idle} idle, {loaded} after the load"));
        let note = format!(
            "The load generator shares the machine's {} cores with what it measures, the bare handler \
             included: compare the ratios, not the rates. The database lies in the folder for temporary \
             files (TMPDIR); in a memory file system a durable create would cost nothing.",
            self.cores
        );
        for line in wrap(&note, 90) {
            ui.line(&ui.paint(Tone::Faint, &line));
        }
    }

    /// The same as one JSON value: rates per second, sizes in bytes.
    pub fn json(&self) -> Value {
        let target = |series: &Series| {
            let (low, median, high) = series.rates();
            json!({
                "name": series.name, "median": median, "lowest": low, "highest": high,
                "ofBare": median / self.limit(), "answerBytes": series.size(),
            })
        };
        json!({
            "setting": self.setting,
            "cores": self.cores,
            "loadGeneratorSharesCores": true,
            "targets": self.targets.iter().map(target).collect::<Vec<_>>(),
            "fillRate": self.filling,
            "idleBytes": self.memory.idle,
            "loadedBytes": self.memory.loaded,
        })
    }
}

/// Bytes as a person reads them.
fn mebibytes(bytes: u64) -> String {
    format!("{}.{} MiB", bytes >> 20, ((bytes & 0xF_FFFF) * 10) >> 20)
}

#[cfg(test)]
mod tests;
