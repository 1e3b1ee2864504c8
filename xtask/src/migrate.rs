//! `cargo xtask migrate`: the schema of the database that the settings name.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::shell;

/// What to do, and what `scimd migrate` shall be told besides.
#[derive(Args, Debug)]
pub struct Options {
    /// `fresh` takes every migration back and applies them again: all data is lost
    #[arg(value_enum, default_value = "up")]
    direction: Direction,
    /// Arguments for scimd, such as `--config FILE`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Direction {
    Up,
    Down,
    Status,
    Fresh,
}

impl Direction {
    /// The runs of `scimd migrate` that a direction is made of.
    fn commands(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Up => &[&["up"]],
            Self::Down => &[&["down"]],
            Self::Status => &[&["status"]],
            Self::Fresh => &[&["down", "--all"], &["up"]],
        }
    }
}

/// Builds `scimd` and runs its `migrate`.
///
/// # Errors
/// When the build or a migration fails.
pub fn run(options: &Options) -> Result<()> {
    let binary = shell::build(&["--bin", "scimd"], "scimd")?;
    for words in options.direction.commands() {
        shell::run(Command::new(&binary).arg("migrate").args(*words).args(&options.arguments))?;
    }
    Ok(())
}
