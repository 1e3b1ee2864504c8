//! Files, line by line, whatever their size.

use std::io::{BufRead, BufReader, Read};

use anyhow::{Context as _, ensure};
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
    input: BufReader<Box<dyn Read>>,
    number: u64,
    longest: usize,
}

/// Rows below a header.
pub struct Rows {
    input: csv::Reader<Box<dyn Read>>,
    columns: Vec<Option<Column>>,
    record: StringRecord,
}

impl Lines {
    /// Begins to read. `longest` is how many bytes a line of JSON may have.
    ///
    /// # Errors
    /// A file that cannot be read, or CSV whose header names no attributes.
    pub fn open(
        input: Box<dyn Read>,
        format: Format,
        resource_type: &ResourceType,
        longest: usize,
    ) -> anyhow::Result<Self> {
        match format {
            Format::Jsonl => {
                let input = BufReader::with_capacity(1 << 17, input);
                Ok(Self::Jsonl(JsonLines { input, number: 0, longest }))
            }
            Format::Csv => Ok(Self::Csv(Box::new(Rows::open(input, resource_type)?))),
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
    fn open(input: Box<dyn Read>, resource_type: &ResourceType) -> anyhow::Result<Self> {
        let mut input = csv::ReaderBuilder::new().buffer_capacity(1 << 17).from_reader(input);
        let header = input.headers().context("cannot read the header")?;
        let columns = header.iter().map(|it| Column::read(resource_type, it));
        let columns: Vec<_> = columns.collect::<anyhow::Result<_>>()?;
        for (at, column) in columns.iter().enumerate() {
            let twice = column.is_some() && columns.iter().take(at).any(|it| it == column);
            ensure!(!twice, "the column {:?} is there twice", header.get(at).unwrap_or_default());
        }
        Ok(Self { input, columns, record: StringRecord::new() })
    }

    fn next(&mut self) -> anyhow::Result<Option<Line>> {
        let before = self.input.position().line();
        let read = match self.input.read_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) => Ok(columns::user(&self.columns, self.record.iter())),
            Err(error) => Err(unreadable(error)?),
        };
        let number = self.record.position().map_or(before, csv::Position::line);
        Ok(Some(Line { number, read }))
    }
}

/// What is wrong with one row. Everything else ends the reading.
fn unreadable(error: csv::Error) -> anyhow::Result<String> {
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Ok(format!("The row has {len} cells, and the header {expected_len}."))
        }
        ErrorKind::Utf8 { .. } => Ok("The row is no UTF-8.".to_owned()),
        _ => Err(error).context("cannot read on"),
    }
}

#[cfg(test)]
mod tests;
