//! Files of users and groups: what an export writes and an import reads.
//!
//! JSONL is one SCIM resource a line. CSV is one user a row, under attribute paths: a header such as
//! `emails.value` is the first element of a list, `emails.2.value` the second, and attributes of an
//! extension stand under its URN or, where only one extension has them, by their name alone.

mod cells;
mod columns;
mod destination;
mod reading;
mod writing;

use std::path::Path;

use clap::ValueEnum;

pub use self::destination::Destination;
pub use self::reading::{Line, Lines};
pub use self::writing::{Columns, csv_row, gather, header};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values below a header
    Csv,
}

impl Format {
    /// By the ending of a file's name.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Users
    Users,
    /// Groups with their members
    Groups,
}
