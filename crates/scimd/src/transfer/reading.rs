//! Files, line by line, whatever their size.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail, ensure};
use csv::{ErrorKind, StringRecord};
use scim_domain::Json;
use scim_domain::schema::ResourceType;

use super::Format;
use super::columns::{self, Column};

/// A line of a file: where it begins, and the resource or why there is none.
#[derive(Debug)]
pub struct Line {
    /// Counts from 1; the header of CSV is a line, too.
    pub number: u64,
    /// What it holds.
    pub read: Result<Json, String>,
}

/// A file that is being read. No more of it is in memory than one line.
pub enum Lines {
    /// One JSON object a line.
    Jsonl(JsonLines),
    /// Rows below a header.
    Csv(Box<Rows>),
}

/// One JSON object a line.
pub struct JsonLines {
    input: BufReader<Box<dyn Read + Send>>,
    number: u64,
    longest: usize,
}

/// Rows below a header.
pub struct Rows {
    input: csv::Reader<Rationed>,
    ration: Arc<AtomicUsize>,
    longest: usize,
    columns: Vec<Option<Column>>,
    record: StringRecord,
}

/// How much of a file of rows is in memory before it is asked for.
const BUFFER: usize = 1 << 17;

/// Gives no more than its ration. A quote that is not closed makes one row of all that follows, and
/// the reader of rows would take it into memory.
struct Rationed {
    input: Box<dyn Read + Send>,
    ration: Arc<AtomicUsize>,
}

impl Read for Rationed {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let ration = self.ration.load(Ordering::Relaxed);
        if ration == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let most = bytes.len().min(ration);
        let read = self.input.read(&mut bytes[..most])?;
        self.ration.store(ration - read, Ordering::Relaxed);
        Ok(read)
    }
}

impl Lines {
    /// Begins to read. `longest` is how many bytes a line of JSON or a row may have.
    ///
    /// # Errors
    /// A file that cannot be read, or CSV whose header names no attributes.
    pub fn open(
        input: Box<dyn Read + Send>,
        format: Format,
        resource_type: &ResourceType,
        longest: usize,
    ) -> anyhow::Result<Self> {
        match format {
            Format::Jsonl => {
                let input = BufReader::with_capacity(1 << 17, input);
                Ok(Self::Jsonl(JsonLines { input, number: 0, longest }))
            }
            Format::Csv => Ok(Self::Csv(Box::new(Rows::open(input, resource_type, longest)?))),
        }
    }

    /// The next line that is not empty.
    ///
    /// # Errors
    /// A file that cannot be read on.
    pub fn next(&mut self) -> anyhow::Result<Option<Line>> {
        match self {
            Self::Jsonl(lines) => lines.next(),
            Self::Csv(rows) => rows.next(),
        }
    }
}

impl JsonLines {
    fn next(&mut self) -> anyhow::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            let most = self.longest as u64 + 1;
            let read = self.input.by_ref().take(most).read_until(b'\n', &mut bytes);
            if read.context("cannot read on")? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if bytes.len() > self.longest && bytes.last() != Some(&b'\n') {
                self.input.skip_until(b'\n').context("cannot read on")?;
                let reason = format!("The line is longer than {} bytes.", self.longest);
                return Ok(Some(Line { number: self.number, read: Err(reason) }));
            }
            let bom: &[u8] = b"\xEF\xBB\xBF";
            let line = if self.number == 1 { bytes.strip_prefix(bom) } else { None };
            let line = line.unwrap_or(&bytes).trim_ascii();
            if !line.is_empty() {
                let read = Json::parse(line).map_err(|it| it.detail);
                return Ok(Some(Line { number: self.number, read }));
            }
        }
    }
}

impl Rows {
    fn open(
        input: Box<dyn Read + Send>,
        resource_type: &ResourceType,
        longest: usize,
    ) -> anyhow::Result<Self> {
        let ration = Arc::new(AtomicUsize::new(ration(longest)));
        let input = Rationed { input, ration: ration.clone() };
        let mut input = csv::ReaderBuilder::new().buffer_capacity(BUFFER).from_reader(input);
        let header = match input.headers() {
            Err(error) if is_out_of_ration(&error) => bail!(too_long(1, longest)),
            header => header.context("cannot read the header")?,
        };
        let columns = header.iter().map(|it| Column::read(resource_type, it));
        let columns: Vec<_> = columns.collect::<anyhow::Result<_>>()?;
        for (at, column) in columns.iter().enumerate() {
            let twice = column.is_some() && columns.iter().take(at).any(|it| it == column);
            ensure!(!twice, "the column {:?} is there twice", header.get(at).unwrap_or_default());
        }
        Ok(Self { input, ration, longest, columns, record: StringRecord::new() })
    }

    fn next(&mut self) -> anyhow::Result<Option<Line>> {
        let before = self.input.position().clone();
        self.ration.store(ration(self.longest), Ordering::Relaxed);
        let read = self.input.read_record(&mut self.record);
        let after = self.input.position().clone();
        let began = self.record.position().map_or(before.line(), csv::Position::line);
        let read = match read {
            Err(error) if is_out_of_ration(&error) => bail!(too_long(before.line(), self.longest)),
            // What was in memory already was in no ration.
            Ok(true) | Err(_) if after.byte() - before.byte() > self.longest as u64 => {
                bail!(too_long(began, self.longest))
            }
            Ok(false) => return Ok(None),
            Ok(true) => Ok(columns::user(&self.columns, self.record.iter())),
            Err(error) => Err(unreadable(error, &self.record)?),
        };
        Ok(Some(Line { number: began, read }))
    }
}

/// For a row of so many bytes, and to see that it ends there.
const fn ration(longest: usize) -> usize {
    longest.saturating_add(1)
}

fn is_out_of_ration(error: &csv::Error) -> bool {
    matches!(error.kind(), ErrorKind::Io(it) if it.kind() == io::ErrorKind::FileTooLarge)
}

fn too_long(line: u64, longest: usize) -> String {
    format!(
        "the row that begins in line {line} is longer than {longest} bytes: a quote in it may not \
         be closed"
    )
}

/// What is wrong with one row. Everything else ends the reading.
fn unreadable(error: csv::Error, row: &StringRecord) -> anyhow::Result<String> {
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let unequal = format!("The row has {len} cells, and the header {expected_len}.");
            let breaks = row.iter().map(|cell| cell.matches('\n').count()).sum();
            Ok(match breaks {
                0_usize => unequal,
                breaks => format!(
                    "{unequal} It is {} lines long: a quote in it may not be closed.",
                    breaks + 1
                ),
            })
        }
        ErrorKind::Utf8 { .. } => Ok("The row is no UTF-8.".to_owned()),
        _ => Err(error).context("cannot read on"),
    }
}

#[cfg(test)]
mod tests;
