//! As much of an HTTP client as the tests need: one request a connection, every byte in sight.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use crate::instance::BOUND;

pub struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Request {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), headers: Vec::new(), body: String::new() }
    }

    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        Self { method: "POST", body: body.to_string(), ..Self::get(path) }
            .with("Content-Type", "application/scim+json")
    }

    pub fn put(path: impl Into<String>, body: &Value) -> Self {
        Self { method: "PUT", ..Self::post(path, body) }
    }

    /// A form, as browsers and OAuth clients send it.
    pub fn form(path: impl Into<String>, body: &str) -> Self {
        Self { method: "POST", body: body.to_owned(), ..Self::get(path) }
            .with("Content-Type", "application/x-www-form-urlencoded")
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: "DELETE", ..Self::get(path) }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn key(self, token: &str) -> Self {
        self.with("Authorization", format!("Bearer {token}"))
    }

    /// Everything up to the body.
    pub fn head(&self) -> String {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: scimd.test\r\nConnection: close\r\n",
            self.method, self.path
        );
        for (name, value) in &self.headers {
            head.extend([*name, ": ", value, "\r\n"]);
        }
        head + &format!("Content-Length: {}\r\n\r\n", self.body.len())
    }

    pub fn body(&self) -> &str {
        &self.body
    }

    pub fn send(&self, address: SocketAddr) -> Answer {
        let mut stream = connect(address);
        self.send_over(&mut stream)
    }

    /// `None` if nobody takes the request up, or closes the connection without a word.
    pub fn try_send(&self, address: SocketAddr) -> Option<Answer> {
        let mut stream = TcpStream::connect_timeout(&address, BOUND).ok()?;
        stream.set_read_timeout(Some(BOUND)).ok()?;
        stream.write_all(self.head().as_bytes()).ok()?;
        stream.write_all(self.body.as_bytes()).ok()?;
        Answer::try_read(&mut stream)
    }

    pub fn send_over(&self, stream: &mut (impl Read + Write)) -> Answer {
        stream.write_all(self.head().as_bytes()).unwrap();
        stream.write_all(self.body.as_bytes()).unwrap();
        stream.flush().unwrap();
        Answer::read(stream)
    }
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, BOUND).unwrap();
    stream.set_read_timeout(Some(BOUND)).unwrap();
    stream.set_write_timeout(Some(BOUND)).unwrap();
    stream
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// Reads to the end of the connection.
    pub fn read(stream: &mut impl Read) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Self::of(bytes)
    }

    /// The same; `None` if the connection is closed without a word.
    pub fn try_read(stream: &mut impl Read) -> Option<Self> {
        let mut bytes = Vec::new();
        // However it ends: an answer that has begun must be whole.
        let _ = stream.read_to_end(&mut bytes);
        (!bytes.is_empty()).then(|| Self::of(bytes))
    }

    fn of(bytes: Vec<u8>) -> Self {
        let all = String::from_utf8(bytes).unwrap();
        let (head, body) =
            all.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {all:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        let body = if chunked { unchunk(body) } else { body.to_owned() };
        Self { status, head: head.to_owned(), body }
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(it, _)| it.to_lowercase() == name).map(|(_, value)| value.trim())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

pub fn unchunk(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole.push_str(&rest[..size]);
        body = &rest[size + 2..];
        if size == 0 {
            break;
        }
    }
    whole
}
