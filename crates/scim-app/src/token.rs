//! The tokens of an API key: its own, `scimd_<key id>_<secret>_<checksum>`, and the access tokens
//! that are given for it, `scimdat_<key id>_<lifetime>_<MAC>_<checksum>`.
//!
//! The fixed prefixes and the checksum let secret scanners find a leaked token without asking
//! anybody, and let a typing error be told without a query. The checksum protects nothing.

use std::fmt;

use scim_domain::ApiKeyId;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

mod lifetime;
#[cfg(test)]
mod tests;

pub use lifetime::Lifetime;

const PREFIX: &str = "scimd";
const ACCESS_PREFIX: &str = "scimdat";
/// Base62 digits that hold 256 bits: a secret, or a MAC.
const SECRET_DIGITS: usize = 43;
/// Base62 digits that hold 32 bits.
const CHECKSUM_DIGITS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A token whose checksum is right. Whether its key exists is another question.
#[derive(Clone)]
pub struct Token {
    text: String,
    key: ApiKeyId,
    kind: Kind,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The secret of its key: good for as long as the key is.
    Key,
    /// An access token (RFC 6749 §1.4): good for a while, and no longer than its key.
    Access(Lifetime),
}

impl Token {
    /// A new token for a key, around 256 random bits.
    pub fn new(key: ApiKeyId, secret: &[u8; 32]) -> Self {
        let body = format!("{PREFIX}_{}_{}", key.uuid().simple(), base62(secret, SECRET_DIGITS));
        Self::checked(&body, key, Kind::Key)
    }

    /// What an access token says, which its MAC is made over.
    pub(crate) fn claim(key: ApiKeyId, lifetime: Lifetime) -> String {
        format!("{ACCESS_PREFIX}_{}_{}", key.uuid().simple(), lifetime.to_digits())
    }

    /// An access token.
    pub(crate) fn access(key: ApiKeyId, lifetime: Lifetime, mac: &[u8; 32]) -> Self {
        let body = format!("{}_{}", Self::claim(key, lifetime), base62(mac, SECRET_DIGITS));
        Self::checked(&body, key, Kind::Access(lifetime))
    }

    fn checked(body: &str, key: ApiKeyId, kind: Kind) -> Self {
        let checksum = checksum(body);
        Self { text: format!("{body}_{}", String::from_utf8_lossy(&checksum)), key, kind }
    }

    /// Reads a token of either kind; `None` unless shape and checksum are right.
    pub fn parse(text: &str) -> Option<Self> {
        let (body, sum) = text.rsplit_once('_')?;
        let (prefix, rest) = body.split_once('_')?;
        let (id, rest) = rest.split_once('_')?;
        let (kind, secret) = match prefix {
            PREFIX => (Kind::Key, rest),
            ACCESS_PREFIX => {
                let (lifetime, mac) = rest.split_once('_')?;
                (Kind::Access(Lifetime::from_digits(lifetime)?), mac)
            }
            _ => return None,
        };
        let shaped = id.len() == 32
            && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && secret.len() == SECRET_DIGITS
            && secret.bytes().all(|b| b.is_ascii_alphanumeric())
            && sum.as_bytes() == checksum(body);
        if !shaped {
            return None;
        }
        let key = ApiKeyId::new(Uuid::try_parse(id).ok()?);
        Some(Self { text: text.to_owned(), key, kind })
    }

    /// Whether this is the MAC that it carries. How long that takes tells nothing of the MAC.
    pub(crate) fn carries(&self, mac: &[u8; 32]) -> bool {
        let carried = self.text.rsplit('_').nth(1).unwrap_or_default();
        carried.as_bytes().ct_eq(base62(mac, SECRET_DIGITS).as_bytes()).into()
    }

    /// Reads the value of an `Authorization` header; `None` unless it shows a token.
    pub fn from_authorization(header: &str) -> Option<Self> {
        Self::parse(Self::shown_by(header))
    }

    /// The text of the token, if it is one, that the value of an `Authorization` header shows: `Bearer
    /// T` in any case, doubled as some clients send it, or the bare token.
    pub fn shown_by(header: &str) -> &str {
        let mut rest = header.trim();
        for _ in 0..2 {
            match rest.split_at_checked(7) {
                Some((scheme, after)) if scheme.eq_ignore_ascii_case("bearer ") => {
                    rest = after.trim_start();
                }
                Some(_) | None => break,
            }
        }
        rest
    }

    /// The whole text. Show it once, store only its hash.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The key it names.
    pub const fn key(&self) -> ApiKeyId {
        self.key
    }

    /// What it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Debug for Token {
    /// Without the secret, so that no log can hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("key", &self.key).finish_non_exhaustive()
    }
}

/// The same digits as of [`base62`]. Every request has one to be checked, so nothing is allocated.
fn checksum(body: &str) -> [u8; CHECKSUM_DIGITS] {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut text = [b'0'; CHECKSUM_DIGITS];
    for slot in text.iter_mut().rev() {
        *slot = digit(rest % 62);
        rest /= 62;
    }
    text
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
        *slot = digit(remainder);
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn digit(value: u32) -> u8 {
    BASE62.get(value as usize).copied().unwrap_or(b'0')
}
