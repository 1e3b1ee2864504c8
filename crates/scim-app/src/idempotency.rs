//! Creates that happen once, however often they are sent
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! What a create was answered is stored in its own transaction, so there is no create without its
//! answer and no answer without its create. An answer may hold a token that is shown once; it is
//! encrypted under a key that is made of the caller's API key and of its `Idempotency-Key`, neither
//! of which is stored. Even what stands for both, and for what was asked, is made with them: a dump
//! of the database neither opens an answer nor confirms a guess.

use std::sync::Arc;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use scim_domain::{ApiKeyId, OrganizationId, Timestamp};
use sha2::Sha256;

use crate::{
    Error,
    administration::Administration,
    journal,
    ports::{AnsweredRequest, Clock, Secrets, Store, StoreError, UnitOfWork},
    token::Token,
};

#[cfg(test)]
mod tests;

/// How long an answer is kept at least, in seconds: a day.
const RETENTION: i64 = 24 * 60 * 60;
/// Answers taken away in one unit of work: short enough for writers not to notice.
const BATCH: u64 = 500;
/// What all is derived from begins with this: another way to derive goes with another text.
const VERSION: &[u8] = b"scimd idempotency 1";
const NONCE: usize = 24;
/// Characters of an `Idempotency-Key`.
const LONGEST: usize = 255;

/// What a client calls its request, to send it again without doing it again.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads a key: 1 to 255 visible ASCII characters, taken as they are.
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }
}

impl std::fmt::Debug for IdempotencyKey {
    /// Without the text, from which the key of an answer is made.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

/// What is known of a request that may have come before.
#[derive(Debug, PartialEq, Eq)]
pub enum Before {
    /// It did not come, or was not carried out.
    Never,
    /// It was carried out, and answered this.
    Answered(Vec<u8>),
    /// Another request came under its `Idempotency-Key`.
    Other,
}

/// A request that may come again, of one API key.
#[derive(Clone)]
pub struct Repeatable {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn Secrets>,
    seal: Seal,
}

impl std::fmt::Debug for Repeatable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repeatable").finish_non_exhaustive()
    }
}

impl Repeatable {
    /// What became of it before.
    pub async fn before(&self) -> Result<Before, Error> {
        let Seal { organization, api_key, name, .. } = &self.seal;
        let mut snapshot = self.store.read().await?;
        match snapshot.idempotency().find(*organization, *api_key, name).await? {
            None => Ok(Before::Never),
            Some(it) if it.fingerprint != self.seal.fingerprint => Ok(Before::Other),
            Some(it) => {
                let opened = self.seal.open(&it.answer);
                let answer = opened.ok_or_else(|| Error::Defect("a sealed answer".to_owned()))?;
                Ok(Before::Answered(answer))
            }
        }
    }
}

/// The secrets of one request, and what it is remembered by.
#[derive(Clone)]
struct Seal {
    organization: OrganizationId,
    api_key: ApiKeyId,
    name: [u8; 32],
    fingerprint: [u8; 32],
    cipher: XChaCha20Poly1305,
}

impl Seal {
    /// Of what an API key asked, in parts.
    fn new(
        organization: OrganizationId,
        token: &Token,
        key: &IdempotencyKey,
        asked: &[&[u8]],
    ) -> Result<Self, Error> {
        let root = derive(token.expose().as_bytes(), &[VERSION, key.0.as_bytes()])?;
        let parts: Vec<_> =
            [b"asked".as_slice()].into_iter().chain(asked.iter().copied()).collect();
        Ok(Self {
            organization,
            api_key: token.key(),
            name: derive(&root, &[b"name"])?,
            fingerprint: derive(&root, &parts)?,
            cipher: XChaCha20Poly1305::new(&derive(&root, &[b"answer"])?.into()),
        })
    }

    /// What an answer belongs to: moved to another row, it does not open.
    fn belonging(&self) -> Vec<u8> {
        let ids = [self.organization.uuid(), self.api_key.uuid()];
        let ids = ids.iter().flat_map(|it| *it.as_bytes());
        ids.chain(self.name).chain(self.fingerprint).collect()
    }

    fn close(&self, answer: &[u8], random: [u8; 32], at: Timestamp) -> Option<AnsweredRequest> {
        let nonce: &[u8; NONCE] = random.first_chunk()?;
        let payload = Payload { msg: answer, aad: &self.belonging() };
        let sealed = self.cipher.encrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(AnsweredRequest {
            organization: self.organization,
            api_key: self.api_key,
            name: self.name,
            fingerprint: self.fingerprint,
            answer: [nonce.as_slice(), &sealed].concat(),
            at,
        })
    }

    fn open(&self, answer: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = answer.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: &self.belonging() };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()
    }
}

/// 256 bits of a key and of parts, each with its length in front: ("ab", "c") and ("a", "bc") must
/// not meet.
fn derive(key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32], Error> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).map_err(|it| Error::Defect(it.to_string()))?;
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().into())
}

type Render<T> = dyn Fn(&T) -> Result<Vec<u8>, String> + Send + Sync;

/// How a create is made to happen once: it remembers what the create will answer.
pub struct Once<T>(Option<(Repeatable, Arc<Render<T>>)>);

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> std::fmt::Debug for Once<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Once").field(&self.0.is_some()).finish()
    }
}

impl<T> Once<T> {
    /// A create that nobody sends again: at the command line, or without an `Idempotency-Key`.
    pub const fn none() -> Self {
        Self(None)
    }

    /// A request, and what it is answered when this comes of it.
    pub fn of(
        request: Repeatable,
        answer: impl Fn(&T) -> Result<Vec<u8>, String> + Send + Sync + 'static,
    ) -> Self {
        Self(Some((request, Arc::new(answer))))
    }

    /// Remembers the answer to what came of the request, in the unit in which it came: the last
    /// step before the journal commits. Fails with [`StoreError::Taken`] if the same request was
    /// carried out beside this one; then nothing of this one may stay.
    pub async fn remember(&self, unit: &mut dyn UnitOfWork, outcome: &T) -> Result<(), Error>
    where
        T: Sync,
    {
        let Some((request, answer)) = &self.0 else { return Ok(()) };
        let answer = answer(outcome).map_err(Error::Defect)?;
        let random = request.secrets.random().map_err(Error::Defect)?;
        let closed = request.seal.close(&answer, random, request.clock.now());
        let closed =
            closed.ok_or_else(|| Error::Defect("an answer cannot be sealed".to_owned()))?;
        Ok(unit.idempotency().insert(&closed).await?)
    }
}

impl Administration {
    /// A request that may come again: by whose key, under which name, and what it asks, in parts.
    pub(crate) fn repeatable(
        &self,
        organization: OrganizationId,
        token: &Token,
        key: &IdempotencyKey,
        asked: &[&[u8]],
    ) -> Result<Repeatable, Error> {
        let (store, clock, secrets) = self.ports();
        let seal = Seal::new(organization, token, key, asked)?;
        Ok(Repeatable { store, clock, secrets, seal })
    }

    /// Takes away remembered answers that are older than a day, in short units of work.
    pub async fn forget_answers(&self) -> Result<(), StoreError> {
        let (store, clock, _) = self.ports();
        let before = clock.now().plus_seconds(-RETENTION);
        loop {
            let mut unit = store.begin().await?;
            let gone = unit.idempotency().forget(before, BATCH).await?;
            journal::commit_bookkeeping(unit).await?;
            if gone < BATCH {
                return Ok(());
            }
        }
    }
}
