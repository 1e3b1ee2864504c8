//! As much HTTP/1.1 as a load generator needs: one connection kept alive, answers with a length or in
//! chunks.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

/// An answer that takes longer ends the measurement.
pub const TIMEOUT: Duration = Duration::from_mins(2);

/// An answer that has no body, and no length of it.
const NO_CONTENT: u16 = 204;

/// One connection with at most one request on its way.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
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
    /// What comes after it.
    pub body: Body,
}

/// How a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// After so many bytes.
    Sized(usize),
    /// With a chunk that says so.
    Chunked,
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
    /// When it is no success, has no end of which it tells, or does not come whole.
    pub fn receive(&mut self, look: impl FnOnce(&[u8])) -> Result<usize> {
        self.buffer.clear();
        let frame = loop {
            if let Some(frame) = parse(&self.buffer)? {
                break frame;
            }
            self.read()?;
        };
        let body = match frame.body {
            Body::Sized(length) => self.sized(frame.head, length)?,
            Body::Chunked => &self.chunked(frame.head)?,
        };
        if !(200..300).contains(&frame.status) {
            let said = String::from_utf8_lossy(body).into_owned();
            return Err(Refusal { status: frame.status, said }.into());
        }
        look(body);
        Ok(body.len())
    }

    /// So many bytes behind a place.
    fn sized(&mut self, from: usize, length: usize) -> Result<&[u8]> {
        while self.buffer.len() < from + length {
            self.read()?;
        }
        self.buffer.get(from..from + length).context("an answer without its end")
    }

    /// The bytes of all chunks behind a place.
    fn chunked(&mut self, from: usize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        self.buffer.drain(..from);
        while !unchunk(&mut self.buffer, &mut body)? {
            self.read()?;
        }
        Ok(body)
    }

    fn read(&mut self) -> Result<()> {
        let mut some = [0; 16 * 1024];
        let read = self.stream.read(&mut some).context("no answer")?;
        ensure!(read > 0, "the connection was closed in the middle of an answer");
        self.buffer.extend(some.iter().take(read));
        Ok(())
    }
}

/// Moves the chunks that are there whole from `bytes` to `body`; answers whether the last one of the
/// answer was among them.
///
/// # Errors
/// When it is not chunked.
pub fn unchunk(bytes: &mut Vec<u8>, body: &mut Vec<u8>) -> Result<bool> {
    let (mut at, mut last) = (0, false);
    while let Some(rest) = bytes.get(at..)
        && !last
    {
        let Some(line) = rest.windows(2).position(|window| window == b"\r\n") else { break };
        let size = rest.get(..line).and_then(|size| str::from_utf8(size).ok());
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let (size, from) = (size.context("not the size of a chunk")?, line + 2);
        let Some(chunk) = rest.get(from..from + size + 2) else { break };
        let (chunk, end) = chunk.split_at(size);
        ensure!(end == b"\r\n", "a chunk that is longer than it says");
        body.extend_from_slice(chunk);
        at += from + size + 2;
        last = size == 0;
    }
    bytes.drain(..at);
    Ok(last)
}

/// Reads the head of an answer, if it is there whole.
///
/// # Errors
/// When it is not HTTP/1.1, or does not tell where its body ends.
pub fn parse(bytes: &[u8]) -> Result<Option<Frame>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    let status = status.and_then(|rest| rest.get(..3)).context("not HTTP/1.1")?.parse()?;
    if status == NO_CONTENT {
        return Ok(Some(Frame { status, head: end + 4, body: Body::Sized(0) }));
    }
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            let body = Body::Sized(value.trim().parse()?);
            return Ok(Some(Frame { status, head: end + 4, body }));
        }
        let chunked = value.trim().eq_ignore_ascii_case("chunked");
        if chunked && name.eq_ignore_ascii_case("transfer-encoding") {
            return Ok(Some(Frame { status, head: end + 4, body: Body::Chunked }));
        }
    }
    bail!("an answer that does not tell where it ends, which the load generator cannot read")
}

/// The value of a header in the head of an answer, by its name in lower case.
pub fn header(head: &[u8], name: &str) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let mut fields = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(it, _)| it.eq_ignore_ascii_case(name))?;
    Some(value.trim().to_owned())
}

#[cfg(test)]
mod tests;
