//! Every test of the repository, by the name under which the ledger may name it.
//!
//! A name is the crate, as much of the file's path as tells it apart, and the function:
//! `scim-http::users::a_created_user_comes_back_whole`. Folders `src` and `tests` are left out. The
//! sources are read as text: what counts is what the compiler takes for a test, also by way of the
//! macros that make a test of a function for each store or kind of database. Two kinds of test
//! have short names of their own: a check of `scimd check` (`check::users.create`), and a story of an
//! identity provider (`story::okta/create-a-user`).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;

#[cfg(test)]
mod tests;

/// Where the promises of every store are listed; each is a test of each store.
const PROMISES: &str = "crates/scim-app/src/testing/contract/macros.rs";
/// Where the functions of the promises are.
const CONTRACT: &str = "crates/scim-app/src/testing/contract/";
/// Where the checks of `scimd check` are; scimd passes them all in one of its tests.
const CHECKS: &str = "crates/scim-check/src/checks/";
/// The crate under which the ledger names a check.
const CHECK: &str = "check";
/// Where the stories of identity providers are, in a folder for each and one for what they share. A
/// test of scim-http sees to it that every folder is played.
const STORIES: &str = "crates/scim-http/tests/identity_providers/";
/// The crate under which the ledger names a story.
const STORY: &str = "story";

/// One test.
#[derive(Debug, PartialEq, Eq)]
pub struct Test {
    /// Crate, path and function; or `check` and the check's id; or `story`, its folder and file.
    segments: Vec<String>,
    /// Its file, from the root of the repository.
    pub file: String,
    ignored: bool,
}

impl Test {
    /// The function, the check's id, or the story.
    pub fn name(&self) -> &str {
        self.segments.last().map_or("", String::as_str)
    }

    /// Whether it is a check of `scimd check`.
    pub fn is_check(&self) -> bool {
        self.segments.first().is_some_and(|it| it == CHECK)
    }

    /// Whether it is a story of an identity provider.
    pub fn is_story(&self) -> bool {
        self.segments.first().is_some_and(|it| it == STORY)
    }

    /// Whether a name of the ledger means it.
    fn answers_to(&self, name: &[&str]) -> bool {
        let Some((crate_name, rest)) = name.split_first() else { return false };
        self.segments.first().is_some_and(|it| it == crate_name)
            && rest.len() < self.segments.len()
            && self.segments.iter().rev().zip(rest.iter().rev()).all(|(own, it)| own == it)
    }
}

/// All tests.
#[derive(Debug, Default)]
pub struct Evidence {
    tests: Vec<Test>,
}

impl Evidence {
    /// Reads every source and every story below `crates`, `migrations` and `xtask`.
    ///
    /// # Errors
    /// When a folder or file cannot be read.
    pub fn gather(root: &Path) -> Result<Self> {
        let promises = promises(&fs::read_to_string(root.join(PROMISES))?);
        let mut evidence = Self::default();
        for top in ["crates", "migrations", "xtask"] {
            evidence.gather_below(root, top, &promises)?;
        }
        Ok(evidence)
    }

    fn gather_below(
        &mut self,
        root: &Path,
        folder: &str,
        promises: &BTreeSet<String>,
    ) -> Result<()> {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.gather_below(root, &path, promises)?;
            } else if path.strip_suffix(".rs").is_some() {
                self.add(&path, &fs::read_to_string(root.join(&path))?, promises);
            } else if let Some(story) = story(&path) {
                let segments = vec![STORY.to_owned(), story];
                self.tests.push(Test { segments, file: path, ignored: false });
            }
        }
        Ok(())
    }

    fn add(&mut self, file: &str, source: &str, promises: &BTreeSet<String>) {
        let place = place(file);
        let mut found = functions(source);
        found.extend(told_on_both(source).map(|name| (name, false)));
        if file.starts_with(CONTRACT) {
            let kept = declared(source).filter(|it| promises.contains(it));
            found.extend(kept.map(|name| (name, false)));
        }
        for (name, ignored) in found {
            let segments = place.iter().cloned().chain([name]).collect();
            self.tests.push(Test { segments, file: file.to_owned(), ignored });
        }
        if file.starts_with(CHECKS) {
            for id in checks(source) {
                let segments = vec![CHECK.to_owned(), id];
                self.tests.push(Test { segments, file: file.to_owned(), ignored: false });
            }
        }
    }

    /// The test of a name.
    ///
    /// # Errors
    /// Why the name is no evidence: there is no such test, there are several, or it is not run.
    pub fn find(&self, name: &str) -> Result<&Test, String> {
        let segments: Vec<&str> = name.split("::").collect();
        let mut found = self.tests.iter().filter(|it| it.answers_to(&segments));
        match (found.next(), found.next()) {
            (None, _) => Err(format!("there is no test {name}")),
            (Some(_), Some(_)) => Err(format!("{name} is more than one test")),
            (Some(one), None) if one.ignored => Err(format!("{name} is ignored")),
            (Some(one), None) => Ok(one),
        }
    }
}

/// The crate and the path of a file without `src`, `tests` and the extension.
fn place(file: &str) -> Vec<String> {
    let path = file.strip_prefix("crates/").unwrap_or(file);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let parts = path.split('/').enumerate();
    let kept = parts.filter(|(at, it)| *at == 0 || !["src", "tests"].contains(it));
    kept.map(|(_, it)| it.to_owned()).collect()
}

/// The functions of a source that its `on_both!` lists: each is a test of each kind of database.
fn told_on_both(source: &str) -> impl Iterator<Item = String> + '_ {
    let list = source.split_once("\non_both!(").and_then(|(_, rest)| rest.split_once(");"));
    let listed: BTreeSet<_> =
        list.into_iter().flat_map(|(list, _)| list.split(',')).map(str::trim).collect();
    declared(source).filter(move |it| listed.contains(it.as_str()))
}

/// The test functions of a source, and whether they are ignored.
fn functions(source: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let (mut test, mut ignored) = (false, false);
    for line in source.lines().map(str::trim) {
        if let Some(attribute) = line.strip_prefix("#[") {
            let path = attribute.split(['(', ']', ' ']).next().unwrap_or_default();
            test |= path.split("::").last() == Some("test");
            ignored |= path == "ignore";
        } else if let Some(name) = function(line) {
            if test {
                found.push((name, ignored));
            }
            (test, ignored) = (false, false);
        } else if line.is_empty() || line.ends_with('}') || line.ends_with(';') {
            (test, ignored) = (false, false);
        }
    }
    found
}

/// The name of the function that a line declares.
fn function(line: &str) -> Option<String> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?;
    Some(line.split(['(', '<']).next()?.trim().to_owned())
}

fn declared(source: &str) -> impl Iterator<Item = String> + '_ {
    source.lines().filter_map(|it| function(it.trim()))
}

/// The names in the lists of `store_contract!`: every line that is one word.
fn promises(source: &str) -> BTreeSet<String> {
    let word =
        |line: &&str| !line.is_empty() && line.chars().all(|it| it.is_alphanumeric() || it == '_');
    source.lines().map(str::trim).filter(word).map(ToOwned::to_owned).collect()
}

/// The story of a file, such as `field/10-bare-members`; what lies beside the folders is none.
fn story(file: &str) -> Option<String> {
    let story = file.strip_prefix(STORIES)?.strip_suffix(".json")?;
    let (folder, name) = story.split_once('/')?;
    (folder != "runner" && !name.contains('/')).then(|| story.to_owned())
}

/// The ids in a table of checks: `"users.create" Must "RFC 7644 §3.3"`.
fn checks(source: &str) -> Vec<String> {
    let Some((_, list)) = source.split_once("\ntable! {") else { return Vec::new() };
    let list = list.split("\n}").next().unwrap_or_default();
    let one = |line: &str| {
        let (id, rest) = line.trim().strip_prefix('"')?.split_once('"')?;
        let levels = ["Must ", "Should ", "Okta ", "Entra "];
        levels.iter().any(|it| rest.trim_start().starts_with(it)).then(|| id.to_owned())
    };
    list.lines().filter_map(one).collect()
}
