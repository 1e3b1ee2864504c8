//! What became of the lines of an import.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use scim_app::administration::{ImportLine, Imported, ImportedGroup};
use scim_domain::Json;
use serde_json::{Value, json};

use crate::output::{Answer, cell};
use crate::partial::Taken;
use crate::transfer::{Destination, Kind};

/// What the answer tells of at most: lines that were refused, and members that were left out. The
/// report file has all of it.
const TOLD: usize = 20;
/// A line of a report is far shorter.
const LONGEST: u64 = 1 << 20;

/// How many lines had which outcome.
#[derive(Debug, Default)]
struct Counts {
    created: u64,
    updated: u64,
    unchanged: u64,
    refused: u64,
    /// Members of groups that joined.
    joined: u64,
    /// Those that did not.
    left_out: u64,
}

/// What became of the lines so far.
pub struct Report {
    kind: Kind,
    dry_run: bool,
    file: Option<(PathBuf, Destination)>,
    counts: Counts,
    /// All lines up to this one have become what they became.
    last_line: u64,
    told: Vec<Value>,
    /// How much there was to be told.
    tellings: usize,
}

impl Report {
    /// Begins, with the file for what is refused if one is wanted. It replaces an earlier one when
    /// it ends, so that the same command can be given again.
    ///
    /// # Errors
    /// A file that cannot be made, or would replace something that is no report.
    pub fn begin(kind: Kind, dry_run: bool, path: Option<&Path>) -> anyhow::Result<Self> {
        let begin = |path: &Path| -> anyhow::Result<_> {
            let replaces = replaces_a_report(path);
            let replaces = replaces.with_context(|| format!("cannot read {}", path.display()))?;
            ensure!(replaces, "{} is there already, and is no report", path.display());
            Ok((path.to_owned(), Destination::file(path, Taken::Replaced)?))
        };
        Ok(Self {
            kind,
            dry_run,
            file: path.map(begin).transpose()?,
            counts: Counts::default(),
            last_line: 0,
            told: Vec::new(),
            tellings: 0,
        })
    }

    /// That all lines up to this one have become what they became.
    pub fn reached(&mut self, line: Option<u64>) {
        self.last_line = line.unwrap_or(self.last_line);
    }

    /// A line that holds no resource.
    ///
    /// # Errors
    /// A report file that cannot be written; so for all that follow.
    pub fn unreadable(&mut self, line: u64, reason: String) -> anyhow::Result<()> {
        self.count(line, "", Imported::Refused(reason))
    }

    /// What became of a user.
    pub fn user(&mut self, line: &ImportLine, outcome: Imported) -> anyhow::Result<()> {
        self.count(line.number, name(line, "userName"), outcome)
    }

    /// What became of a group.
    pub fn group(&mut self, line: &ImportLine, done: ImportedGroup) -> anyhow::Result<()> {
        let name = name(line, "displayName");
        self.counts.joined = self.counts.joined.saturating_add(done.joined);
        if done.left_out > 0 {
            self.counts.left_out = self.counts.left_out.saturating_add(done.left_out);
            let reason = format!(
                "{} members were left out: nobody has this id or name yet, or groups cannot be \
                 members.",
                done.left_out
            );
            self.tell(json!({
                "line": line.number,
                "name": name,
                "outcome": "members_left_out",
                "reason": reason,
                "examples": done.examples,
            }))?;
        }
        self.count(line.number, name, done.outcome)
    }

    fn count(&mut self, line: u64, name: &str, outcome: Imported) -> anyhow::Result<()> {
        match outcome {
            Imported::Created => self.counts.created += 1,
            Imported::Updated => self.counts.updated += 1,
            Imported::Unchanged => self.counts.unchanged += 1,
            Imported::Refused(reason) => {
                self.counts.refused += 1;
                let refused =
                    json!({ "line": line, "name": name, "outcome": "refused", "reason": reason });
                self.tell(refused)?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, what: Value) -> anyhow::Result<()> {
        if let Some((_, file)) = &mut self.file {
            writeln!(file, "{what}")?;
        }
        self.tellings += 1;
        if self.told.len() < TOLD {
            self.told.push(what);
        }
        Ok(())
    }

    /// For the bar.
    pub fn so_far(&self) -> String {
        let Counts { created, updated, unchanged, refused, .. } = self.counts;
        format!("{created} created, {updated} updated, {unchanged} unchanged, {refused} refused")
    }

    /// What to say when it breaks off.
    pub fn interrupted(&self) -> String {
        let place = match self.last_line {
            0 => "at its beginning".to_owned(),
            line => format!("after line {line}"),
        };
        let so_far = self.so_far();
        format!("the import broke off {place} ({so_far}); give the same command again to go on")
    }

    /// The answer; the code is 1 if anything was refused.
    ///
    /// # Errors
    /// A report file that cannot be written.
    pub fn end(mut self) -> anyhow::Result<(Answer, ExitCode)> {
        let file = self.file.take();
        let path = file.as_ref().map(|(path, _)| path.clone());
        file.map_or(Ok(()), |(_, file)| file.finish())?;
        let code = ExitCode::from(u8::from(self.counts.refused + self.counts.left_out > 0));
        Ok((Answer { json: self.json(), text: self.text(path.as_deref()) }, code))
    }

    fn json(&self) -> Value {
        let mut json = json!({
            "dryRun": self.dry_run,
            "created": self.counts.created,
            "updated": self.counts.updated,
            "unchanged": self.counts.unchanged,
            "refused": self.counts.refused,
            "told": self.told,
        });
        if let (Some(object), Kind::Groups) = (json.as_object_mut(), self.kind) {
            object.insert("membersJoined".to_owned(), json!(self.counts.joined));
            object.insert("membersLeftOut".to_owned(), json!(self.counts.left_out));
        }
        json
    }

    fn text(&self, report: Option<&Path>) -> String {
        let what = match self.kind {
            Kind::Users => "users",
            Kind::Groups => "groups",
        };
        let would = if self.dry_run { " (dry run: nothing was changed)" } else { "" };
        let mut text = format!("{what}: {}{would}", self.so_far());
        if self.kind == Kind::Groups {
            let members = format!(
                "\nmembers: {} joined, {} left out",
                self.counts.joined, self.counts.left_out
            );
            text.push_str(&members);
        }
        for it in &self.told {
            let word = |key: &str| it[key].as_str().unwrap_or_default();
            let line = format!("\nline {}: {}: {}", it["line"], cell(word("name")), word("reason"));
            text.push_str(&line);
        }
        if self.tellings > TOLD {
            let hint = match report {
                Some(path) => format!("\n… {} has all {} of them.", path.display(), self.tellings),
                None => "\n… --report FILE writes all of them to a file.".to_owned(),
            };
            text.push_str(&hint);
        }
        text
    }
}

/// Whether there is nothing at the path, or an earlier report: what people have mistyped stays.
fn replaces_a_report(path: &Path) -> io::Result<bool> {
    match path.symlink_metadata() {
        Ok(there) if !there.is_file() => return Ok(false),
        Ok(there) if there.len() == 0 => return Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    let mut first = Vec::new();
    BufReader::new(File::open(path)?.take(LONGEST)).read_until(b'\n', &mut first)?;
    let first: Value = serde_json::from_slice(&first).unwrap_or_default();
    Ok(first["line"].is_u64() && first["outcome"].is_string())
}

/// Whom a line is about, as it says itself.
fn name<'a>(line: &'a ImportLine, attribute: &str) -> &'a str {
    line.resource.get(attribute).and_then(Json::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
