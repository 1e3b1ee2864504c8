//! The signals that end the service, and commands that have something to put in order first.

use anyhow::{Context as _, bail};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM, which process managers send, and SIGINT, which Ctrl-C does.
#[derive(Debug)]
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Takes both over from the system, so that neither ends the process any more by itself.
    ///
    /// # Errors
    /// When the system does not give them.
    pub fn take() -> anyhow::Result<Self> {
        let take = |kind| signal(kind).context("cannot wait for signals");
        Ok(Self {
            terminate: take(SignalKind::terminate())?,
            interrupt: take(SignalKind::interrupt())?,
        })
    }

    /// Waits for the first of them and gives its name.
    pub async fn first(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Does something, unless a signal comes before it is done: then it is dropped where it is.
///
/// # Errors
/// A signal; and what it says itself.
pub async fn unless_stopped<T>(what: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut signals = StopSignals::take()?;
    tokio::select! {
        biased;
        done = what => done,
        signal = signals.first() => bail!("stopped by {signal}"),
    }
}
