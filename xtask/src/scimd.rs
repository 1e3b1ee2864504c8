//! The binary `scimd` as an operator uses it: one command, one JSON value.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// The binary and the settings it runs with.
#[derive(Debug)]
pub struct Scimd {
    binary: PathBuf,
    /// A folder of its own and the settings beyond the defaults; `None` means the caller's.
    own: Option<(PathBuf, Vec<(String, String)>)>,
}

impl Scimd {
    /// With the settings of whoever runs the task: environment, working directory and all.
    pub fn here(binary: &Path) -> Self {
        Self { binary: binary.to_owned(), own: None }
    }

    /// In a folder of its own and with these settings alone: whatever `SCIMD_…` the environment
    /// holds stays outside, so that no task ever touches somebody's real database by accident.
    pub fn alone(binary: &Path, directory: &Path, settings: Vec<(String, String)>) -> Self {
        Self { binary: binary.to_owned(), own: Some((directory.to_owned(), settings)) }
    }

    /// A command of the binary, not started yet.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        if let Some((directory, settings)) = &self.own {
            for (name, _) in std::env::vars_os() {
                if name.to_string_lossy().starts_with("SCIMD_") {
                    command.env_remove(name);
                }
            }
            command.current_dir(directory);
            command.envs(settings.iter().map(|(name, value)| (name, value)));
        }
        command.args(words);
        command
    }

    /// Runs a command with `--json` and reads the one value it prints.
    ///
    /// # Errors
    /// When it is refused (the line it says is the message) or prints anything but JSON. The message
    /// never holds the output itself, which may be a key.
    pub fn ask(&self, words: &[&str]) -> Result<Value> {
        let shown = format!("scimd {}", words.join(" "));
        let output = self
            .command(words)
            .arg("--json")
            .output()
            .with_context(|| format!("could not start `{shown}`"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`{shown}` ended with {}: {}", output.status, said.trim());
        }
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("`{shown} --json` did not print one JSON value"))
    }
}

/// A text member of what a command printed.
///
/// # Errors
/// When it is missing, or no text.
pub fn text(value: &Value, member: &str) -> Result<String> {
    value[member]
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("the command's JSON has no text `{member}`"))
}

/// A list of texts of what a command printed.
///
/// # Errors
/// When it is missing, or holds anything but texts.
pub fn texts(value: &Value, member: &str) -> Result<Vec<String>> {
    let owned = |value: &Value| value.as_str().map(str::to_owned);
    let read = || value[member].as_array()?.iter().map(owned).collect::<Option<Vec<_>>>();
    read().with_context(|| format!("the command's JSON has no list of texts `{member}`"))
}
