//! The token of an API key: `scimd_<key id>_<secret>_<checksum>`.
//!
//! The fixed prefix and the checksum let secret scanners find a leaked token without asking
//! anybody, and let a typing error be told without a query. The checksum protects nothing.

use std::fmt;

use scim_domain::ApiKeyId;
use uuid::Uuid;

#[cfg(test)]
mod tests;

const PREFIX: &str = "scimd";
/// Base62 digits that hold 256 bits.
const SECRET_DIGITS: usize = 43;
/// Base62 digits that hold 32 bits.
const CHECKSUM_DIGITS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A token whose checksum is right. Whether its key exists is another question.
#[derive(Clone)]
pub struct Token {
    text: String,
    key: ApiKeyId,
}

impl Token {
    /// A new token for a key, around 256 random bits.
    pub fn new(key: ApiKeyId, secret: &[u8; 32]) -> Self {
        let body = format!("{PREFIX}_{}_{}", key.uuid().simple(), base62(secret, SECRET_DIGITS));
        let checksum = checksum(&body);
        Self { text: format!("{body}_{checksum}"), key }
    }

    /// Reads a token; `None` unless shape and checksum are right.
    pub fn parse(text: &str) -> Option<Self> {
        let (body, sum) = text.rsplit_once('_')?;
        let mut parts = body.split('_');
        let (prefix, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let shaped = prefix == PREFIX
            && parts.next().is_none()
            && id.len() == 32
            && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && secret.len() == SECRET_DIGITS
            && secret.bytes().all(|b| b.is_ascii_alphanumeric())
            && sum == checksum(body);
        if !shaped {
            return None;
        }
        let key = ApiKeyId::new(Uuid::try_parse(id).ok()?);
        Some(Self { text: text.to_owned(), key })
    }

    /// Reads the value of an `Authorization` header: `Bearer T` in any case, doubled as some
    /// clients send it, or the bare token.
    pub fn from_authorization(header: &str) -> Option<Self> {
        let mut rest = header.trim();
        for _ in 0..2 {
            match rest.split_at_checked(7) {
                Some((scheme, after)) if scheme.eq_ignore_ascii_case("bearer ") => {
                    rest = after.trim_start();
                }
                Some(_) | None => break,
            }
        }
        Self::parse(rest)
    }

    /// The whole text. Show it once, store only its hash.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The key it names.
    pub const fn key(&self) -> ApiKeyId {
        self.key
    }
}

impl fmt::Debug for Token {
    /// Without the secret, so that no log can hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("key", &self.key).finish_non_exhaustive()
    }
}

fn checksum(body: &str) -> String {
    base62(&crc32fast::hash(body.as_bytes()).to_be_bytes(), CHECKSUM_DIGITS)
}

/// A big-endian number in so many base62 digits, leading zeros included.
fn base62(bytes: &[u8], digits: usize) -> String {
    let mut number = bytes.to_vec();
    let mut text = vec![b'0'; digits];
    for slot in text.iter_mut().rev() {
        let mut remainder = 0u32;
        for byte in &mut number {
            let value = remainder * 256 + u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
            remainder = value % 62;
        }
        *slot = BASE62.get(remainder as usize).copied().unwrap_or(b'0');
    }
    String::from_utf8_lossy(&text).into_owned()
}
