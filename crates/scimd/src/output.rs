//! What the commands say: one JSON value with `--json`, text for people without it.
//!
//! The only place that writes to standard output. The log goes to standard error.

use std::io::{self, Write};

use serde_json::Value;

#[cfg(test)]
mod tests;

/// What a command answers, in both forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// For programs.
    pub json: Value,
    /// For people; whole lines, the last one without its end.
    pub text: String,
}

impl Answer {
    /// Writes one of the two forms to standard output.
    ///
    /// # Errors
    /// When nobody reads it.
    pub fn print(&self, as_json: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if as_json {
            writeln!(out, "{}", self.json)?;
        } else if !self.text.is_empty() {
            writeln!(out, "{}", self.text)?;
        }
        out.flush()
    }
}

/// Writes one line of an answer that comes bit by bit.
///
/// # Errors
/// When nobody reads it.
pub fn tell(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Writes the one line of a refusal to standard error.
pub fn refuse(error: &anyhow::Error) {
    let line = one_line(&format!("{error:#}"));
    // Where standard error is closed, the exit code still says it.
    let _ = writeln!(io::stderr().lock(), "scimd: {line}");
}

/// Rows below a head, each column as wide as its widest cell. Without rows: the sentence that
/// says so.
pub fn table<const N: usize>(empty: &str, head: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return empty.to_owned();
    }
    let head = head.map(str::to_uppercase);
    let cells = rows.iter().map(|row| row.each_ref().map(|text| cell(text)));
    let lines: Vec<[String; N]> = std::iter::once(head).chain(cells).collect();
    let widths = lines.iter().fold([0; N], |mut widths, line| {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = width_of(cell).max(*width);
        }
        widths
    });
    lines.iter().map(|line| aligned(line, &widths)).collect::<Vec<_>>().join("\n")
}

/// Names and values, one a line, the values below each other.
pub fn fields(pairs: &[(&str, String)]) -> String {
    let widest = pairs.iter().map(|(name, _)| width_of(name) + 1).max().unwrap_or(0);
    let line = |(name, value): &(&str, String)| {
        let name = format!("{name}:");
        format!("{name:widest$}  {}", cell(value)).trim_end().to_owned()
    };
    pairs.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn aligned<const N: usize>(row: &[String; N], widths: &[usize; N]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

/// Characters, which is the width of nearly every name.
fn width_of(text: &str) -> usize {
    text.chars().count()
}

/// One value on one line: what a name holds is shown and never obeyed by the terminal.
pub fn cell(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { one_line(text) }
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => line.push(' '),
            control if control.is_control() => line.extend(control.escape_default()),
            other => line.push(other),
        }
    }
    line
}
