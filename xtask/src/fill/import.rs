//! Users by `scimd import`, which takes in many in one commit.

use std::io::{BufWriter, Write as _};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::people::Entrance;
use crate::population::Population;
use crate::scimd::Scimd;

/// Takes in the first `count` users of the population, told one a line.
///
/// # Errors
/// When one is refused.
pub fn users(
    entrance: &Entrance,
    scimd: &Scimd,
    organization: &str,
    population: &Population,
    count: u32,
) -> Result<()> {
    let words = ["import", "-", "--format", "jsonl", "--organization", organization, "--json"];
    let mut command = scimd.command(&words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut import = command.spawn().context("could not start `scimd import`")?;
    let bar = entrance.progress(u64::from(count), "users");
    let mut lines = BufWriter::new(import.stdin.take().context("`scimd import` reads nothing")?);
    let mut told = || -> Result<()> {
        for number in 0..u64::from(count) {
            writeln!(lines, "{}", population.user(number))?;
            bar.inc(1);
        }
        Ok(lines.flush()?)
    };
    let told = told();
    // Its end is where the import ends.
    drop(lines);
    let output = import.wait_with_output().context("`scimd import` was lost")?;
    bar.finish_and_clear();
    let done: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    if !output.status.success() {
        // It says why on standard error, or what is wrong with which line.
        let said = String::from_utf8_lossy(&output.stderr);
        let line = done["told"].get(0).map_or(String::new(), Value::to_string);
        bail!("`scimd import` ended with {}: {} {line}", output.status, said.trim());
    }
    told.context("`scimd import` did not read to the end")?;
    let created = done["created"].as_u64().unwrap_or_default();
    ensure!(created == u64::from(count), "{created} users of {count} were created");
    Ok(())
}
