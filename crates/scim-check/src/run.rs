//! A run over the checks.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::check::{Check, Level, Outcome, Stop};
use crate::checks::checks;
use crate::client::{Client, Error};
use crate::world::{World, delete_leftovers};

/// After so many checks in a row without an answer nobody is asked any more.
const SILENCE: u32 = 3;

/// What is run: names of groups, and ids of checks.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// These; all where there is none.
    pub only: Vec<String>,
    /// These not.
    pub skip: Vec<String>,
}

impl Options {
    /// The checks that are run, in their order.
    pub fn selected(&self) -> Vec<Check> {
        let named = |names: &[String], check: &Check| {
            names.iter().any(|name| name == check.id || name == check.group.name())
        };
        let wanted = |check: &Check| self.only.is_empty() || named(&self.only, check);
        checks().filter(|check| wanted(check) && !named(&self.skip, check)).collect()
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
    /// Why it ended before the end.
    pub stopped: Option<&'static str>,
    /// What the names of all that was made begin with.
    pub tag: String,
}

/// Runs the checks against a server, one after another, and deletes what they made, also when
/// `stop` was set meanwhile. `progress` hears of each finding.
///
/// # Errors
/// When nobody answers at all, or sends the client elsewhere.
pub fn run(
    client: &Client,
    options: &Options,
    stop: &AtomicBool,
    mut progress: impl FnMut(&Finding),
) -> Result<Report, Error> {
    let mut world = World::new(client)?;
    let mut findings = Vec::new();
    let mut silent = 0;
    let mut stopped = None;
    for check in options.selected() {
        if stop.load(Ordering::Relaxed) {
            stopped = Some("it was told to stop");
            break;
        }
        if silent == SILENCE {
            stopped = Some("the server no longer answers");
            break;
        }
        let ended = (check.code)(&mut world);
        silent = if matches!(ended, Err(Stop::Unanswered(_))) { silent + 1 } else { 0 };
        world.clean();
        let finding = Finding { check, outcome: outcome(check.level, ended) };
        progress(&finding);
        findings.push(finding);
    }
    let left = world.finish();
    Ok(Report { findings, left, stopped, tag: world.tag })
}

fn outcome(level: Level, ended: Result<(), Stop>) -> Outcome {
    match (ended, level) {
        (Ok(()), _) => Outcome::Passed,
        (Err(Stop::Failed(why)), Level::Should) => Outcome::Advised(why),
        (Err(Stop::Failed(why)), Level::Must | Level::Okta | Level::Entra)
        | (Err(Stop::Unanswered(why)), _) => Outcome::Failed(why),
        (Err(Stop::Skipped(why)), _) => Outcome::Skipped(why),
    }
}

/// What earlier runs had left, as paths below the base URL.
#[derive(Debug, Clone, Default)]
pub struct Leftovers {
    /// Deleted now.
    pub deleted: Vec<String>,
    /// Still there.
    pub left: Vec<String>,
}

/// Deletes what earlier runs made and left, known by its names: those that broke off before their
/// end. What a run that is still on has made looks the same.
///
/// # Errors
/// When nobody answers at all, sends the client elsewhere or gives no list of users.
pub fn clean_up(client: &Client) -> Result<Leftovers, Error> {
    delete_leftovers(client)
}
