//! A running scimd, and its commands beside it.

use std::fmt::Display;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::http::{Answer, Request};

/// No step of a test may take longer.
pub const BOUND: Duration = Duration::from_secs(30);

/// A place for one scimd: a directory, and settings.
pub struct Place {
    directory: TempDir,
    settings: Vec<(String, String)>,
}

impl Place {
    /// In the development profile, on a free port of loopback.
    pub fn development() -> Self {
        Self::bare().with("SCIMD_PROFILE", "development").with("SCIMD__SERVER__BIND", "127.0.0.1:0")
    }

    /// With nothing set.
    pub fn bare() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), settings: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: &(impl Display + ?Sized)) -> Self {
        self.settings.push((name.to_owned(), value.to_string()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The binary with these settings alone.
    pub fn command(&self, words: &[&str]) -> Command {
        self.command_behind(&[], words)
    }

    /// The same, as the last words of a command that runs another.
    pub fn command_behind(&self, before: &[&str], words: &[&str]) -> Command {
        let all = [before, &[env!("CARGO_BIN_EXE_scimd")], words].concat();
        let mut command = Command::new(all[0]);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SCIMD_") {
                command.env_remove(name);
            }
        }
        command.current_dir(self.directory.path());
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.args(&all[1..]).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs a command that must succeed, and reads its JSON.
    pub fn ask(&self, words: &[&str]) -> Value {
        let output = self.command(words).arg("--json").output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs a command that must be refused, and gives its one line.
    pub fn refused(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{words:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{words:?}: {said}");
        said
    }

    /// Serves, and waits until it does.
    pub fn serve(self) -> Instance {
        self.serve_behind(&[])
    }

    /// Serves behind a command that becomes the service in the end.
    pub fn serve_behind(self, before: &[&str]) -> Instance {
        let log = std::fs::File::create(self.path("log")).unwrap();
        let mut command = self.command_behind(before, &["serve", "--json"]);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Ok(announced) = serde_json::from_str::<Value>(&line) else {
            let _ = child.wait();
            let log = std::fs::read_to_string(self.path("log")).unwrap();
            panic!("scimd did not start; it said {line:?} and logged:\n{log}");
        };
        let address = announced["address"].as_str().unwrap().parse().unwrap();
        Instance { child, place: self, address, announced, _stdout: stdout }
    }
}

/// A scimd that serves.
pub struct Instance {
    child: Child,
    pub place: Place,
    pub address: SocketAddr,
    /// What it said when it started.
    pub announced: Value,
    _stdout: BufReader<ChildStdout>,
}

impl Instance {
    /// Sends a request and reads the whole answer.
    pub fn send(&self, request: &Request) -> Answer {
        request.send(self.address)
    }

    /// The key of the first organization.
    pub fn first_key(&self) -> String {
        let file = self.announced["firstKeyFile"].as_str().unwrap();
        std::fs::read_to_string(self.place.path(file)).unwrap().trim().to_owned()
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.place.path("log")).unwrap()
    }

    /// Sends a signal, as a process manager does.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end of the process.
    pub fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        poll("the end of the process", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    pub fn stop(mut self) -> Place {
        self.signal("-TERM");
        let status = self.ended();
        assert_eq!(status.code(), Some(0), "{}", self.log());
        // The directory outlives the instance, whose own end has nothing left to do.
        let empty = Place::bare();
        std::mem::replace(&mut self.place, empty)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for a condition, within [`BOUND`].
pub fn poll(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < BOUND, "waited too long for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().unwrap().permissions().mode() & 0o777
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
