//! A service of the task's own: in a temporary folder, on a free port.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::scimd::Scimd;
use crate::shell;

const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(5);
/// What the service says, in its folder.
const LOG: &str = "service.log";

/// Where a service keeps its data.
#[derive(Clone, Copy, Debug)]
pub enum Database<'a> {
    /// A fresh SQLite database in the service's folder.
    Own,
    /// The database with this URL.
    At(&'a str),
}

/// A running `scimd serve`. Dropping it ends the process and removes its folder.
#[derive(Debug)]
pub struct Service {
    child: Child,
    scimd: Scimd,
    address: SocketAddr,
    directory: TempDir,
}

impl Service {
    /// Starts the binary and waits until `/readyz` says that it serves.
    ///
    /// # Errors
    /// When it ends, or is not ready in 30 s; the message carries the end of its log.
    pub fn start(binary: &Path, database: Database<'_>) -> Result<Self> {
        Self::start_with(binary, database, &[])
    }

    /// The same with some settings more, or others than a task usually has.
    ///
    /// # Errors
    /// As [`Service::start`].
    pub fn start_with(
        binary: &Path,
        database: Database<'_>,
        more: &[(&str, &str)],
    ) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("scimd-").tempdir()?;
        let address = free_address()?;
        let database = match database {
            Database::Own => format!("sqlite://{}", directory.path().join("scimd.db").display()),
            Database::At(url) => url.to_owned(),
        };
        let settings = [
            ("SCIMD_PROFILE", "development"),
            ("SCIMD__SERVER__BIND", &address.to_string()),
            ("SCIMD__DATABASE__URL", &database),
        ];
        let settings = settings.iter().chain(more);
        let settings =
            settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let scimd = Scimd::alone(binary, directory.path(), settings);
        let child = spawn(&scimd, directory.path())?;
        let mut service = Self { child, scimd, address, directory };
        service.wait_until_ready()?;
        Ok(service)
    }

    /// Asks the service to end, starts it again on what it has, and answers how long it took from
    /// there until it was ready.
    ///
    /// # Errors
    /// When it does not end well, or is not ready in 30 s.
    pub fn restart(&mut self) -> Result<Duration> {
        self.terminate()?;
        let begun = Instant::now();
        self.child = spawn(&self.scimd, self.directory.path())?;
        self.wait_until_ready()?;
        Ok(begun.elapsed())
    }

    /// The binary with this service's settings, to administer it.
    pub fn scimd(&self) -> &Scimd {
        &self.scimd
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of SCIM, as an administrator would give it to Okta.
    pub fn base_url(&self) -> String {
        format!("http://{}/scim/v2", self.address)
    }

    /// The process, to read its memory.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the service to end, as an operator's process manager does, and waits for it.
    ///
    /// # Errors
    /// When it does not end in 30 s, or not with success.
    pub fn stop(mut self) -> Result<()> {
        self.terminate()
    }

    fn terminate(&mut self) -> Result<()> {
        let id = self.child.id().to_string();
        if !shell::succeeds(Command::new("kill").args(["-TERM", &id])) {
            self.child.kill().context("could not end the service")?;
            self.child.wait()?;
            return Ok(());
        }
        let begun = Instant::now();
        while begun.elapsed() < STOPPED_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                return self.ended_well(status);
            }
            thread::sleep(POLL);
        }
        bail!("the service did not stop in {} s after SIGTERM", STOPPED_WITHIN.as_secs())
    }

    /// The last lines of its log, for a message about a failure.
    pub fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.directory.path().join(LOG)).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.iter().skip(lines.len().saturating_sub(12)).copied().collect::<Vec<_>>().join("\n")
    }

    fn ended_well(&self, status: ExitStatus) -> Result<()> {
        if status.success() {
            return Ok(());
        }
        bail!("the service ended with {status} after SIGTERM:\n{}", self.last_words())
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(2)))
            .build()
            .into();
        let ready = format!("http://{}/readyz", self.address);
        let begun = Instant::now();
        while begun.elapsed() < READY_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                bail!("the service ended at once with {status}:\n{}", self.last_words());
            }
            if agent.get(&ready).call().is_ok() {
                return Ok(());
            }
            thread::sleep(POLL);
        }
        let waited = READY_WITHIN.as_secs();
        bail!("the service was not ready in {waited} s:\n{}", self.last_words())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Both fail where it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's process, which says what it says in its folder.
fn spawn(scimd: &Scimd, directory: &Path) -> Result<Child> {
    let log = File::options().create(true).append(true).open(directory.join(LOG));
    let log = log.context("could not write the service's log")?;
    scimd
        .command(&["serve"])
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("could not start scimd")
}

/// An address nobody listens on now. Somebody could take it before the service does; then the
/// service says so and the task is run again.
pub fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?)
}
