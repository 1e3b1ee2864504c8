//! A body that is made piece by piece elsewhere. If that stops before the end, the connection is
//! broken off: half an answer never looks like a whole one.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};
use tokio::sync::mpsc;

/// A text of so many bytes is a piece.
const PIECE: usize = 64 * 1024;

/// The two ends: one piece is on its way between them at most.
pub(super) fn pieces() -> (Outlet, Pieces) {
    let (sender, receiver) = mpsc::channel(1);
    let outlet =
        Outlet { text: String::new(), sender, waited: Duration::ZERO, waiting_since: None };
    (outlet, Pieces { receiver, ended: false })
}

struct Piece {
    bytes: Bytes,
    last: bool,
}

/// Where the text goes out.
pub(super) struct Outlet {
    text: String,
    sender: mpsc::Sender<Piece>,
    waited: Duration,
    waiting_since: Option<Instant>,
}

/// Nobody takes it any more.
#[derive(Debug)]
pub(super) struct Gone;

impl Outlet {
    /// Where to write.
    pub(super) const fn text(&mut self) -> &mut String {
        &mut self.text
    }

    /// Sends what was written, if it is enough for a piece, as soon as the one before was taken.
    pub(super) async fn flow(&mut self) -> Result<(), Gone> {
        if self.text.len() < PIECE {
            return Ok(());
        }
        // The next piece will be about as long as this one.
        let next = String::with_capacity(self.text.capacity());
        let bytes = std::mem::replace(&mut self.text, next).into();
        self.send(Piece { bytes, last: false }).await
    }

    /// Sends the rest and says that it is the end.
    pub(super) async fn end(&mut self) -> Result<(), Gone> {
        let bytes = std::mem::take(&mut self.text).into();
        self.send(Piece { bytes, last: true }).await
    }

    async fn send(&mut self, piece: Piece) -> Result<(), Gone> {
        self.waiting_since = Some(Instant::now());
        let sent = self.sender.send(piece).await;
        self.waited = self.waited();
        self.waiting_since = None;
        sent.map_err(|_| Gone)
    }

    /// How long pieces have waited for the client to take the ones before, the one included that
    /// still does, or did when it was given up.
    pub(super) fn waited(&self) -> Duration {
        self.waited + self.waiting_since.map_or(Duration::ZERO, |it| it.elapsed())
    }
}

/// The body of the answer.
#[derive(Debug)]
pub(super) struct Pieces {
    receiver: mpsc::Receiver<Piece>,
    ended: bool,
}

/// It stopped before the end. Why, the log tells.
#[derive(Debug)]
pub(super) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer was broken off")
    }
}

impl Error for BrokenOff {}

impl MessageBody for Pieces {
    type Error = BrokenOff;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BrokenOff>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        Poll::Ready(match ready!(self.receiver.poll_recv(cx)) {
            Some(Piece { bytes, last }) => {
                self.ended = last;
                Some(Ok(bytes))
            }
            None => Some(Err(BrokenOff)),
        })
    }
}

#[cfg(test)]
mod tests;
