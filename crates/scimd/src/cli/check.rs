//! `scimd check`: any SCIM server, checked from the outside.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scim_check::{Client, Group, Options, Outcome, Report};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::task::spawn_blocking;

use crate::output::Answer;

mod report;

/// Where the token is, unless `--token-file` says otherwise.
const TOKEN: &str = "SCIMD_CHECK_TOKEN";

/// What `scimd check` takes.
#[derive(Debug, Args)]
pub struct Check {
    /// The base URL of the server: /Users is below it
    #[arg(long, value_name = "BASE_URL")]
    url: String,
    /// A file with the bearer token; without it, the token is in `SCIMD_CHECK_TOKEN`
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// A file with certificates (PEM) to trust in place of those that the system trusts
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Run this group or check alone, such as users or users.create; may be given again
    #[arg(long, value_name = "NAME", value_parser = name)]
    only: Vec<String>,
    /// Leave this group or check out; may be given again
    #[arg(long, value_name = "NAME", value_parser = name)]
    skip: Vec<String>,
    /// Check nothing: delete what earlier runs left because they broke off
    #[arg(long, conflicts_with_all = ["only", "skip"])]
    clean_up: bool,
}

/// A group's name or a check's id.
fn name(given: &str) -> Result<String, String> {
    let groups = Group::ALL.map(Group::name);
    if groups.contains(&given) || scim_check::checks().any(|check| check.id == given) {
        return Ok(given.to_owned());
    }
    Err(format!("no group or check has this name; the groups are {}", groups.join(", ")))
}

impl Check {
    /// Runs the checks; what they found, and the code to exit with: 1 where a check failed. Ctrl-C
    /// ends the run after the check that is on, and what was made is deleted; a second one ends
    /// it at once.
    ///
    /// # Errors
    /// A file that cannot be read, or a server that does not answer.
    pub async fn run(self) -> anyhow::Result<(Answer, ExitCode)> {
        let token = token(self.token_file.as_deref())?;
        let trusted = self.ca_file.as_deref().map(|file| {
            std::fs::read(file)
                .with_context(|| format!("cannot read the certificates {}", file.display()))
        });
        let trusted = trusted.transpose()?;
        let client = Client::new(&self.url, token.expose_secret(), trusted.as_deref());
        let client = client.unwrap_or_else(|error| misused(&error.to_string()));
        if self.clean_up {
            let leftovers = spawn_blocking(move || scim_check::clean_up(&client)).await;
            let leftovers = leftovers.context("cleaning up broke off")??;
            let code = ExitCode::from(u8::from(!leftovers.left.is_empty()));
            return Ok((report::cleaned(&self.url, &leftovers), code));
        }
        let report = examine(client, Options { only: self.only, skip: self.skip }).await?;
        let failed = report.findings.iter().any(|it| matches!(it.outcome, Outcome::Failed(_)));
        let code = ExitCode::from(u8::from(report.stopped.is_some() || failed));
        Ok((report::found(&self.url, &report, report::Paint::for_stdout()), code))
    }
}

/// Runs the checks beside a bar, until they end or Ctrl-C is pressed twice.
async fn examine(client: Client, options: Options) -> anyhow::Result<Report> {
    let stop = Arc::new(AtomicBool::new(false));
    let bar = progress(options.selected().len());
    let running = spawn_blocking({
        let (stop, bar) = (stop.clone(), bar.clone());
        move || {
            let advance = |finding: &scim_check::Finding| {
                bar.set_message(finding.check.id);
                bar.inc(1);
            };
            scim_check::run(&client, &options, &stop, advance)
        }
    });
    tokio::pin!(running);
    let report = loop {
        tokio::select! {
            report = &mut running => break report.context("the checks broke off")?,
            pressed = tokio::signal::ctrl_c() => {
                pressed.context("cannot listen for Ctrl-C")?;
                let first = !stop.swap(true, Ordering::Relaxed);
                ensure!(first, "stopped before everything made was deleted: --clean-up deletes it");
                bar.set_message("stopping, deleting what was made");
            }
        }
    };
    bar.finish_and_clear();
    Ok(report?)
}

fn token(file: Option<&Path>) -> anyhow::Result<SecretString> {
    let token = match file {
        Some(file) => std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the token file {}", file.display()))?,
        None => match std::env::var(TOKEN) {
            Ok(token) => token,
            Err(std::env::VarError::NotPresent) => {
                misused(&format!("there is no token: give --token-file, or set {TOKEN}"))
            }
            Err(std::env::VarError::NotUnicode(_)) => return Err(anyhow!("{TOKEN} is no text")),
        },
    };
    Ok(SecretString::from(token.trim()))
}

/// Ends the program as clap does for wrong usage.
fn misused(why: &str) -> ! {
    super::Cli::command().error(ErrorKind::ValueValidation, why).exit()
}

/// A bar that moves before a person's eyes alone: it draws on standard error, and only where that
/// is a terminal.
fn progress(length: usize) -> ProgressBar {
    let target = ProgressDrawTarget::stderr();
    let bar = ProgressBar::with_draw_target(Some(length as u64), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos:>3}/{len} {elapsed:>4}  {msg}") {
        bar.set_style(style);
    }
    // The time goes on where a server lets the checks wait.
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}
