//! A client that sends a request exactly as it is written, over a connection that it keeps.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use crate::instance::BOUND;

pub struct Client {
    address: SocketAddr,
    authorization: Option<String>,
    stream: Option<BufReader<TcpStream>>,
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Client {
    /// With this value of `Authorization`.
    pub fn new(address: SocketAddr, authorization: impl Into<String>) -> Self {
        Self { address, authorization: Some(authorization.into()), stream: None }
    }

    pub fn anonymous(address: SocketAddr) -> Self {
        Self { address, authorization: None, stream: None }
    }

    pub fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    pub fn delete(&mut self, path: &str) -> Reply {
        self.send("DELETE", path, &[], None)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &[], Some(body))
    }

    pub fn put(&mut self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, &[], Some(body))
    }

    pub fn patch(&mut self, path: &str, body: &Value) -> Reply {
        self.send("PATCH", path, &[], Some(body))
    }

    /// The id of what it makes.
    pub fn create(&mut self, path: &str, body: &Value) -> String {
        let created = self.post(path, body);
        assert_eq!(created.status, 201, "{created:?}");
        created.json()["id"].as_str().unwrap().to_owned()
    }

    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Reply {
        let body = body.map(|it| it.to_string().into_bytes());
        let sent = self.try_send(method, path, headers, body.as_deref());
        sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// An error if there is no connection or no whole answer.
    pub fn try_send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> io::Result<Reply> {
        let mut head = self.head(method, path, headers);
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                head += "Content-Type: application/scim+json\r\n";
            }
            write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
        }
        let mut bytes = (head + "\r\n").into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());
        self.exchange(&bytes, method != "HEAD")
    }

    /// The request line and the headers, without the blank line that ends them.
    pub fn head(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: scimd.test\r\n");
        let authorization = self.authorization.iter().map(|it| ("Authorization", it.as_str()));
        for (name, value) in authorization.chain(headers.iter().copied()) {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        head
    }

    /// Sends bytes as they are and reads one answer.
    pub fn exchange(&mut self, bytes: &[u8], with_body: bool) -> io::Result<Reply> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => BufReader::new(connect(self.address)?),
        };
        stream.get_mut().write_all(bytes)?;
        let reply = Reply::read(&mut stream, with_body)?;
        if !reply.has("connection: close") {
            self.stream = Some(stream);
        }
        Ok(reply)
    }
}

pub fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, BOUND)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(BOUND * 4))?;
    stream.set_write_timeout(Some(BOUND))?;
    Ok(stream)
}

impl Reply {
    pub fn read(stream: &mut BufReader<TcpStream>, with_body: bool) -> io::Result<Self> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        let mut reply = Self { status, head, body: String::new() };
        if with_body && !matches!(status, 204 | 304) {
            let bytes = reply.read_body(stream)?;
            reply.body = String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData)?;
        }
        Ok(reply)
    }

    fn read_body(&self, stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if self.has("transfer-encoding: chunked") {
            loop {
                let mut size = String::new();
                stream.read_line(&mut size)?;
                let size = u64::from_str_radix(size.trim(), 16);
                let size = size.map_err(|_| io::ErrorKind::InvalidData)?;
                stream.by_ref().take(size).read_to_end(&mut body)?;
                stream.read_line(&mut String::new())?;
                if size == 0 {
                    return Ok(body);
                }
            }
        }
        let size = self.header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
        stream.by_ref().take(size).read_to_end(&mut body)?;
        if (body.len() as u64) < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(body)
    }

    fn has(&self, header: &str) -> bool {
        self.head.to_ascii_lowercase().contains(header)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let named =
            |line: &&str| line.split_once(':').is_some_and(|(it, _)| it.eq_ignore_ascii_case(name));
        let line = self.head.lines().find(named)?;
        line.split_once(':').map(|(_, value)| value.trim())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}
