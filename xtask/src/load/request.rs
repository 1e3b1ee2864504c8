//! Requests as bytes.

use std::net::SocketAddr;

use anyhow::Result;
use serde_json::Value;

use super::wire::Connection;

/// What every request of one key begins with.
#[derive(Clone, Debug)]
pub struct Door {
    authorization: String,
}

impl Door {
    /// For the bearer of a token.
    pub fn with(token: &str) -> Self {
        Self { authorization: format!("Authorization: Bearer {token}\r\n") }
    }

    /// Without any.
    pub fn open() -> Self {
        Self { authorization: String::new() }
    }

    /// A request without a body.
    pub fn get(&self, target: &str) -> Vec<u8> {
        let authorization = &self.authorization;
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n").into_bytes()
    }

    /// A request that makes something.
    pub fn post(&self, target: &str, body: &Value) -> Vec<u8> {
        self.send("POST", target, body)
    }

    /// A request that changes something.
    pub fn patch(&self, target: &str, body: &Value) -> Vec<u8> {
        self.send("PATCH", target, body)
    }

    fn send(&self, method: &str, target: &str, body: &Value) -> Vec<u8> {
        let (authorization, body) = (&self.authorization, body.to_string());
        let length = body.len();
        let typed = format!("Content-Type: application/scim+json\r\nContent-Length: {length}\r\n");
        format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{authorization}{typed}\r\n{body}")
            .into_bytes()
    }
}

/// Sends one request over a connection of its own and reads the JSON of its answer; `null` where it
/// has none.
///
/// # Errors
/// When the answer is no success.
pub fn once(address: SocketAddr, request: &[u8]) -> Result<Value> {
    Ok(with_length(&mut Connection::open(address)?, request)?.0)
}

/// The same over a connection that is there, with the length of the answer's body.
///
/// # Errors
/// When the answer is no success.
pub fn with_length(connection: &mut Connection, request: &[u8]) -> Result<(Value, usize)> {
    connection.send(request)?;
    let mut answer = Value::Null;
    let length =
        connection.receive(|body| answer = serde_json::from_slice(body).unwrap_or_default())?;
    Ok((answer, length))
}

#[cfg(test)]
mod tests;
