//! The file is read in a thread of its own: a signal must be heard while nothing comes from a pipe.

use std::thread::{self, JoinHandle};

use anyhow::{Context as _, anyhow};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::transfer::{Line, Lines};

/// The lines of a file, so many at a time. One batch is read while another is taken in.
pub struct Batches {
    read: Receiver<Vec<Line>>,
    reading: Option<JoinHandle<anyhow::Result<()>>>,
}

impl Batches {
    /// Begins to read.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub fn read(lines: Lines, size: usize) -> anyhow::Result<Self> {
        let (to, read) = channel(1);
        let reading = thread::Builder::new().name("reading".to_owned());
        let reading = reading.spawn(move || read_all(lines, size, &to));
        let reading = reading.context("cannot start a thread that reads")?;
        Ok(Self { read, reading: Some(reading) })
    }

    /// The next batch, which has at least one line; none at the end of the file.
    ///
    /// # Errors
    /// A file that cannot be read on. All that came before has been given out then.
    pub async fn next(&mut self) -> anyhow::Result<Option<Vec<Line>>> {
        if let Some(batch) = self.read.recv().await {
            return Ok(Some(batch));
        }
        let Some(reading) = self.reading.take() else { return Ok(None) };
        // It has let go of its end, and so ends in this moment.
        reading.join().map_err(|_| anyhow!("the reading broke off"))?.map(|()| None)
    }
}

fn read_all(mut lines: Lines, size: usize, to: &Sender<Vec<Line>>) -> anyhow::Result<()> {
    loop {
        let (batch, ended) = read_batch(&mut lines, size);
        let wanted = batch.is_empty() || to.blocking_send(batch).is_ok();
        match ended {
            Some(ended) => return ended,
            // Nobody takes in what would be read.
            None if !wanted => return Ok(()),
            None => {}
        }
    }
}

/// A batch, and how the file ended, if it did.
fn read_batch(lines: &mut Lines, size: usize) -> (Vec<Line>, Option<anyhow::Result<()>>) {
    let mut batch = Vec::with_capacity(size);
    while batch.len() < size {
        match lines.next() {
            Ok(Some(line)) => batch.push(line),
            Ok(None) => return (batch, Some(Ok(()))),
            Err(error) => return (batch, Some(Err(error))),
        }
    }
    (batch, None)
}
