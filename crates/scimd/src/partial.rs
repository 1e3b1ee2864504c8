//! Files that get their name when they are whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

/// What becomes of a file that has the name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It stays as it is, and nothing gets its name.
    Stays,
    /// It is replaced.
    Replaced,
}

/// A file that is being written, under the name of what it becomes with `.partial` behind. Gone with
/// this, unless it is kept.
#[derive(Debug)]
pub struct Partial {
    path: PathBuf,
    file: File,
    output: PathBuf,
    taken: Taken,
}

impl Partial {
    /// An empty file for its owner alone, beside the one that it becomes. What a command that was
    /// killed has left under its name is replaced.
    ///
    /// # Errors
    /// A name that is taken and must stay, or a file that cannot be made.
    pub fn make(output: &Path, taken: Taken) -> anyhow::Result<Self> {
        let mut name = output.file_name().context("the output names no file")?.to_owned();
        ensure!(taken == Taken::Replaced || !is_there(output), overwrites_nothing(output));
        name.push(".partial");
        let path = output.with_file_name(name);
        let make = || {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)
        };
        let file = make().with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self { path, file, output: output.to_owned(), taken })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it becomes.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// The file, to be written.
    ///
    /// # Errors
    /// When the process has too many files open.
    pub fn file(&self) -> anyhow::Result<File> {
        self.file.try_clone().with_context(|| format!("cannot open {}", self.path.display()))
    }

    /// Makes it durable and gives it its name; answers its size in bytes.
    ///
    /// # Errors
    /// A name that somebody has taken meanwhile and that must stay, or a disk that is full.
    pub fn keep(self) -> anyhow::Result<u64> {
        let shown = self.output.display();
        ensure!(self.is_in_place(), "cannot keep {shown}: another command writes it");
        let kept = self.file.sync_all().and_then(|()| self.name());
        match kept {
            Ok(()) => {
                Ok(self.file.metadata().with_context(|| format!("cannot read {shown}"))?.len())
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(anyhow::Error::msg(overwrites_nothing(&self.output)))
            }
            Err(error) => Err(error).with_context(|| format!("cannot keep {shown}")),
        }
    }

    fn name(&self) -> io::Result<()> {
        match self.taken {
            Taken::Replaced => fs::rename(&self.path, &self.output)?,
            // Unlike renaming, this overwrites nothing; not every file system has it.
            Taken::Stays => {
                if let Err(error) = fs::hard_link(&self.path, &self.output) {
                    if is_there(&self.output) {
                        return Err(error);
                    }
                    fs::rename(&self.path, &self.output)?;
                }
            }
        }
        let directory = self.output.parent().filter(|it| !it.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
    }

    /// Whether the file at the path is still this one, and not that of another command which has
    /// begun the same since.
    fn is_in_place(&self) -> bool {
        let (Ok(there), Ok(mine)) = (fs::symlink_metadata(&self.path), self.file.metadata()) else {
            return false;
        };
        (there.dev(), there.ino()) == (mine.dev(), mine.ino())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Under its name or not at all.
        if self.is_in_place() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether something has the name, if only a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn overwrites_nothing(output: &Path) -> String {
    format!("{} is there already: the command overwrites nothing", output.display())
}

#[cfg(test)]
mod tests;
