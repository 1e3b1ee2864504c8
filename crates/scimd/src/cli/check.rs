//! `scimd check`: any SCIM server, checked from the outside.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, anyhow, ensure};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scim_check::{Client, Group, Level, Options, Outcome, Report};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::output::{Answer, cell};

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
    /// Run this group alone; may be given again
    #[arg(long, value_name = "GROUP", value_parser = group_parser())]
    only: Vec<Group>,
}

fn group_parser() -> impl clap::builder::TypedValueParser<Value = Group> {
    PossibleValuesParser::new(Group::ALL.map(Group::name)).try_map(|name| {
        let found = Group::ALL.into_iter().find(|group| group.name() == name);
        found.ok_or("no such group")
    })
}

impl Check {
    /// Runs the checks; what they found, and the code to exit with. Ctrl-C ends the run after the
    /// check that is on, and what was made is deleted; a second one ends it at once.
    ///
    /// # Errors
    /// A token file that cannot be read, or a server that does not answer.
    pub async fn run(self) -> anyhow::Result<(Answer, ExitCode)> {
        let token = token(self.token_file.as_deref())?;
        let client = Client::new(&self.url, token.expose_secret());
        let client = client.unwrap_or_else(|error| misused(&error.to_string()));
        let options = Options { only: self.only };
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
                    ensure!(!stop.swap(true, Ordering::Relaxed), "stopped before everything made was deleted");
                    bar.set_message("stopping, deleting what was made");
                }
            }
        };
        bar.finish_and_clear();
        let report = report?;
        let code = ExitCode::from(u8::from(report.stopped || broken(&report) > 0));
        Ok((Answer { json: object(&self.url, &report), text: text(&report) }, code))
    }
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
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}  {msg}") {
        bar.set_style(style);
    }
    bar
}

/// How many checks failed that must not.
fn broken(report: &Report) -> usize {
    let broken = |it: &&scim_check::Finding| {
        it.check.level == Level::Must && matches!(it.outcome, Outcome::Failed(_))
    };
    report.findings.iter().filter(broken).count()
}

fn words(outcome: &Outcome) -> (&'static str, Option<&str>) {
    match outcome {
        Outcome::Passed => ("passed", None),
        Outcome::Failed(why) => ("FAILED", Some(why)),
        Outcome::Skipped(why) => ("skipped", Some(why)),
    }
}

fn count(report: &Report, wanted: fn(&Outcome) -> bool) -> usize {
    report.findings.iter().filter(|it| wanted(&it.outcome)).count()
}

fn counts(report: &Report) -> [usize; 3] {
    [
        count(report, |it| matches!(it, Outcome::Passed)),
        count(report, |it| matches!(it, Outcome::Failed(_))),
        count(report, |it| matches!(it, Outcome::Skipped(_))),
    ]
}

/// A block for each group, one line for each check, and the reason below it.
fn text(report: &Report) -> String {
    let widest = |of: fn(&scim_check::Finding) -> &str| {
        report.findings.iter().map(|it| of(it).chars().count()).max().unwrap_or(0)
    };
    let (ids, sentences) = (widest(|it| it.check.id), widest(|it| it.check.sentence));
    let mut lines = Vec::new();
    let mut group = None;
    for finding in &report.findings {
        let check = &finding.check;
        if group.replace(check.group) != Some(check.group) {
            lines.extend([String::new(), check.group.name().to_uppercase()]);
        }
        let (word, why) = words(&finding.outcome);
        lines.push(format!(
            "  {word:<7}  {:<6}  {:<ids$}  {:<sentences$}  {}",
            check.level, check.id, check.sentence, check.source
        ));
        lines.extend(why.map(|why| format!("             {}", cell(why))));
    }
    let [passed, failed, skipped] = counts(report);
    let must = broken(report);
    lines.extend([
        String::new(),
        format!("{passed} passed, {failed} failed ({must} of them must hold), {skipped} skipped."),
    ]);
    if report.stopped {
        lines.push("Stopped before the end.".to_owned());
    }
    if !report.left.is_empty() {
        lines.push(format!("Not deleted, all named {}…:", report.tag));
        lines.extend(report.left.iter().map(|path| format!("  {}", cell(path))));
    }
    lines.join("\n").trim_start().to_owned()
}

fn object(url: &str, report: &Report) -> Value {
    let finding = |it: &scim_check::Finding| {
        let (outcome, why) = words(&it.outcome);
        json!({
            "id": it.check.id,
            "group": it.check.group.name(),
            "level": it.check.level.name(),
            "source": it.check.source,
            "sentence": it.check.sentence,
            "outcome": outcome.to_lowercase(),
            "detail": why,
        })
    };
    let [passed, failed, skipped] = counts(report);
    json!({
        "url": url,
        "checks": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "passed": passed,
        "failed": failed,
        "failedMust": broken(report),
        "skipped": skipped,
        "stopped": report.stopped,
        "notDeleted": report.left,
    })
}
