//! Cursors (RFC 9865): where a walk through a list goes on, sealed.
//!
//! A cursor is all there is of a walk; nothing is kept for it. It holds a place, and a place can be
//! somebody's name, so it is encrypted; and it is worth nothing but for the question it was made
//! for, which is authenticated with it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use scim_domain::{OrganizationId, Timestamp, resource::sort::SortKey, schema::ResourceType};
use uuid::Uuid;

use super::listing::Question;
use crate::ports::{Place, SharedSecret};

#[cfg(test)]
mod tests;

/// The secret that seals cursors of [`VERSION`]. Another secret goes with another version.
pub(super) const SECRET: &str = "cursor-1";
/// The first byte of a cursor: what the rest looks like, and which secret opens it.
const VERSION: u8 = 1;
const NONCE: usize = 24;
/// Characters of a cursor: enough for a sort value of 4 KiB, the longest there is.
pub(super) const LONGEST: usize = 6 * 1024;

/// Where a walk goes on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cursor {
    /// From where.
    pub place: Place,
    /// Towards the beginning.
    pub backwards: bool,
    /// How many resources a page has at most.
    pub limit: u64,
    /// When it was given.
    pub issued: Timestamp,
}

impl Cursor {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&self.issued.micros().to_be_bytes());
        bytes.push(u8::from(self.backwards));
        bytes.extend_from_slice(&self.limit.to_be_bytes());
        bytes.extend_from_slice(self.place.id.as_bytes());
        bytes.extend(self.place.key.to_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (issued, bytes) = bytes.split_first_chunk()?;
        let (backwards, bytes) = bytes.split_first()?;
        let (limit, bytes) = bytes.split_first_chunk()?;
        let (id, key) = bytes.split_first_chunk()?;
        Some(Self {
            place: Place { key: SortKey::from_bytes(key)?, id: Uuid::from_bytes(*id) },
            backwards: *backwards != 0,
            limit: u64::from_be_bytes(*limit),
            issued: Timestamp::from_micros(i64::from_be_bytes(*issued)),
        })
    }
}

/// The question that a cursor is good for: whose resources, which, and in which order. Asked in
/// other words (`username` for `userName`) it is the same question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binding(Vec<u8>);

impl Binding {
    pub fn new(organization: OrganizationId, asked: &[(&ResourceType, &Question)]) -> Self {
        let mut it = Self(vec![VERSION]);
        it.add(organization.uuid().as_bytes());
        for (kind, question) in asked {
            it.add(kind.kind.name().as_bytes());
            it.add_optional(question.filter.as_ref().map(ToString::to_string));
            it.add_optional(question.sort.as_ref().map(|it| it.path.to_string()));
            it.add(&[u8::from(question.sort.as_ref().is_some_and(|it| it.descending))]);
        }
        it
    }

    /// With its length in front: ("ab", "c") and ("a", "bc") must not meet.
    fn add(&mut self, part: &[u8]) {
        self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.0.extend_from_slice(part);
    }

    fn add_optional(&mut self, part: Option<String>) {
        self.add(&[u8::from(part.is_some())]);
        self.add(part.unwrap_or_default().as_bytes());
    }
}

/// Seals cursors and opens them again. The same on all instances.
#[derive(Clone)]
pub(super) struct CursorKey(XChaCha20Poly1305);

impl CursorKey {
    pub fn new(secret: &SharedSecret) -> Self {
        Self(XChaCha20Poly1305::new(secret.expose().into()))
    }

    /// The cursor in characters that a URL takes as they are. `random` never comes twice; 192 bits
    /// of it are used, so many that chance alone sees to that.
    pub fn seal(&self, cursor: &Cursor, binding: &Binding, random: [u8; 32]) -> Option<String> {
        let nonce: &[u8; NONCE] = random.first_chunk()?;
        let payload = Payload { msg: &cursor.to_bytes(), aad: &binding.0 };
        let sealed = self.0.encrypt(&XNonce::from(*nonce), payload).ok()?;
        let mut bytes = Vec::with_capacity(1 + NONCE + sealed.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(nonce);
        bytes.extend_from_slice(&sealed);
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The cursor behind a text; none, and no reason, if it was not made here for this question.
    pub fn open(&self, text: &str, binding: &Binding) -> Option<Cursor> {
        if text.len() > LONGEST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (version, bytes) = bytes.split_first()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        if *version != VERSION {
            return None;
        }
        let payload = Payload { msg: sealed, aad: &binding.0 };
        let opened = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
        Cursor::from_bytes(&opened)
    }
}
