//! Taking in what a backend already has: users and groups, many at a time.
//!
//! An import adds and changes, and takes nothing away that no line names. Lines come in batches;
//! each batch is one unit of work, and what it did is told line by line. Repeating an import does
//! no harm and reads each batch with a few statements where everything is there already, so one that
//! was broken off is simply repeated.

mod groups;
mod plan;
mod seats;
mod users;

use std::collections::{HashMap, HashSet};

pub use groups::ImportedGroup;
use scim_domain::{FoldedText, Json};
use sha2::{Digest as _, Sha256};

/// How many users a batch should have: what one statement inserts takes no longer than other
/// writers can wait.
pub const IMPORT_BATCH: usize = 500;

/// A line of what is imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportLine {
    /// Where it is in its file, from 1.
    pub number: u64,
    /// A SCIM User or Group.
    pub resource: Json,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It was nobody's, and is there now.
    Created,
    /// It was there, and is now what the line says.
    Updated,
    /// It was there and is as the line says.
    Unchanged,
    /// Nothing was done, for the reason in this sentence.
    Refused(String),
}

/// Whether an import changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportRun {
    /// It does.
    Real,
    /// It only tells what it would do.
    Dry,
}

/// What an import of users remembers from batch to batch: some tens of bytes a line.
#[derive(Debug)]
pub struct UserImport {
    run: ImportRun,
    /// The line of each `userName`, by the beginning of its digest.
    lines: HashMap<[u8; 16], u64>,
    /// Seats that a dry run would have taken so far; freed ones count against them.
    taken: i64,
}

impl UserImport {
    /// An import that begins.
    pub fn new(run: ImportRun) -> Self {
        Self { run, lines: HashMap::new(), taken: 0 }
    }

    /// Remembers whom a line is about; answers an earlier line about the same.
    fn earlier(&mut self, name: &FoldedText, line: u64) -> Option<u64> {
        // The same line again is its batch, given again.
        Some(*self.lines.entry(digest(name)).or_insert(line)).filter(|it| *it != line)
    }
}

/// What an import of groups remembers from line to line: nothing if it is real, and 16 bytes for
/// each group that a dry run would have made.
#[derive(Debug)]
pub struct GroupImport {
    run: ImportRun,
    /// The beginnings of the digests of their names.
    foreseen: HashSet<[u8; 16]>,
}

impl GroupImport {
    /// An import that begins.
    pub fn new(run: ImportRun) -> Self {
        Self { run, foreseen: HashSet::new() }
    }

    /// Remembers a group that a dry run would have made; answers whether no earlier line makes it.
    fn foresee(&mut self, name: &FoldedText) -> bool {
        self.foreseen.insert(digest(name))
    }

    /// Whether a dry run would have made the group of this name.
    fn foresees(&self, name: &FoldedText) -> bool {
        self.foreseen.contains(&digest(name))
    }
}

fn digest(name: &FoldedText) -> [u8; 16] {
    let digest = Sha256::digest(name.as_str().as_bytes());
    let mut beginning = [0; 16];
    beginning.copy_from_slice(&digest[..16]);
    beginning
}
