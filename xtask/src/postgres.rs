//! A PostgreSQL of the task's own: a new cluster in a temporary folder, on a free port of loopback,
//! thrown away at the end. `cargo xtask postgres` keeps one up for as long as you like.

mod installation;

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use tempfile::TempDir;

use crate::service::free_address;
use crate::shell;
use crate::ui::Ui;
use installation::Installation;

/// What tests that need PostgreSQL read.
const VARIABLE: &str = "SCIMD_TEST_POSTGRES";
const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);
/// Somebody may take a free port before PostgreSQL does.
const ATTEMPTS: usize = 3;
/// What the server says, in its folder.
const LOG: &str = "postgres.log";

/// What a commit is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// As in production: what is committed is on the disk. For benchmarks.
    Durable,
    /// Lost with the machine, and quick. For tests.
    Fleeting,
}

impl Durability {
    /// Settings beyond those that every cluster of ours has.
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Durable => &["fsync=on", "shared_buffers=256MB", "max_wal_size=4GB"],
            Self::Fleeting => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "shared_buffers=64MB",
            ],
        }
    }
}

/// A running cluster. Dropping it ends the server and removes its folder.
#[derive(Debug)]
pub struct Postgres {
    server: Child,
    port: u16,
    installation: Installation,
    // Last, so that it goes when the server has ended.
    directory: TempDir,
}

/// Whom the server runs as: it refuses to be root.
#[derive(Clone, Copy, Debug)]
struct Account {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Makes a cluster, starts it and waits until it answers. Where PostgreSQL is missing and can be
    /// installed, it is.
    ///
    /// # Errors
    /// When there is no PostgreSQL, or it does not start; the message carries the end of its log.
    pub fn start(ui: Ui, durability: Durability) -> Result<Self> {
        let installation = Installation::find_or_install(ui)?;
        let directory = tempfile::Builder::new().prefix("scimd-postgres-").tempdir()?;
        let account = Account::beside(directory.path())?;
        initialise(&installation, directory.path(), account)?;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let port = free_address()?.port();
            match serve(&installation, directory.path(), account, durability, port) {
                Ok(server) => return Ok(Self { server, port, installation, directory }),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("no attempt to start PostgreSQL")?)
    }

    /// The address of the database that every cluster has.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// What tests are told: the address of the database, and where the programs are that made it.
    pub fn variables(&self) -> [(&'static str, OsString); 2] {
        let folder = self.installation.folder().as_os_str().to_owned();
        [(VARIABLE, self.url().into()), (installation::VARIABLE, folder)]
    }

    /// Makes an empty database and answers its address.
    ///
    /// # Errors
    /// When there is one of that name already.
    pub fn create_database(&self, name: &str) -> Result<String> {
        let mut command = Command::new(self.installation.program("createdb"));
        command.args(["--host", "127.0.0.1", "--username", "postgres", "--port"]);
        let made = command.arg(self.port.to_string()).arg(name).output()?;
        let said = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "could not create the database {name}: {}", said.trim());
        Ok(self.url_of(name))
    }

    /// Whether the server has ended by itself, with the end of its log.
    ///
    /// # Errors
    /// When it has.
    pub fn check(&mut self) -> Result<()> {
        match self.server.try_wait()? {
            None => Ok(()),
            Some(status) => {
                bail!("PostgreSQL ended with {status}:\n{}", last_words(self.directory.path()))
            }
        }
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        stop(&mut self.server);
    }
}

impl Account {
    /// Ours; or where we are root, an unprivileged one that gets the folder.
    fn beside(directory: &Path) -> Result<Option<Self>> {
        if directory.metadata()?.uid() != 0 {
            return Ok(None);
        }
        let found = ["postgres", "nobody"].into_iter().find_map(|name| {
            Some(Self { user: number_of("-u", name)?, group: number_of("-g", name)? })
        });
        let account = found.context(
            "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody",
        )?;
        chown(directory, Some(account.user), Some(account.group))?;
        Ok(Some(account))
    }
}

/// What `id` says of a user, if there is one of that name.
fn number_of(what: &str, name: &str) -> Option<u32> {
    let said = Command::new("id").args([what, name]).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(said.stdout).ok()?.trim().parse().ok()
}

/// A command in the folder, as the account.
fn as_account(mut command: Command, directory: &Path, account: Option<Account>) -> Command {
    command.current_dir(directory).stdin(Stdio::null());
    // Only the C locale is everywhere, and messages are for engineers.
    command.env("LC_ALL", "C");
    if let Some(Account { user, group }) = account {
        command.uid(user).gid(group);
    }
    command
}

fn initialise(
    installation: &Installation,
    directory: &Path,
    account: Option<Account>,
) -> Result<()> {
    let mut command = Command::new(installation.program("initdb"));
    command.args(["--auth=trust", "-U", "postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]);
    command.arg("--pgdata").arg(directory.join("data"));
    let output = as_account(command, directory, account)
        .output()
        .with_context(|| format!("could not start {}", installation.program("initdb").display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "initdb ended with {}:\n{}", output.status, said.trim());
    Ok(())
}

/// A server on that port, once it answers.
fn serve(
    installation: &Installation,
    directory: &Path,
    account: Option<Account>,
    durability: Durability,
    port: u16,
) -> Result<Child> {
    let mut command = ends_with_us(&installation.program("postgres"));
    command.arg("-D").arg(directory.join("data")).args(["-h", "127.0.0.1", "-p"]);
    command.arg(port.to_string()).arg("-k").arg(directory);
    for setting in ["max_connections=300"].iter().chain(durability.settings()) {
        command.args(["-c", setting]);
    }
    let log = File::create(directory.join(LOG)).context("could not write PostgreSQL's log")?;
    let mut server = as_account(command, directory, account)
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("could not start PostgreSQL")?;
    if let Err(error) = wait_until_ready(installation, &mut server, port) {
        stop(&mut server);
        return Err(error.context(format!("PostgreSQL said:\n{}", last_words(directory))));
    }
    Ok(server)
}

/// A command whose process the kernel asks to end should ours be killed, where util-linux is there to
/// arrange it.
fn ends_with_us(program: &Path) -> Command {
    let arranged = ["--pdeathsig", "INT"];
    if shell::succeeds(Command::new("setpriv").args(arranged).arg("true")) {
        let mut command = Command::new("setpriv");
        command.args(arranged).arg(program);
        return command;
    }
    Command::new(program)
}

fn wait_until_ready(installation: &Installation, server: &mut Child, port: u16) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < READY_WITHIN {
        if let Some(status) = server.try_wait()? {
            bail!("PostgreSQL ended at once with {status}");
        }
        let mut ask = Command::new(installation.program("pg_isready"));
        ask.args(["--host", "127.0.0.1", "--timeout", "2", "--port"]).arg(port.to_string());
        if shell::succeeds(&mut ask) {
            return Ok(());
        }
        thread::sleep(POLL);
    }
    bail!("PostgreSQL did not answer in {} s", READY_WITHIN.as_secs())
}

/// Fast shutdown, then immediate, then by force.
fn stop(server: &mut Child) {
    let id = server.id().to_string();
    for signal in ["-INT", "-QUIT", "-KILL"] {
        let begun = Instant::now();
        shell::succeeds(Command::new("kill").args([signal, &id]));
        while begun.elapsed() < STOPPED_WITHIN {
            match server.try_wait() {
                Ok(None) => thread::sleep(POLL),
                Ok(Some(_)) | Err(_) => return,
            }
        }
    }
}

fn last_words(directory: &Path) -> String {
    let log = std::fs::read_to_string(directory.join(LOG)).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(12)).copied().collect::<Vec<_>>().join("\n")
}

/// Lets Ctrl-C end what a task has started, which hears of it too, and not the task itself: it fails
/// by that, and takes its folders away.
///
/// # Errors
/// When the signal cannot be had.
pub fn leave_interrupts_to_children() -> Result<()> {
    ctrlc::set_handler(|| ()).context("could not take over Ctrl-C")
}

/// What the cluster is for.
#[derive(Args, Debug)]
pub struct Options {
    /// Keep what is committed safe from a crash of the machine, as benchmarks need it
    #[arg(long)]
    durable: bool,
}

/// Runs a cluster until Ctrl-C.
///
/// # Errors
/// When it does not start, or ends by itself.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    let durability = if options.durable { Durability::Durable } else { Durability::Fleeting };
    let (enough, told) = mpsc::channel();
    // Where nobody listens any more, the task is at its end already.
    let interrupted = move || enough.send(()).unwrap_or_default();
    ctrlc::set_handler(interrupted).context("could not take over Ctrl-C")?;
    let mut postgres = Postgres::start(ui, durability)?;
    ui.line(&format!("PostgreSQL is up until Ctrl-C: {}\n", postgres.url()));
    for (name, value) in postgres.variables() {
        ui.line(&format!("export {name}={}", value.display()));
    }
    while told.recv_timeout(Duration::from_millis(500)) == Err(mpsc::RecvTimeoutError::Timeout) {
        postgres.check()?;
    }
    drop(postgres);
    ui.line("PostgreSQL has ended, and its folder is gone");
    Ok(())
}

#[cfg(test)]
mod tests;
