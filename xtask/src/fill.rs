//! `cargo xtask fill`: a database full of people and groups, as a big company would have it.
//!
//! People come in as from a backend that has them already, by `scimd import`, or as an identity
//! provider sends them; groups over SCIM. So nothing is in the database that scimd would not take. A
//! service of the task's own serves the database meanwhile.

pub mod groups;
pub mod import;
pub mod people;

use std::path::{Path, absolute};
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::load::request::Door;
use crate::population::Population;
use crate::postgres;
use crate::scimd::{Scimd, text};
use crate::service::{Database, Service};
use crate::shell::{self, Profile};
use crate::ui::{Tone, Ui};
use groups::Sizes;
use people::Entrance;

/// No organization but ours, and no line for every user.
const SETTINGS: [(&str, &str); 2] =
    [("SCIMD_PROFILE", "production"), ("SCIMD__LOG__FILTER", "warn")];

/// With what, and where.
#[derive(Args, Debug)]
pub struct Options {
    /// How many users
    #[arg(long, default_value_t = 10_000, value_name = "NUMBER",
          value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    users: u32,
    /// The database: `sqlite://PATH` or `postgres://…`
    #[arg(long, default_value = "sqlite://data/scimd.db", value_name = "URL")]
    database_url: String,
    /// How many members each group has: a number, `all`, or so many groups of a size, as 50x10
    #[arg(long, default_value = "100x10,20x100,5x1000,10000,100000,all", value_name = "SIZES")]
    groups: Sizes,
    /// What the dice start with: the same number makes the same people and groups
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The name of the organization that is made for them
    #[arg(long, default_value = "Filled", value_name = "NAME")]
    organization: String,
    /// How the users come in: by `scimd import`, or created one by one by an identity provider, who
    /// then manages them
    #[arg(long, value_enum, default_value = "import")]
    through: Through,
    /// Print one JSON value instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Through {
    Import,
    Scim,
}

/// Builds with optimisation, and fills.
///
/// # Errors
/// When a build fails, the database cannot be served, or the service refuses anything.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    if shell::again_with_optimisation()? {
        return Ok(());
    }
    // Whatever is started hears of Ctrl-C and ends. So does the filling, by an error, and the key that
    // it had is revoked.
    postgres::leave_interrupts_to_children()?;
    let binary = shell::build(&shell::measured(Profile::Release), "scimd")?;
    fill(ui, options, &binary)
}

/// Fills a database in passing, with both kinds of users, so that nothing of this rots.
///
/// # Errors
/// As [`run`].
pub fn in_passing(ui: Ui, scimd: &Path) -> Result<()> {
    let directory = tempfile::tempdir()?;
    for (through, users) in [(Through::Import, 300), (Through::Scim, 100)] {
        let options = Options {
            users,
            database_url: format!("sqlite://{}", directory.path().join("filled.db").display()),
            groups: "2x10,all".parse().map_err(anyhow::Error::msg)?,
            seed: 1,
            organization: format!("Filled with {users}"),
            through,
            json: false,
        };
        fill(ui, &options, scimd)?;
    }
    Ok(())
}

fn fill(ui: Ui, options: &Options, binary: &Path) -> Result<()> {
    let said = if options.json { Ui::silent() } else { ui };
    let url = from_here(&options.database_url)?;
    let service = Service::start_with(binary, Database::At(&url), &SETTINGS)?;
    let organization = Organization::create(service.scimd(), &options.organization)?;
    let filled = people_and_groups(said, options, &service, &organization);
    // Nobody else has its token, and nobody shall. That takes no running service.
    organization.revoke_key(service.scimd())?;
    let filled = filled.with_context(|| {
        let stays = format!("the organization {} stays as it is, without a key", organization.id);
        match service.last_words() {
            said if said.is_empty() => stays,
            said => format!("{stays}; the service said:\n{said}\n"),
        }
    })?;
    service.stop()?;
    filled.tell(ui, options, &organization.id);
    Ok(())
}

fn people_and_groups(
    ui: Ui,
    options: &Options,
    service: &Service,
    organization: &Organization,
) -> Result<Filled> {
    let population = Population::new(options.seed)?;
    let door = Door::with(&organization.token);
    let entrance = Entrance { address: service.address(), door, ui };
    let begun = Instant::now();
    let (ids, people) = match options.through {
        Through::Import => {
            let scimd = service.scimd();
            import::users(&entrance, scimd, &organization.id, &population, options.users)?;
            let time = begun.elapsed();
            (people::ids(&entrance)?, time)
        }
        Through::Scim => {
            let ids = people::create(&entrance, &population, 0, options.users)?;
            (ids, begun.elapsed())
        }
    };
    let people = people.as_secs_f64();
    let (groups, memberships) = groups::create_all(&entrance, &options.groups, options.seed, &ids)?;
    let all = begun.elapsed().as_secs_f64();
    Ok(Filled { groups, memberships, people, all })
}

/// What was made, and in how many seconds.
struct Filled {
    groups: u64,
    memberships: u64,
    people: f64,
    all: f64,
}

impl Filled {
    fn tell(&self, ui: Ui, options: &Options, organization: &str) {
        let Self { groups, memberships, people, all } = self;
        let (users, rate) = (options.users, f64::from(options.users) / people);
        if options.json {
            let told = json!({
                "organization": organization, "users": users, "groups": groups,
                "memberships": memberships, "seconds": all, "usersPerSecond": rate,
            });
            ui.line(&told.to_string());
            return;
        }
        let done =
            format!("{users} users, {groups} groups and {memberships} memberships in {all:.1} s");
        ui.line(&ui.paint(Tone::Good, &done));
        ui.line(&format!("{rate:.0} users a second; the organization is {organization}"));
    }
}

/// The organization that is filled, and a key for it.
struct Organization {
    id: String,
    key: String,
    token: String,
}

impl Organization {
    fn create(scimd: &Scimd, name: &str) -> Result<Self> {
        let made = scimd.ask(&["organization", "create", "--name", name, "--plan", "growth"])?;
        let id = text(&made, "id")?;
        let words = ["--organization", &id, "--name", "Filling", "--permission", "scim"];
        let made = scimd.ask(&[&["api-key", "create"], words.as_slice()].concat())?;
        Ok(Self { key: text(&made, "id")?, token: text(&made, "token")?, id })
    }

    fn revoke_key(&self, scimd: &Scimd) -> Result<()> {
        let words = ["api-key", "revoke", "--organization", &self.id, "--id", &self.key];
        scimd.ask(&words).map(drop)
    }
}

/// The address of a database as seen from any folder: the service runs in its own.
fn from_here(url: &str) -> Result<String> {
    let Some(path) = url.strip_prefix("sqlite://") else { return Ok(url.to_owned()) };
    let path = absolute(Path::new(path)).with_context(|| format!("no path: {url}"))?;
    Ok(format!("sqlite://{}", path.display()))
}

#[cfg(test)]
mod tests;
