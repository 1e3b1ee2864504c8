//! `cargo xtask demo`: Okta's whole story, played with Okta's own requests.
//!
//! Okta has two clients, and both are played, each in an organization of its own: the custom SAML app
//! changes everything with PUT of what it has read, the template app with PATCH. Every answer is
//! checked for what Okta needs of it, and after every change the access that a person then has is
//! asked of the service itself; the first answer that is not as it must be ends the demo with a
//! failure that names the step.

mod acts;
mod answer;
mod cast;
mod client;
mod okta;
mod organization;
mod stage;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::postgres::{Durability, Postgres};
use crate::scimd::Scimd;
use crate::service::{Database, Service};
use crate::ui::{Tone, Ui};
use crate::{postgres, shell};
use cast::Cast;
use client::Client;
use okta::App;
use organization::Source;
use stage::Stage;

/// Against which service to play.
#[derive(Args, Debug)]
pub struct Options {
    /// Base URL of a running service, such as `http://127.0.0.1:8080/scim/v2`; without it the demo
    /// starts one with a fresh database. It makes its organizations and keys with `scimd` under the
    /// settings that apply here, so run it where the service runs, or give `--token-file`
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A file with a SCIM key of that service, for an organization that nobody uses: nothing but this
    /// key is used then, so plans, permissions and the effect on access are left out, and what the
    /// demo made is deleted when it has passed
    #[arg(long, value_name = "FILE", requires = "url")]
    token_file: Option<PathBuf>,
    /// How many users Okta creates
    #[arg(long, default_value_t = 250, value_name = "NUMBER",
          value_parser = clap::value_parser!(u16).range(10..=2000))]
    users: u16,
    /// Start a throwaway PostgreSQL, and the service on a fresh database in it
    #[arg(long, conflicts_with = "url")]
    postgres: bool,
    /// Build with optimisation
    #[arg(long)]
    release: bool,
}

/// Builds what is needed and plays the demo.
///
/// # Errors
/// When a build fails, or a step is not answered as Okta needs it.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    if let (Some(url), Some(file)) = (&options.url, &options.token_file) {
        let token = std::fs::read_to_string(file)
            .with_context(|| format!("could not read {}", file.display()))?;
        let source = Source::Key(token.trim().to_owned());
        return play(ui, url, &source, usize::from(options.users));
    }
    let mut selection = vec!["--bin", "scimd"];
    if options.release {
        selection.push("--release");
    }
    let binary = shell::build(&selection, "scimd")?;
    match &options.url {
        Some(url) => {
            let scimd = Scimd::here(&binary);
            play(ui, url, &Source::Operator(&scimd), usize::from(options.users))
        }
        None if options.postgres => {
            postgres::leave_interrupts_to_children()?;
            let postgres = Postgres::start(ui, Durability::Fleeting)?;
            let url = postgres.create_database("demo")?;
            with_own_service(ui, &binary, Database::At(&url), usize::from(options.users))
        }
        None => with_own_service(ui, &binary, Database::Own, usize::from(options.users)),
    }
}

/// Plays the demo against a service started from this binary on that database: the demo as a test.
///
/// # Errors
/// As [`run`].
pub fn play_with(ui: Ui, binary: &Path, database: Database<'_>) -> Result<()> {
    with_own_service(ui, binary, database, 250)
}

fn with_own_service(ui: Ui, binary: &Path, database: Database<'_>, users: usize) -> Result<()> {
    let service = Service::start(binary, database)?;
    ui.line(&format!("a service of its own listens on {}", service.address()));
    let source = Source::Operator(service.scimd());
    if let Err(error) = play(ui, &service.base_url(), &source, users) {
        ui.line(&format!("\nthe service's last words:\n{}", service.last_words()));
        return Err(error);
    }
    service.stop()?;
    ui.line("the service was told to stop (SIGTERM) and ended with success");
    Ok(())
}

/// Both stories, one after the other.
fn play(ui: Ui, url: &str, source: &Source<'_>, users: usize) -> Result<()> {
    let mut steps = 0;
    for app in [App::CustomSaml, App::Template] {
        ui.heading(&format!("━━ {}", app.title()));
        ui.line(&ui.paint(Tone::Faint, &format!("{url} · {}", app.manners())));
        let organization = source.organization(app)?;
        let client = Client::new(url, app, &organization.token);
        let cast = Cast::new(app, users);
        let mut stage = Stage::new(ui, app, client, organization.operator, cast, steps);
        acts::play(&mut stage)?;
        steps = stage.steps();
    }
    ui.line("");
    ui.line(&ui.paint(Tone::Good, &format!("{steps} steps, every answer as Okta needs it")));
    Ok(())
}
