//! `cargo xtask test`: everything that can fail, on a machine with Rust and PostgreSQL's server.
//!
//! Tests that need PostgreSQL find a throwaway one, started here, in `SCIMD_TEST_POSTGRES`, and its
//! programs in `SCIMD_TEST_POSTGRES_BIN`.
//!
//! Every stage selects the whole workspace with all its targets. Cargo unifies features over what is
//! selected, so a narrower selection would compile the big dependencies a second time.

use std::ffi::OsString;
use std::time::Instant;

use anyhow::Result;
use clap::Args;

use crate::postgres::{Durability, Postgres};
use crate::service::Database;
use crate::ui::{Tone, Ui};
use crate::{bench, demo, fill, overload, postgres, shell};

/// What the test runner shall be told besides.
#[derive(Args, Debug)]
pub struct Options {
    /// Arguments for the test runner (cargo-nextest where it is installed, else `cargo test`)
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

/// All of the workspace, as every stage selects it.
const EVERYTHING: [&str; 2] = ["--workspace", "--all-targets"];

/// Builds, runs the tests, the documentation's tests and the demo, and each other task for a moment;
/// the first failure ends it.
///
/// # Errors
/// When a stage fails; its own output says more.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    let binary = stage(ui, "build", || shell::build(&EVERYTHING, "scimd"))?;
    postgres::leave_interrupts_to_children()?;
    let postgres = stage(ui, "PostgreSQL", || Postgres::start(ui, Durability::Fleeting))?;
    stage(ui, "tests", || tests(options, &postgres))?;
    for store in ["sqlite", "postgres"] {
        stage(ui, &format!("tests over HTTP on {store}"), || over_http(store, &postgres))?;
    }
    stage(ui, "documentation tests", || {
        shell::run(shell::cargo().args(["test", "--doc", "--workspace", "--locked"]))
    })?;
    stage(ui, "demo on SQLite", || demo::play_with(ui, &binary, Database::Own))?;
    stage(ui, "demo on PostgreSQL", || {
        let url = postgres.create_database("demo")?;
        demo::play_with(ui, &binary, Database::At(&url))
    })?;
    stage(ui, "filling", || fill::in_passing(ui, &binary))?;
    stage(ui, "benchmark", || bench::in_passing(ui, &EVERYTHING))?;
    stage(ui, "overload", || overload::in_passing(ui, &binary))
}

fn tests(options: &Options, postgres: &Postgres) -> Result<()> {
    let mut runner = shell::cargo();
    runner.envs(postgres.variables());
    if has_nextest() {
        runner.args(["nextest", "run", "--workspace", "--all-targets", "--locked"]);
    } else {
        runner.args(["test", "--workspace", "--all-targets", "--locked"]);
    }
    shell::run(runner.args(&options.arguments))
}

/// The tests over HTTP once more, on another store than the one in memory.
fn over_http(store: &str, postgres: &Postgres) -> Result<()> {
    let mut runner = shell::cargo();
    runner.envs(postgres.variables()).env("SCIMD_TEST_STORE", store);
    if has_nextest() {
        runner.args(["nextest", "run", "--workspace", "--all-targets", "--locked"]);
        runner.args(["--filterset", "package(scim-http) & binary(http)"]);
    } else {
        runner.args(["test", "--workspace", "--locked", "--test", "http"]);
    }
    shell::run(&mut runner)
}

fn has_nextest() -> bool {
    shell::succeeds(shell::cargo().args(["nextest", "--version"]))
}

fn stage<T>(ui: Ui, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    ui.heading(&format!("━━ {name}"));
    let begun = Instant::now();
    let done = work().map_err(|error| error.context(format!("the stage `{name}`")))?;
    let time = format!("{name}: {:.1} s", begun.elapsed().as_secs_f64());
    ui.line(&ui.paint(Tone::Good, &time));
    Ok(done)
}
