//! Running programs: cargo, and what cargo builds.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use serde_json::Value;

/// The cargo that runs this task, so that a toolchain chosen on the command line stays chosen.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program with the task's own input and output.
///
/// # Errors
/// When it cannot be started, or ends with anything but success; the message shows the command.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("could not start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Whether a program succeeds, with the task's own output and without its command in any message:
/// it holds a secret.
///
/// # Errors
/// When it cannot be started.
pub fn succeeds_aloud(command: &mut Command) -> Result<bool> {
    let status = command.status().context("a tool could not be started")?;
    Ok(status.success())
}

/// Whether a program runs and succeeds, its output thrown away: to find out what is installed.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs `cargo build --locked` with the given selection and answers where the executable of the
/// target `name` is, by cargo's own word: target directory and triple are settings a task must not
/// guess.
///
/// # Errors
/// When the build fails, or builds no executable of that name.
pub fn build(selection: &[&str], name: &str) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--locked", "--message-format=json-render-diagnostics"]).args(selection);
    let shown = shown(&command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{shown}`"))?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut found = None;
    for line in BufReader::new(output).lines() {
        found = executable(&line.context("cargo's output ended early")?, name).or(found);
    }
    let status = child.wait().context("cargo was lost")?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    found.with_context(|| format!("`{shown}` built no executable `{name}`"))
}

/// How what is measured is built.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Profile {
    /// In minutes, as `cargo run --release` does
    Release,
    /// As it is shipped: optimised as a whole, which takes longer
    Dist,
}

impl Profile {
    /// Its name, for cargo and for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dist => "dist",
        }
    }
}

/// What tasks build that measure, or have much to do: one selection, so that all share every
/// dependency, compiled alike.
pub fn measured(profile: Profile) -> [&'static str; 6] {
    let profile = match profile {
        Profile::Release => "--profile=release",
        Profile::Dist => "--profile=dist",
    };
    [
        profile,
        "--workspace",
        "--bin=scimd",
        "--bin=xtask",
        "--example=bare",
        "--example=bare_database",
    ]
}

/// Runs the very task that runs now from a build with optimisation, unless that is what runs; answers
/// whether it did. Load that is made slowly says little of what it meets.
///
/// # Errors
/// When the build fails, or the task.
pub fn again_with_optimisation() -> Result<bool> {
    if !cfg!(debug_assertions) {
        return Ok(false);
    }
    let task = build(&measured(Profile::Release), "xtask")?;
    let mut again = Command::new(task);
    let status = again.args(std::env::args_os().skip(1)).status().context("could not start")?;
    if !status.success() {
        // It has said why.
        std::process::exit(status.code().unwrap_or(1));
    }
    Ok(true)
}

/// The path in one line of cargo's messages, if it announces that executable (and not its tests).
fn executable(line: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let is_it = message["reason"] == "compiler-artifact"
        && message["target"]["name"] == name
        && message["profile"]["test"] == false;
    if is_it { message["executable"].as_str().map(PathBuf::from) } else { None }
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let mut words =
        vec![program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

#[cfg(test)]
mod tests;
