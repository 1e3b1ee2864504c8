//! Where what is written goes: to a file, which has its name once it is whole, or to whoever reads
//! standard output.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::partial::{Partial, Taken};

/// Where what is written goes. Nothing of a file remains that is not finished.
pub struct Destination {
    to: BufWriter<Named>,
    partial: Option<Partial>,
}

/// Errors of writing do not say themselves which file it is.
struct Named {
    to: Box<dyn Write>,
    name: String,
}

impl Destination {
    /// Standard output.
    pub fn stdout() -> Self {
        let named = Named { to: Box::new(io::stdout()), name: "standard output".to_owned() };
        Self { to: BufWriter::new(named), partial: None }
    }

    /// A file for its owner alone.
    ///
    /// # Errors
    /// A name that is taken and must stay, or a file that cannot be made.
    pub fn file(path: &Path, taken: Taken) -> anyhow::Result<Self> {
        let partial = Partial::make(path, taken)?;
        let to = Box::new(partial.file()?);
        let named = Named { to, name: partial.output().display().to_string() };
        Ok(Self { to: BufWriter::with_capacity(1 << 17, named), partial: Some(partial) })
    }

    /// Writes what is left, and gives a file its name.
    ///
    /// # Errors
    /// What cannot be written, or a name that somebody has taken meanwhile.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.flush()?;
        self.partial.map_or(Ok(()), |it| it.keep().map(drop))
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Named {
    fn named(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("cannot write {}: {error}", self.name))
    }
}

impl Write for Named {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes).map_err(|it| self.named(&it))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush().map_err(|it| self.named(&it))
    }
}
