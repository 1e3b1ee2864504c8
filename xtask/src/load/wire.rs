//! As much HTTP/1.1 as a load generator needs: one connection kept alive, answers with a length.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

/// An answer that takes longer ends the measurement.
const TIMEOUT: Duration = Duration::from_mins(2);

/// An answer that has no body, and no length of it.
const NO_CONTENT: u16 = 204;

/// One connection with at most one request on its way.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer that is no success.
#[derive(Debug)]
pub struct Refusal {
    status: u16,
    said: String,
}

impl Refusal {
    /// Whether the same request may be granted in a moment.
    pub fn passes(&self) -> bool {
        matches!(self.status, 429 | 503)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.said)
    }
}

impl std::error::Error for Refusal {}

/// How long head and body of an answer are.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    /// The HTTP status.
    pub status: u16,
    /// Bytes up to and with the empty line.
    pub head: usize,
    /// Bytes after it.
    pub body: usize,
}

impl Connection {
    /// Connects, without Nagle's delay.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).context("could not connect")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a whole request.
    pub fn send(&mut self, request: &[u8]) -> Result<()> {
        self.stream.write_all(request).context("could not send")
    }

    /// Reads one answer and gives its body to `look`; answers the length of the body.
    ///
    /// # Errors
    /// When it is no success, has no length, or does not come.
    pub fn receive(&mut self, look: impl FnOnce(&[u8])) -> Result<usize> {
        self.buffer.clear();
        let mut frame = None;
        loop {
            if frame.is_none() {
                frame = parse(&self.buffer)?;
            }
            if let Some(frame) = &frame
                && let Some(body) = self.buffer.get(frame.head..frame.head + frame.body)
            {
                if !(200..300).contains(&frame.status) {
                    let said = String::from_utf8_lossy(body).into_owned();
                    return Err(Refusal { status: frame.status, said }.into());
                }
                look(body);
                return Ok(frame.body);
            }
            let mut chunk = [0; 16 * 1024];
            let read = self.stream.read(&mut chunk).context("no answer")?;
            ensure!(read > 0, "the connection was closed in the middle of an answer");
            self.buffer.extend(chunk.iter().take(read));
        }
    }
}

/// Reads the head of an answer, if it is there whole.
///
/// # Errors
/// When it is not HTTP/1.1, or its body comes in chunks.
pub fn parse(bytes: &[u8]) -> Result<Option<Frame>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    let status = status.and_then(|rest| rest.get(..3)).context("not HTTP/1.1")?.parse()?;
    if status == NO_CONTENT {
        return Ok(Some(Frame { status, head: end + 4, body: 0 }));
    }
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            let body = value.trim().parse()?;
            return Ok(Some(Frame { status, head: end + 4, body }));
        }
    }
    bail!("an answer without Content-Length, which the load generator cannot read")
}

#[cfg(test)]
mod tests;
