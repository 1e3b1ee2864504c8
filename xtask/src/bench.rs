//! `cargo xtask bench`: what the service can do, on SQLite and on PostgreSQL, at every size, beside
//! the limits that the machine sets: a bare actix handler, bare look-ups, bare durable commits.
//!
//! A number of one machine says little, so all targets are measured in turn, round after round, with
//! the limits among them, and shown as ratios. Each round measures the rate in a closed loop; then,
//! the times of single requests at half of that rate, in an open loop. The load generator runs on the
//! same cores as what it loads; that is the same for all targets. What makes users has rounds of its
//! own at the end, so that a thousand are a thousand until then.

mod bare;
pub mod measure;
mod plot;
mod report;
mod site;
mod target;
mod workload;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::database::{Database, Databases};
use crate::postgres::{self, Durability, Postgres};
use crate::shell::{self, Profile};
use crate::ui::Ui;
use bare::{BareDatabase, BareHandler};
use measure::{Part, Target};
use report::Report;
use site::Site;

/// How long and how much.
#[derive(Args, Debug)]
pub struct Options {
    /// How the service and what it is compared with are built
    #[arg(long, value_enum, default_value = "release")]
    profile: Profile,
    /// Print one JSON value instead of the table
    #[arg(long)]
    json: bool,
    /// Draw cost against size into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Which databases
    #[arg(long, value_enum, default_value = "sqlite")]
    database: Databases,
    /// How many users there are before the first measurement; several numbers, each in a database
    /// of its own
    #[arg(long, default_value = "10000", value_name = "NUMBERS", value_delimiter = ',',
          value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    users: Vec<u32>,
    /// How many members the groups have that are measured; those with more than there are users are
    /// left out
    #[arg(
        long,
        default_value = "10,1000,100000,1000000",
        value_name = "NUMBERS",
        value_delimiter = ','
    )]
    groups: Vec<u32>,
    /// Only what has this text in its name
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// How many connections send one request after the other
    #[arg(long, default_value_t = 16, value_name = "NUMBER",
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    connections: u16,
    /// How many times each target is measured; the median counts
    #[arg(long, default_value_t = 5, value_name = "NUMBER",
          value_parser = clap::value_parser!(u16).range(1..=100))]
    rounds: u16,
    /// How long each measurement takes, of the rate and again of the times; those of databases alone
    /// take whole seconds
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS", value_parser = seconds)]
    seconds: f64,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().map_err(|_| format!("{text} is no number"))?;
    let wrong = || format!("{text} is not between 0.05 and 600");
    if (0.05..=600.0).contains(&seconds) { Ok(seconds) } else { Err(wrong()) }
}

impl Options {
    fn length(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }
}

/// Builds with optimisation, fills fresh databases and measures.
///
/// # Errors
/// When a build fails, or a single answer is not a success.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    if shell::again_with_optimisation()? {
        return Ok(());
    }
    let said = if options.json { Ui::silent() } else { ui };
    // What is started hears of Ctrl-C, ends, and so the task does, which takes its folders away.
    postgres::leave_interrupts_to_children()?;
    let report = measure(said, options, &Programs::build(&shell::measured(options.profile))?)?;
    if let Some(file) = &options.svg {
        plot::draw(&report, file)?;
        said.line(&format!("drawn into {}", file.display()));
    }
    if options.json {
        ui.line(&report.json().to_string());
    } else {
        report.print(ui);
    }
    Ok(())
}

/// Measures for a moment with what a selection of cargo builds, so that nothing of this rots.
///
/// # Errors
/// When a build fails, or a single answer is not a success.
pub fn in_passing(ui: Ui, selection: &[&str]) -> Result<()> {
    let options = Options {
        // Built by the caller, and shown to nobody.
        profile: Profile::Release,
        json: false,
        svg: None,
        database: Databases::Sqlite,
        users: vec![100],
        groups: vec![10],
        only: None,
        connections: 4,
        rounds: 1,
        seconds: 0.1,
    };
    let report = measure(ui, &options, &Programs::build(selection)?)?;
    // What a build without optimisation does in a moment says nothing.
    report.print(Ui::silent());
    drop(report.json());
    Ok(())
}

/// What is measured.
struct Programs {
    scimd: PathBuf,
    bare: PathBuf,
    bare_database: PathBuf,
}

impl Programs {
    fn build(selection: &[&str]) -> Result<Self> {
        let built = |name| shell::build(selection, name);
        Ok(Self {
            scimd: built("scimd")?,
            bare: built("bare")?,
            bare_database: built("bare_database")?,
        })
    }
}

fn measure(ui: Ui, options: &Options, programs: &Programs) -> Result<Report> {
    let handler = BareHandler::start(&programs.bare)?;
    let databases = options.database.all();
    let server = if databases.contains(&Database::Postgres) {
        Some(Postgres::start(ui, Durability::Durable)?)
    } else {
        None
    };
    let (mut sites, mut limits) = (Vec::new(), Vec::new());
    for database in databases {
        let bare = &programs.bare_database;
        limits.push(BareDatabase::prepare(bare, *database, server.as_ref())?);
        for users in &options.users {
            let scimd = &programs.scimd;
            let site = Site::prepare(ui, options, scimd, *database, server.as_ref(), *users)?;
            sites.push(site);
        }
    }
    let mut targets = target::all(options, &handler, &limits, &sites);
    rounds(ui, options, &mut targets)?;
    let report = Report::new(options, &targets, &sites);
    for site in sites {
        site.stop()?;
    }
    Ok(report)
}

/// Measures everything in turn, again and again; then what makes users.
fn rounds(ui: Ui, options: &Options, targets: &mut [Target<'_>]) -> Result<()> {
    let mut number = 0;
    for part in [Part::Steady, Part::Filling] {
        let mut measured: Vec<_> = targets.iter_mut().filter(|it| it.subject.is_in(part)).collect();
        if measured.iter().all(|it| it.subject.size().is_none()) {
            continue;
        }
        for round in 1..=options.rounds {
            ui.line(&format!("{part}: round {round} of {} …", options.rounds));
            number += 1;
            for target in &mut measured {
                target.measure(number, options.length())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
