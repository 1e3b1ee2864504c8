//! The file of the embedded database: made for its owner alone, and locked while its schema changes.

#[cfg(test)]
mod tests;

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Reading and writing for the owner, nothing for anybody else.
const OWNER_ONLY: u32 = 0o600;

/// The file of the embedded database.
#[derive(Debug, Clone)]
pub struct DatabaseFile(PathBuf);

impl DatabaseFile {
    /// The file at a path, which need not exist.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The directory it is in.
    pub fn directory(&self) -> &Path {
        match self.0.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            Some(_) | None => Path::new("."),
        }
    }

    /// Whether there is such a file.
    pub fn exists(&self) -> bool {
        self.0.exists()
    }

    /// Makes file and directory where they are missing, and takes the file away from everybody but
    /// its owner where it is not: it holds people's names and the hashes of keys. SQLite gives the
    /// files it puts beside it the same mode.
    ///
    /// # Errors
    /// A directory or file that cannot be made or changed.
    pub fn prepare(&self) -> anyhow::Result<()> {
        self.prepare_directory()?;
        let shown = self.0.display();
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(OWNER_ONLY)
            .open(&self.0)
            .with_context(|| format!("cannot open the database file {shown}"))?;
        let mode = file.metadata().map_or(OWNER_ONLY, |it| it.permissions().mode());
        if mode & 0o077 != 0 {
            file.set_permissions(Permissions::from_mode(OWNER_ONLY))
                .with_context(|| format!("cannot make {shown} readable by its owner only"))?;
        }
        Ok(())
    }

    /// Makes the directory, for its owner alone, if there is none.
    ///
    /// # Errors
    /// A directory that cannot be made.
    pub fn prepare_directory(&self) -> anyhow::Result<()> {
        let directory = self.directory();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .with_context(|| format!("cannot make the directory {}", directory.display()))
    }

    /// Waits until nobody else changes the schema, and keeps it so until the guard is dropped. The
    /// operating system lets go of it when the process ends, however it ends.
    ///
    /// # Errors
    /// A lock file that cannot be made or locked.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        let mut name = self.0.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        let path = self.0.with_file_name(name);
        let open = || {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(OWNER_ONLY)
                .open(&path)?;
            file.lock()?;
            Ok::<File, std::io::Error>(file)
        };
        open().map(Lock).with_context(|| format!("cannot lock {}", path.display()))
    }

    /// Writes a file for the owner alone into the database's directory and gives its path. An
    /// older one of that name is replaced.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_beside(&self, name: &str, content: &str) -> anyhow::Result<PathBuf> {
        use std::io::Write as _;

        let path = self.directory().join(name);
        let write = || {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
            let mut options = OpenOptions::new();
            let mut file = options.write(true).create_new(true).mode(OWNER_ONLY).open(&path)?;
            file.write_all(content.as_bytes())?;
            file.sync_all()
        };
        write().with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

/// Nobody else changes the schema while this lives.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held for its lock, which ends with it")] File);
