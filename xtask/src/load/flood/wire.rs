//! A connection for one of very many requests.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Poll, ready};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncRead as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use crate::load::wire::{Body, header, parse};

thread_local! {
    /// Room for what is read at once, most of a page: one for all of the thousands that wait.
    static ROOM: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

pub struct Wire {
    stream: TcpStream,
}

/// As much of an answer as is counted.
pub struct Answer {
    pub status: u16,
    /// Whether it says in whole seconds when to come again.
    pub when: bool,
    /// Whether it is the last one of its connection.
    pub last: bool,
}

impl Wire {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("could not connect")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream })
    }

    /// Whether the server has not closed it while there was nothing to say.
    pub fn is_open(&self) -> bool {
        let read = self.stream.try_read(&mut [0]);
        read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    /// Sends a request and reads the whole answer, of which only the head is kept.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await.context("could not send")?;
        let mut begun = Vec::new();
        let frame = loop {
            self.read(|piece| begun.extend_from_slice(piece)).await?;
            if let Some(frame) = parse(&begun)? {
                break frame;
            }
        };
        let Body::Sized(length) = frame.body else {
            bail!("an answer in chunks, of which the generator reads none")
        };
        let mut missing = (frame.head + length).saturating_sub(begun.len());
        while missing > 0 {
            self.read(|piece| missing = missing.saturating_sub(piece.len())).await?;
        }
        let head = begun.get(..frame.head).unwrap_or_default();
        let when = header(head, "retry-after").and_then(|it| it.parse().ok());
        Ok(Answer {
            status: frame.status,
            when: when.is_some_and(|seconds: u32| seconds > 0),
            last: header(head, "connection").is_some_and(|it| it.eq_ignore_ascii_case("close")),
        })
    }

    /// Waits for a piece. A piece that is smaller than the room is all that there was, so nobody asks
    /// the system again.
    async fn read(&mut self, mut look: impl FnMut(&[u8])) -> Result<()> {
        let length = poll_fn(|context| {
            ROOM.with_borrow_mut(|room| {
                let mut piece = ReadBuf::new(room);
                ready!(Pin::new(&mut self.stream).poll_read(context, &mut piece))?;
                look(piece.filled());
                Poll::Ready(std::io::Result::Ok(piece.filled().len()))
            })
        });
        let length = length.await.context("no answer")?;
        ensure!(length > 0, "the connection was closed before the end of an answer");
        Ok(())
    }
}
