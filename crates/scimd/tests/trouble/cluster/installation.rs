//! Where PostgreSQL's programs are: `cargo xtask test` says so, and a test that is run by hand looks
//! for itself.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that was chosen.
const VARIABLE: &str = "SCIMD_TEST_POSTGRES_BIN";
/// Where Debian and its relatives keep a folder for each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// All that the tests run.
const PROGRAMS: [&str; 7] =
    ["postgres", "initdb", "createdb", "pg_isready", "pg_dump", "pg_restore", "pg_basebackup"];
/// The oldest version that scimd is tested with.
const OLDEST: u32 = 15;

/// The chosen folder, else the one of the newest version.
pub fn find() -> PathBuf {
    if let Some(chosen) = std::env::var_os(VARIABLE) {
        let chosen = PathBuf::from(chosen);
        if let Err(why) = check(&chosen) {
            panic!("{VARIABLE}={}: {why}", chosen.display());
        }
        return chosen;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = newest_first().into_iter().chain(std::env::split_paths(&path));
    all.find(|it| check(it).is_ok()).unwrap_or_else(|| {
        panic!(
            "this test needs a PostgreSQL {OLDEST} or newer of its own: install its server, or \
             name the folder of {} in {VARIABLE}",
            PROGRAMS.join(", ")
        )
    })
}

fn newest_first() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(VERSIONS).into_iter().flatten();
    let folders = folders.filter_map(|it| Some(it.ok()?.path()));
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut known: Vec<_> =
        folders.filter_map(|it| Some((version(&it)?, it.join("bin")))).collect();
    known.sort_unstable();
    known.into_iter().rev().map(|(_, folder)| folder).collect()
}

/// Whether a folder has all programs, and of a version that will do.
fn check(folder: &Path) -> Result<(), String> {
    if let Some(missing) = PROGRAMS.iter().find(|it| !folder.join(it).is_file()) {
        return Err(format!("there is no {missing}"));
    }
    let said = Command::new(folder.join("postgres")).arg("--version").output();
    let said = said.map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&said.stdout);
    // `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`
    let number = said.split_once("(PostgreSQL) ").map(|(_, number)| number);
    let major = number.and_then(|it| it.split(|it: char| !it.is_ascii_digit()).next());
    match major.and_then(|it| it.parse::<u32>().ok()) {
        Some(major) if major >= OLDEST => Ok(()),
        Some(_) | None => Err(format!("{OLDEST} or newer is needed, and this is {}", said.trim())),
    }
}
