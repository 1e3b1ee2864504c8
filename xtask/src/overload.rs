//! `cargo xtask overload`: what becomes of the service when it is asked for several times as much as it
//! can do (O1): goodput at least 80 % of the peak, bounded memory, normal again within 10 s.
//!
//! Peak and flood take turns first, for two seconds each: goodput is what a flood leaves of the peak
//! before and after it, in half of the turns. Then requests come by the clock: at half the peak for a
//! while, which is normal; in the flood, for a minute at a multiple of the peak; and at half the peak
//! again, while whoever came in the flood may still wait. That shows memory and recovery.

mod apart;
mod house;
mod json;
mod mix;
mod peak;
mod report;
mod story;
mod verdict;
mod watch;

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use serde_json::Value;

use crate::database::{Database, Databases};
use crate::postgres::{self, Durability, Postgres};
use crate::shell::{self, Profile};
use crate::ui::Ui;
use apart::Apart;
use house::House;
use story::Story;

/// How much, and for how long.
#[derive(Args, Debug)]
pub struct Options {
    /// Which databases
    #[arg(long, value_enum, default_value = "sqlite")]
    database: Databases,
    /// How long the flood lasts
    #[arg(long, default_value_t = 60, value_name = "SECONDS",
          value_parser = clap::value_parser!(u16).range(1..=3600))]
    seconds: u16,
    /// How many times the peak is offered
    #[arg(long, default_value_t = 5, value_name = "NUMBER",
          value_parser = clap::value_parser!(u16).range(2..=100))]
    factor: u16,
    /// Over how many connections the flood comes at most
    #[arg(long, default_value_t = 6000, value_name = "NUMBER",
          value_parser = clap::value_parser!(u16).range(1..=20_000))]
    connections: u16,
    /// Let the load generator have the service's cores too, instead of one of its own: where others
    /// work on the machine, they may leave it none
    #[arg(long)]
    together: bool,
    /// How the service is built
    #[arg(long, value_enum, default_value = "release")]
    profile: Profile,
    /// Print one JSON value instead of the table
    #[arg(long)]
    json: bool,
}

/// How long the parts beside the flood take.
#[derive(Clone, Copy, Debug)]
struct Lengths {
    /// The peak is looked for so long over each number of connections.
    search: Duration,
    /// How many floods there are beside the peak, and how long each moment of these takes.
    turns: usize,
    peak: Duration,
    moment: Duration,
    /// So long before such a moment the flood begins: those come who will wait, and are more than can
    /// be served in this time.
    opening: Duration,
    before: Duration,
    flood: Duration,
    after: Duration,
}

impl Options {
    fn lengths(&self) -> Lengths {
        Lengths {
            search: Duration::from_secs(3),
            turns: 30,
            peak: Duration::from_millis(1_500),
            moment: Duration::from_secs(2),
            opening: Duration::from_millis(500),
            before: Duration::from_secs(8),
            flood: Duration::from_secs(u64::from(self.seconds)),
            after: Duration::from_secs(16),
        }
    }
}

/// Builds with optimisation, floods, and says what became of it.
///
/// # Errors
/// When a build fails, or what is asked of the service does not hold.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    if shell::again_with_optimisation()? {
        return Ok(());
    }
    let said = if options.json { Ui::silent() } else { ui };
    // What is started hears of Ctrl-C, ends, and so the task does, which takes its folders away.
    postgres::leave_interrupts_to_children()?;
    let scimd = shell::build(&shell::measured(options.profile), "scimd")?;
    let stories = tell(said, options, options.lengths(), &scimd, house::USERS)?;
    if options.json {
        let all: Vec<Value> = stories.iter().map(|it| json::of(it, options)).collect();
        ui.line(&Value::from(all).to_string());
    } else {
        report::print(ui, &stories, options);
    }
    let broken: Vec<String> = stories.iter().flat_map(verdict::broken).collect();
    ensure!(broken.is_empty(), "{}", broken.join("; "));
    Ok(())
}

/// Floods for a moment, so that nothing of this rots; what becomes of it says nothing.
///
/// # Errors
/// When an answer is no success before the flood has begun.
pub fn in_passing(ui: Ui, scimd: &Path) -> Result<()> {
    let database = Databases::Sqlite;
    let options = Options {
        database,
        seconds: 1,
        factor: 2,
        connections: 100,
        together: false,
        // Built by the caller, and shown to nobody.
        profile: Profile::Release,
        json: false,
    };
    let moment = Duration::from_millis(100);
    let second = Duration::from_secs(1);
    let beside = Lengths { turns: 1, search: moment, peak: moment, moment, ..options.lengths() };
    let beside = Lengths { opening: moment, ..beside };
    let lengths = Lengths { before: second, flood: second, after: second, ..beside };
    let stories = tell(ui, &options, lengths, scimd, 101)?;
    report::print(Ui::silent(), &stories, &options);
    for story in &stories {
        drop(json::of(story, &options));
    }
    Ok(())
}

fn tell(
    ui: Ui,
    options: &Options,
    lengths: Lengths,
    scimd: &Path,
    users: u32,
) -> Result<Vec<Story>> {
    let databases = options.database.all();
    let server = if databases.contains(&Database::Postgres) {
        Some(Postgres::start(ui, Durability::Durable)?)
    } else {
        None
    };
    let tell = |database: &Database| {
        let with_the_service = (!options.together).then(Apart::with_the_service);
        let house = House::build(ui, scimd, *database, server.as_ref(), users)?;
        drop(with_the_service);
        let story = Story::tell(ui, options, lengths, &house)?;
        house.stop()?;
        Ok(story)
    };
    databases.iter().map(tell).collect()
}
