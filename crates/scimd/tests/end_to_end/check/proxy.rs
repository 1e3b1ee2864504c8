//! A proxy that makes a wrong server of a right one: it changes what it is asked or what is
//! answered, and so has one defect.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};

use crate::http::{connect, unchunk};

/// What is changed.
#[derive(Clone, Copy)]
pub enum How {
    /// Nothing.
    Faithful,
    /// What is asked; or the proxy answers itself.
    Asked(fn(&mut Request) -> Option<Answer>),
    /// The proxy answers, which may ask the server.
    Instead(fn(&mut Request) -> Answer),
    /// What is answered.
    Told(fn(&Request, &mut Answer)),
}

/// A proxy on a free port of loopback, as long as the process lives.
pub struct Proxy {
    address: SocketAddr,
}

impl Proxy {
    /// In front of a server, with its key.
    pub fn start(server: SocketAddr, key: &str, how: How) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let key = format!("Bearer {key}");
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                let Some(mut request) = Request::read(&mut reader, server, &key) else { continue };
                let answer = answer(&mut request, how);
                let _ = reader.get_mut().write_all(answer.text().as_bytes());
            }
        });
        Self { address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn answer(request: &mut Request, how: How) -> Answer {
    match how {
        How::Faithful => request.forward(),
        How::Asked(change) => match change(request) {
            Some(answer) => answer,
            None => request.forward(),
        },
        How::Instead(answer) => answer(request),
        How::Told(change) => {
            let mut answer = request.forward();
            change(request, &mut answer);
            answer
        }
    }
}

/// A request; its path is below the base URL.
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    /// Null where the body is none, or no JSON.
    pub json: Value,
    /// The right `Authorization`.
    pub key: String,
    text: String,
    server: SocketAddr,
}

impl Request {
    fn read(reader: &mut BufReader<TcpStream>, server: SocketAddr, key: &str) -> Option<Self> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim().is_empty() {
                break;
            }
            lines.push(line.trim().to_owned());
        }
        let pairs = lines[1..].iter().filter_map(|line| line.split_once(": "));
        let headers: Vec<_> =
            pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
        reader.read_exact(&mut body).ok()?;
        let text = String::from_utf8(body).unwrap();
        let mut words = lines[0].split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Some(Self {
            method,
            path: path.to_owned(),
            query: pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect(),
            headers,
            json: serde_json::from_str(&text).unwrap_or_default(),
            key: key.to_owned(),
            text,
            server,
        })
    }

    /// Sends it to the right server.
    pub fn forward(&self) -> Answer {
        let body = if self.json.is_null() { self.text.clone() } else { self.json.to_string() };
        let pairs = self.query.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let query = pairs.collect::<Vec<_>>().join("&");
        let sign = if query.is_empty() { "" } else { "?" };
        let mut head = format!(
            "{} /scim/v2{}{sign}{query} HTTP/1.1\r\nHost: scimd.test\r\nConnection: close\r\n\
             Content-Length: {}\r\n",
            self.method,
            self.path,
            body.len()
        );
        let ours = ["host", "connection", "content-length"];
        for (name, value) in self.headers.iter().filter(|(it, _)| !ours.contains(&it.as_str())) {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let mut stream = connect(self.server);
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::of(&String::from_utf8(bytes).unwrap())
    }

    /// Asks the right server for something else as well.
    pub fn ask(&self, method: &str, path: &str, json: Value) -> Answer {
        let headers = [("authorization", self.key.as_str()), ("content-type", "application/json")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let (method, path) = (method.to_owned(), path.to_owned());
        let (key, text) = (self.key.clone(), String::new());
        let server = self.server;
        Self { method, path, query: vec![], headers, json, key, text, server }.forward()
    }

    /// Whether it is of this method and below this path.
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path.starts_with(path)
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Forgets parameters.
    pub fn forget(&mut self, names: &[&str]) {
        self.query.retain(|(name, _)| !names.contains(&name.as_str()));
    }

    /// Forgets a header.
    pub fn forget_header(&mut self, name: &str) {
        self.headers.retain(|(given, _)| given != name);
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Reads a filter otherwise than it was meant.
    pub fn filter(&mut self, change: impl Fn(&str) -> String) {
        for (_, value) in self.query.iter_mut().filter(|(name, _)| name == "filter") {
            *value = change(value);
        }
    }

    /// Changes the operations of a PATCH, keeping those of which `change` says so; where none is
    /// kept, nothing is done.
    pub fn operations(&mut self, mut change: impl FnMut(&mut Value) -> bool) -> Option<Answer> {
        let operations =
            self.json["Operations"].as_array_mut().filter(|_| self.method == "PATCH")?;
        operations.retain_mut(|operation| change(operation));
        operations.is_empty().then(|| Answer::new(204, Value::Null))
    }

    /// Whether an operation of a PATCH is such a one.
    pub fn has_operation(&self, is: impl Fn(&Value) -> bool) -> bool {
        self.method == "PATCH"
            && self.json["Operations"].as_array().is_some_and(|it| it.iter().any(is))
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub json: Value,
}

impl Answer {
    pub fn new(status: u16, json: Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/scim+json".to_owned())];
        Self { status, headers, json }
    }

    /// A refusal, as SCIM wants it.
    pub fn refusal(status: u16, scim_type: &str) -> Self {
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
        let (text, detail) = (status.to_string(), "No.");
        Self::new(
            status,
            json!({ "schemas": schemas, "status": text, "scimType": scim_type, "detail": detail }),
        )
    }

    fn of(all: &str) -> Self {
        let (head, body) = all.split_once("\r\n\r\n").unwrap();
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        let body = if chunked { unchunk(body) } else { body.to_owned() };
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let pairs = lines.filter_map(|line| line.split_once(": "));
        let headers = pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        let kept = headers.filter(|(name, _)| {
            !matches!(name.as_str(), "content-length" | "transfer-encoding" | "connection")
        });
        let json = serde_json::from_str(&body).unwrap_or_default();
        Self { status, headers: kept.collect(), json }
    }

    fn text(&self) -> String {
        let body = if self.json.is_null() { String::new() } else { self.json.to_string() };
        let mut text = format!("HTTP/1.1 {} Said\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        // Neither may have a body (RFC 9110 §6.4.1).
        if !matches!(self.status, 204 | 304) {
            text.extend(["Content-Length: ", &body.len().to_string(), "\r\n\r\n", &body]);
            return text;
        }
        text + "\r\n"
    }

    pub fn forget_header(&mut self, name: &str) {
        self.headers.retain(|(given, _)| given != name);
    }

    /// Removes a member, if there is an object.
    pub fn forget(&mut self, name: &str) {
        self.resources(|resource| {
            if let Some(members) = resource.as_object_mut() {
                members.remove(name);
            }
        });
    }

    /// Changes the resource, or each of a list's.
    pub fn resources(&mut self, change: impl FnMut(&mut Value)) {
        match self.json.get_mut("Resources").and_then(Value::as_array_mut) {
            Some(resources) => resources.iter_mut().for_each(change),
            None => std::iter::once(&mut self.json).for_each(change),
        }
    }
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut hex = || char::from(rest.next().unwrap()).to_digit(16).unwrap();
        let byte = if byte == b'%' { u8::try_from(hex() * 16 + hex()).unwrap() } else { byte };
        bytes.push(byte);
    }
    String::from_utf8(bytes).unwrap()
}
