//! A run over the checks.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::check::{Check, Group, Outcome, Stop};
use crate::checks::checks;
use crate::client::{Client, Error};
use crate::world::World;

/// What is run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// These groups; all where there is none.
    pub only: Vec<Group>,
}

impl Options {
    /// The checks that are run, in their order.
    pub fn selected(&self) -> Vec<Check> {
        let wanted = |check: &Check| self.only.is_empty() || self.only.contains(&check.group);
        checks().filter(wanted).collect()
    }
}

/// A check and how it ended.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// How it ended.
    pub outcome: Outcome,
}

/// All that a run found.
#[derive(Debug, Clone)]
pub struct Report {
    /// In the order of the checks.
    pub findings: Vec<Finding>,
    /// Paths below the base URL of what was made and could not be deleted.
    pub left: Vec<String>,
    /// Whether it was stopped before the end.
    pub stopped: bool,
    /// What the names of all that was made begin with.
    pub tag: String,
}

/// Runs the checks against a server, one after another, and deletes what they made, also when
/// `stop` was set meanwhile. `progress` hears of each finding.
///
/// # Errors
/// When nobody answers at all.
pub fn run(
    client: &Client,
    options: &Options,
    stop: &AtomicBool,
    mut progress: impl FnMut(&Finding),
) -> Result<Report, Error> {
    let mut world = World::new(client)?;
    let mut findings = Vec::new();
    for check in options.selected() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let outcome = match (check.code)(&mut world) {
            Ok(()) => Outcome::Passed,
            Err(Stop::Failed(why)) => Outcome::Failed(why),
            Err(Stop::Skipped(why)) => Outcome::Skipped(why),
        };
        world.clean();
        let finding = Finding { check, outcome };
        progress(&finding);
        findings.push(finding);
    }
    let left = world.finish();
    Ok(Report { findings, left, stopped: stop.load(Ordering::Relaxed), tag: world.tag })
}
