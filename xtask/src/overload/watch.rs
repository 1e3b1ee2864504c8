//! Watches what the service takes while it is loaded.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::story::count;
use crate::process::{self, Memory};

const OFTEN: Duration = Duration::from_millis(100);

/// Resident memory, again and again until [`Watch::end`].
pub struct Watch {
    enough: Sender<()>,
    watcher: JoinHandle<Vec<Sample>>,
}

/// What a process held at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// When.
    pub at: Instant,
    /// How many bytes.
    pub bytes: u64,
}

/// Where things stand at the border of two parts.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// When.
    pub at: Instant,
    used: Cores<Duration>,
}

/// What has the machine's cores.
#[derive(Clone, Copy, Debug)]
pub struct Cores<T> {
    /// The service.
    pub service: T,
    /// This task, with the load generator.
    pub generator: T,
    /// Everything on the machine.
    pub all: T,
}

impl Mark {
    /// Now.
    pub fn now(service: u32) -> Self {
        let busy = |process| process::busy(process).unwrap_or_default();
        let (service, generator) = (busy(service), busy(std::process::id()));
        let all = process::all_busy().unwrap_or_default();
        Self { at: Instant::now(), used: Cores { service, generator, all } }
    }

    /// A moment at which nothing was used yet.
    #[cfg(test)]
    pub fn unused(at: Instant) -> Self {
        let none = Duration::ZERO;
        Self { at, used: Cores { service: none, generator: none, all: none } }
    }

    /// How many cores each had from here to there.
    pub fn cores(&self, until: &Self) -> Cores<f64> {
        let time = (until.at - self.at).as_secs_f64().max(0.001);
        let (from, to) = (self.used, until.used);
        let had = |from: Duration, to: Duration| to.saturating_sub(from).as_secs_f64() / time;
        Cores {
            service: had(from.service, to.service),
            generator: had(from.generator, to.generator),
            all: had(from.all, to.all),
        }
    }
}

impl Cores<f64> {
    /// What several had on average.
    pub fn mean(several: &[Self]) -> Self {
        let many = count(several.len()).max(1.0);
        let mean = |of: fn(&Self) -> f64| several.iter().map(of).sum::<f64>() / many;
        Self {
            service: mean(|it| it.service),
            generator: mean(|it| it.generator),
            all: mean(|it| it.all),
        }
    }

    /// The database server, and whoever else works on the machine.
    pub fn others(&self) -> f64 {
        (self.all - self.service - self.generator).max(0.0)
    }
}

impl Watch {
    /// Over a process.
    pub fn begin(process: u32) -> Self {
        let (enough, told) = mpsc::channel();
        let watcher = thread::spawn(move || {
            let mut samples = Vec::new();
            while told.recv_timeout(OFTEN) == Err(RecvTimeoutError::Timeout) {
                let at = Instant::now();
                samples.extend(Memory::of(process).now.map(|bytes| Sample { at, bytes }));
            }
            samples
        });
        Self { enough, watcher }
    }

    /// What was seen.
    pub fn end(self) -> Vec<Sample> {
        drop(self.enough);
        // It does nothing that could panic.
        self.watcher.join().unwrap_or_default()
    }
}
