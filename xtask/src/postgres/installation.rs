//! Where PostgreSQL is installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::shell;
use crate::ui::Ui;

/// Where to look first; and where tests look that start a server of their own.
pub const VARIABLE: &str = "SCIMD_TEST_POSTGRES_BIN";
/// Where Debian and its relatives keep a folder for each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// What tasks run, and tests.
const PROGRAMS: [&str; 7] =
    ["postgres", "initdb", "createdb", "pg_isready", "pg_dump", "pg_restore", "pg_basebackup"];
/// The oldest version that scimd is tested with.
const OLDEST: u32 = 15;

/// A folder with the programs of a PostgreSQL that is new enough.
#[derive(Debug)]
pub struct Installation {
    folder: PathBuf,
}

impl Installation {
    /// The one that is there, or else the one that the system's packages bring.
    ///
    /// # Errors
    /// When there is none; the message says what to install.
    pub fn find_or_install(ui: Ui) -> Result<Self> {
        match Self::find()? {
            Some(found) => return Ok(found),
            None if may_install() => install(ui)?,
            None => {}
        }
        Self::find()?.with_context(|| {
            format!(
                "no PostgreSQL {OLDEST} or newer: install its server (`apt-get install postgresql`, \
                 `dnf install postgresql-server`, `brew install postgresql@{OLDEST}`), or set \
                 {VARIABLE} to the folder of initdb"
            )
        })
    }

    /// Where its programs are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of one of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The chosen one; else the newest of the system's; else the one of the search path.
    ///
    /// # Errors
    /// When one was chosen that will not do.
    fn find() -> Result<Option<Self>> {
        if let Some(chosen) = std::env::var_os(VARIABLE) {
            let folder = PathBuf::from(chosen);
            let version = version_in(&folder);
            ensure!(
                version.is_some_and(|version| version >= OLDEST),
                "{VARIABLE}={} holds no PostgreSQL {OLDEST} or newer with {}",
                folder.display(),
                PROGRAMS.join(", ")
            );
            return Ok(Some(Self { folder }));
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders = newest_first(&children(Path::new(VERSIONS)));
        folders.extend(std::env::split_paths(&path));
        let fits = |folder: &PathBuf| version_in(folder).is_some_and(|version| version >= OLDEST);
        Ok(folders.into_iter().find(fits).map(|folder| Self { folder }))
    }
}

/// The folders of programs among folders that are named by their version.
fn newest_first(folders: &[PathBuf]) -> Vec<PathBuf> {
    let version = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let mut known: Vec<_> =
        folders.iter().filter_map(|folder| Some((version(folder)?, folder.join("bin")))).collect();
    known.sort();
    known.into_iter().rev().map(|(_, folder)| folder).collect()
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// The major version of the server in a folder that has all programs.
fn version_in(folder: &Path) -> Option<u32> {
    if !PROGRAMS.iter().all(|program| folder.join(program).is_file()) {
        return None;
    }
    let said = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    major(&String::from_utf8_lossy(&said.stdout))
}

/// The major version in `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
fn major(said: &str) -> Option<u32> {
    let number = said.split_once("(PostgreSQL) ")?.1;
    let digits = number.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Whether this is a machine whose packages are ours to change: root's, with Debian's tools.
fn may_install() -> bool {
    let root = Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n");
    root && shell::succeeds(Command::new("apt-get").arg("--version"))
}

fn install(ui: Ui) -> Result<()> {
    ui.line("PostgreSQL is missing here, and tests need it: installing it with apt-get …");
    for words in [&["update"][..], &["install", "-y", "--no-install-recommends", "postgresql"]] {
        let output = Command::new("apt-get")
            .args(words)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .output()
            .context("could not start apt-get")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`apt-get {}` ended with {}:\n{said}", words.join(" "), output.status);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
