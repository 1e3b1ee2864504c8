//! `cargo xtask fuzz`: the fuzz targets for as long as you like, on inputs nobody has seen.
//!
//! `cargo xtask test` runs each of them for a moment, always on the same inputs.

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::shell;
use crate::ui::Ui;

#[cfg(test)]
mod tests;

/// The targets, as the modules of `crates/scim-app/tests/fuzz`.
const TARGETS: [&str; 7] = ["assertion", "cursor", "filter", "path", "patch", "resource", "token"];

/// Which targets, and for how long.
#[derive(Args, Debug)]
pub struct Options {
    /// One target; all of them, one after the other, if left out
    #[arg(long, value_parser = TARGETS)]
    target: Option<String>,
    /// How long each target works: 30s, 10m, 8h
    #[arg(long = "for", value_name = "TIME", default_value = "1m", value_parser = time)]
    time: Duration,
    /// Where the dice start; told at the start of every run
    #[arg(long)]
    seed: Option<u64>,
}

/// Builds with optimisation and runs; the first failing input ends it.
///
/// # Errors
/// When the build fails, or something does not hold for an input; the output names its file.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    // A number of its own for every run: the dice are there to fall differently.
    let seed = options.seed.unwrap_or_else(|| u64::from(std::process::id()));
    let targets =
        TARGETS.iter().filter(|it| options.target.as_deref().is_none_or(|one| one == **it));
    for target in targets {
        ui.heading(&format!("━━ {target} for {} s, --seed {seed}", options.time.as_secs()));
        let mut cargo = shell::cargo();
        cargo
            .args(["test", "--release", "--locked", "--package", "scim-app", "--test", "fuzz"])
            .args(["--", "--nocapture", &format!("{target}::")])
            .env("SCIMD_FUZZ_SECONDS", options.time.as_secs().to_string())
            .env("SCIMD_FUZZ_SEED", seed.to_string());
        shell::run(&mut cargo)?;
    }
    Ok(())
}

/// A number with its unit.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || "a time is a number with s, m or h, such as 10m".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    match unit {
        "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        "h" => Ok(Duration::from_secs(number.saturating_mul(3_600))),
        _ => Err(wrong()),
    }
}
