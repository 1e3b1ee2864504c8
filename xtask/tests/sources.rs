//! House rules that can be read off the text of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// A file's length that no reader should have to scroll through.
const LONGEST: usize = 400;

/// Where a unit of work may be committed (house rule 3): the journal, and the stores that are its
/// other side.
const COMMITTERS: [&str; 4] = [
    "crates/scim-app/src/journal.rs",
    "crates/scim-app/src/journal/",
    "crates/scim-app/src/testing",
    "crates/scim-store/",
];

/// Who commits what is no change, and so has nothing to enter: gathered activity, the places of
/// entries in their chain, secrets that instances share, assertions that were used up, answers that
/// are old, index rows of what is there already, what is erased with an organization, events that
/// are old, warnings of keys that are over, and users that were deleted long ago.
const BOOKKEEPERS: [&str; 11] = [
    "crates/scim-app/src/journal",
    "crates/scim-app/src/access.rs",
    "crates/scim-app/src/activity",
    "crates/scim-app/src/sealer",
    "crates/scim-app/src/feed/retention.rs",
    "crates/scim-app/src/idempotency",
    "crates/scim-app/src/keyring",
    "crates/scim-app/src/oauth.rs",
    "crates/scim-app/src/administration/schemas.rs",
    "crates/scim-app/src/administration/organizations/lifecycle.rs",
    "crates/scim-app/src/administration/api_keys/expiry.rs",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file of the repository, without what is built, stored or fetched, by its path from the root.
fn files() -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = folder.join(&name);
            let top = folder.as_os_str().is_empty();
            let skipped = name == ".git" || (top && (name.starts_with("target") || name == "data"));
            if entry.file_type()?.is_dir() && !skipped {
                folders.push(path);
            } else if entry.file_type()?.is_file() && !skipped {
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file; `None` for one that is no text.
fn text(path: &str) -> Option<String> {
    String::from_utf8(fs::read(root().join(path)).ok()?).ok()
}

fn is_source(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// The numbers of the lines that say one of these words, comments aside.
fn says(source: &str, words: &[&str]) -> Vec<usize> {
    let lines = source.lines().map(str::trim).enumerate();
    let code = lines.filter(|(_, line)| !line.starts_with("//"));
    let said = code.filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    said.map(|(number, _)| number + 1).collect()
}

/// The places in the product's source, but for those allowed, that say one of these words.
fn places(words: &[&str], allowed: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for path in files()? {
        let product = path.starts_with("crates/") && path.contains("/src/") && is_source(&path);
        if product && !allowed.iter().any(|place| path.starts_with(place)) {
            let lines = says(&text(&path).unwrap_or_default(), words);
            found.extend(lines.into_iter().map(|line| format!("{path}:{line}")));
        }
    }
    Ok(found)
}

/// The journal's own `commit` takes the decision it enters; a unit's takes nothing.
const COMMIT: [&str; 2] = [".commit()", "UnitOfWork::commit"];

#[test]
fn only_the_journal_commits_a_unit_of_work() {
    let wrong = places(&COMMIT, &COMMITTERS).unwrap();
    assert!(wrong.is_empty(), "a change without its audit entry and events: {wrong:?}");
}

#[test]
fn only_bookkeeping_goes_past_the_journals_entries() {
    let wrong = places(&["commit_bookkeeping"], &BOOKKEEPERS).unwrap();
    assert!(wrong.is_empty(), "a change without its audit entry and events: {wrong:?}");
}

#[test]
fn a_commit_beside_the_journal_is_noticed() {
    assert_eq!(says("self.journal(caller).commit(unit, entry, decision)", &COMMIT), []);
    assert_eq!(says("// unit.commit() is the journal's alone", &COMMIT), []);
    assert_eq!(says("let a = 1;\nunit.commit().await?;", &COMMIT), [2]);
    assert_eq!(says("unit\n    .commit()\n    .await?;", &COMMIT), [2]);
}

#[test]
fn the_repository_names_no_machines_folders() {
    // Put together here, so that this file does not hold what it looks for.
    let folders = ["root", "home", "work", "mnt"].map(|name| format!("/{name}/"));
    let mut wrong = Vec::new();
    for path in files().unwrap() {
        for (number, line) in text(&path).unwrap_or_default().lines().enumerate() {
            let named = folders.iter().find(|folder| is_path(line, folder));
            wrong.extend(named.map(|folder| format!("{path}:{} ({folder})", number + 1)));
        }
    }
    assert!(wrong.is_empty(), "paths of somebody's machine: {wrong:?}");
}

/// Whether the folder is the beginning of a path in the line, and not the inside of one, or a
/// field of a password file that a test reads.
fn is_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric() && !"/.-_>}:".contains(letter))
    })
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let lines = |path: &String| text(path).map_or(0, |text| text.lines().count());
    let sources = files().unwrap().into_iter().filter(|path| is_source(path));
    let long: Vec<String> = sources.filter(|path| lines(path) > LONGEST).collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines: {long:?}");
}

#[test]
fn a_module_is_in_the_file_of_its_name() {
    let found: Vec<String> =
        files().unwrap().into_iter().filter(|path| path.ends_with("/mod.rs")).collect();
    assert!(found.is_empty(), "`foo.rs` and `foo/`, never `mod.rs`: {found:?}");
}
