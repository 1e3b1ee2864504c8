//! scimd, a self-hosted SCIM 2.0 service: the program that wires its parts. It names every adapter
//! and decides nothing.

mod actor;
mod announcement;
mod cli;
mod clock;
mod database;
mod database_file;
mod duration;
mod first;
mod ids;
mod output;
mod partial;
mod schema;
mod secrets;
mod serve;
mod settings;
mod stop;
mod telemetry;
mod tls;
mod transfer;
mod wiring;
mod workers;

use std::io::ErrorKind;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use mimalloc::MiMalloc;
use tokio::runtime::Runtime;

use self::cli::{Cli, Command, Tools};
use self::database::Database;
use self::settings::{Environment, Loaded, Sources};

/// A request makes some hundred small pieces of memory; threads that do so at once would wait for
/// each other in the allocator of the C library.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            output::refuse(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    tls::install_provider()?;
    let as_json = cli.common.json;
    let sources = Sources { file: cli.common.config, environment: Environment::of_process() };
    // Only what needs the settings reads them.
    let load = || settings::load(&sources);
    let mut code = ExitCode::SUCCESS;
    let answer = match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => return serve::run(&load()?, as_json).map(|()| code),
        Command::Config(command) => command.run(&load()?)?,
        Command::Migrate(command) => runtime()?.block_on(command.run(&database(&load()?)?))?,
        Command::Check(command) => {
            let runtime = runtime()?;
            let ran = runtime.block_on(command.run());
            // Whoever presses Ctrl-C twice does not wait for the request that is under way.
            runtime.shutdown_background();
            let (answer, found) = ran?;
            code = found;
            answer
        }
        Command::Backup(command) => runtime()?.block_on(command.run(&database(&load()?)?))?,
        Command::Import(command) => {
            let import = async { command.run(&tools(&load()?, as_json).await?).await };
            let (answer, found) = runtime()?.block_on(import)?;
            code = found;
            answer
        }
        Command::Administer(command) => {
            let administer = async { command.run(&tools(&load()?, as_json).await?).await };
            runtime()?.block_on(administer)?
        }
    };
    match answer.print(as_json) {
        // Whoever reads has seen enough, as `scimd audit list | head` has.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(code),
        printed => printed.context("cannot write the answer").map(|()| code),
    }
}

/// What the commands work with, on a database whose schema is this program's.
async fn tools(loaded: &Loaded, as_json: bool) -> anyhow::Result<Tools> {
    let database = database(loaded)?;
    schema::check(&database).await?;
    let parts = wiring::Parts::open(&loaded.settings, &database)?;
    let administration = parts.administration(actor::of_process());
    Ok(Tools { administration, store: parts.store, as_json, clock: parts.clock })
}

fn database(loaded: &Loaded) -> anyhow::Result<Database> {
    Database::of(&loaded.settings.database.url)
}

fn runtime() -> anyhow::Result<Runtime> {
    Runtime::new().context("cannot start the runtime")
}
