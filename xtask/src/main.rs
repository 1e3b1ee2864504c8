//! Tasks of the repository, run as `cargo xtask <task>`.
//!
//! This crate depends on nothing of ours: it runs the `scimd` binary as an operator would, and talks
//! to it as an identity provider does. What works here works outside.

mod bench;
mod conformance;
mod database;
mod demo;
mod fill;
mod fuzz;
mod load;
mod migrate;
mod openapi;
mod overload;
mod population;
mod postgres;
mod process;
mod scimd;
mod service;
mod shell;
mod test;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Tasks of the scimd repository")]
struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Bring the database's schema up, down, or say where it stands
    Migrate(migrate::Options),
    /// Run every test: the workspace's, the documentation's, and the demo
    Test(test::Options),
    /// Play what Okta does against a service, step by step, and check every answer
    Demo(demo::Options),
    /// Feed the fuzz targets for as long as you like, and say what does not hold
    Fuzz(fuzz::Options),
    /// Run a throwaway PostgreSQL until Ctrl-C, for tests that are run by hand
    Postgres(postgres::Options),
    /// Fill a database with the people and groups of a big company
    Fill(fill::Options),
    /// Measure each kind of request on each database at each size: rate, times and memory, beside
    /// what the machine can do at most
    Bench(bench::Options),
    /// Ask for several times as much as the service can do, and see what becomes of it
    Overload(overload::Options),
    /// Lint the API's description, use a client generated from it, and look for undescribed answers
    Openapi(openapi::Options),
    /// Write docs/conformance.md from the requirement ledger
    Conformance,
}

fn main() -> ExitCode {
    let ui = ui::Ui::detect();
    let done = match Options::parse().task {
        Task::Migrate(options) => migrate::run(&options),
        Task::Test(options) => test::run(ui, &options),
        Task::Demo(options) => demo::run(ui, &options),
        Task::Fuzz(options) => fuzz::run(ui, &options),
        Task::Postgres(options) => postgres::run(ui, &options),
        Task::Fill(options) => fill::run(ui, &options),
        Task::Bench(options) => bench::run(ui, &options),
        Task::Overload(options) => overload::run(ui, &options),
        Task::Openapi(options) => openapi::run(ui, &options),
        Task::Conformance => conformance::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui.failure(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
