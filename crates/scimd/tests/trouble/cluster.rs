//! A PostgreSQL server of one test's own, which may be killed and filled.

use std::ffi::OsString;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::instance::poll;
use crate::sql::Sql;

mod archive;
mod encryption;
mod installation;

pub use encryption::fixture;

/// What the server says, in its folder.
const LOG: &str = "server.log";

pub struct Cluster {
    directory: TempDir,
    binaries: PathBuf,
    port: u16,
    server: Option<Child>,
    /// What runs the server, and gives it its own view of the disk.
    before: Vec<String>,
    /// Settings besides those of every server.
    settings: Vec<String>,
    /// The folder with its data.
    data: &'static str,
}

impl Cluster {
    pub fn start() -> Self {
        let mut cluster = Self::make();
        cluster.restart();
        cluster
    }

    /// With a file system of this size at [`Self::space`], which it alone sees, and in which new
    /// databases are. `apart` runs a command that may mount.
    pub fn start_apart(apart: &[&str], size: &str) -> Self {
        let mut cluster = Self::make();
        let space = cluster.space();
        std::fs::create_dir(&space).unwrap();
        let space = space.display();
        let mount = format!(
            "mount -t tmpfs -o size={size} tmpfs {space} && chown postgres {space} && exec \"$@\""
        );
        let words = apart.iter().copied().chain(["sh", "-c", &mount, "-"]);
        cluster.before = words.map(str::to_owned).collect();
        cluster.restart();
        let sql = Sql::connect(&cluster.url());
        sql.run(&format!("CREATE TABLESPACE small LOCATION '{space}'"));
        sql.run("CREATE DATABASE small TABLESPACE small");
        cluster
    }

    /// Lets one of the server's programs do something to it; its files are in [`Self::path`].
    pub fn run(&self, program: &str, words: &[&str]) {
        let port = self.port.to_string();
        let mut command = self.command(program);
        command.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres"]).args(words);
        let output = command.stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {words:?}: {said}");
    }

    /// Where its small file system is.
    pub fn space(&self) -> PathBuf {
        self.path("space")
    }

    /// The id of the server's process.
    pub fn id(&self) -> u32 {
        self.server.as_ref().unwrap().id()
    }

    fn make() -> Self {
        let binaries = installation::find();
        // Short: a socket's path has few characters.
        let directory = tempfile::Builder::new().prefix("scimd-pg").tempdir_in("/tmp").unwrap();
        let cluster = Self {
            directory,
            binaries,
            port: free_port(),
            server: None,
            before: vec![],
            settings: vec![],
            data: "data",
        };
        give(cluster.directory.path());
        let words =
            ["--auth=trust", "-U", "postgres", "--encoding=UTF8", "--locale=C", "--no-sync"];
        run(cluster.command("initdb").arg("-D").arg(cluster.data()).args(words));
        cluster
    }

    /// A file or folder of its own.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path(self.data)
    }

    /// One of the server's programs, which refuse to run as root.
    fn command(&self, name: &str) -> Command {
        self.command_behind(&[], name)
    }

    fn command_behind(&self, before: &[String], name: &str) -> Command {
        let mut words: Vec<OsString> = before.iter().map(OsString::from).collect();
        if is_root() {
            let user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];
            words.extend(user.map(OsString::from));
        }
        words.push(self.binaries.join(name).into());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        command.current_dir(self.directory.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts the server and waits until it answers.
    pub fn restart(&mut self) {
        let mut command = self.command_behind(&self.before, "postgres");
        command.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        command.arg("-k").arg(self.directory.path());
        for option in ["listen_addresses=127.0.0.1", "max_connections=120", "fsync=off"] {
            command.args(["-c", option]);
        }
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        let log = File::create(self.path(LOG)).unwrap();
        command.stdout(log.try_clone().unwrap()).stderr(log);
        self.server = Some(command.spawn().unwrap());
        poll("the server", || {
            let ended = self.server.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "the server ended with {ended:?}:\n{}", self.last_words());
            self.answers()
        });
    }

    fn answers(&self) -> bool {
        let port = self.port.to_string();
        let asked = self.command("pg_isready").args(["-h", "127.0.0.1", "-p", &port]).status();
        asked.unwrap().success()
    }

    /// The last lines of its log.
    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.path(LOG)).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }

    /// Ends it without letting it finish anything, as a crash of the machine would.
    pub fn kill(&mut self) {
        self.end().unwrap();
    }

    fn end(&mut self) -> std::io::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        // Where it has ended by itself, there is nobody to tell, and it is waited for all the same.
        Command::new("kill").args(["-QUIT", &server.id().to_string()]).status()?;
        server.wait().map(drop)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A test that fails says why; a second panic would hide it.
        let _ = self.end();
    }
}

/// Gives a file or folder to whoever the server runs as.
fn give(path: &Path) {
    if is_root() {
        run(Command::new("chown").arg("postgres").arg(path));
    }
}

pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

fn run(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}");
}

/// Taken again in the next moment, most likely by the one who asked.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
