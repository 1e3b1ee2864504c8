//! What a task says to the person who runs it.
//!
//! Colour only on a terminal, and never with `NO_COLOR` set (<https://no-color.org>). A closed pipe
//! (`cargo xtask demo | head`) ends the talking, not the task: write errors are ignored.

use std::io::{IsTerminal as _, Write as _};

/// The terminal, as far as a task cares.
#[derive(Clone, Copy, Debug)]
pub struct Ui {
    colour: bool,
    interactive: bool,
    silent: bool,
}

/// How a piece of text is set off.
#[derive(Clone, Copy, Debug)]
pub enum Tone {
    /// Headings.
    Strong,
    /// Things in the background.
    Faint,
    /// What went as it should.
    Good,
    /// What was refused, on purpose.
    Notice,
    /// What went wrong.
    Bad,
}

impl Ui {
    /// Looks at standard output and the environment.
    pub fn detect() -> Self {
        let interactive = std::io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self { colour: interactive && !plain, interactive, silent: false }
    }

    /// Neither colour nor movement, for output that a program reads.
    #[cfg(test)]
    pub fn plain() -> Self {
        Self { colour: false, interactive: false, silent: false }
    }

    /// Says nothing but why it failed: standard output belongs to a program.
    pub fn silent() -> Self {
        Self { colour: false, interactive: false, silent: true }
    }

    /// Whether a person watches, so that a progress bar makes sense.
    pub fn interactive(self) -> bool {
        self.interactive
    }

    /// The text in its tone, or as it is where there is no colour.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Good => "32",
            Tone::Notice => "33",
            Tone::Bad => "1;31",
        };
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// One line on standard output.
    pub fn line(self, text: &str) {
        if !self.silent {
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }

    /// A heading with an empty line before it.
    pub fn heading(self, text: &str) {
        self.line(&format!("\n{}", self.paint(Tone::Strong, text)));
    }

    /// The one line that says why a task ended badly, on standard error.
    pub fn failure(self, text: &str) {
        let _ = std::io::stdout().flush();
        let _ = writeln!(std::io::stderr(), "{} {text}", self.paint(Tone::Bad, "failed:"));
    }
}

/// Cuts a text to `width` characters, the middle giving way: the start of a path and the end of a
/// query say most.
pub fn shorten(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width || width < 3 {
        return text.to_owned();
    }
    let tail = (width - 1) / 3;
    let head = width - 1 - tail;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start}…{end}")
}

/// Breaks a text into lines of at most `width` characters, between words.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests;
