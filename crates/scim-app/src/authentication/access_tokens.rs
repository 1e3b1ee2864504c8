//! Access tokens: made and checked without a row for each.
//!
//! A token says whose it is and until when, under a MAC that all instances can make. The MAC is also
//! made over what is stored of the key, so that a token is worth something only together with the
//! row that every request reads: with the row of a revoked key, or of one whose tokens were ended,
//! it is worth nothing.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use scim_domain::{Timestamp, api_key::ApiKey};
use sha2::Sha256;
use tokio::sync::OnceCell;

use crate::{
    Error, keyring,
    ports::{Secrets, SharedSecret, Snapshot, Store},
    token::{Lifetime, Token},
};

/// How long an access token is good, in seconds: 60 minutes, the least that Entra takes.
const LIFETIME: i64 = 60 * 60;
/// The secret of their MAC. Another secret goes with another name.
const SECRET: &str = "access-token-1";

/// Makes access tokens and knows its own again. Clones share the secret.
#[derive(Clone)]
pub(super) struct AccessTokens {
    secrets: Arc<dyn Secrets>,
    /// Read once in the life of the process.
    secret: Arc<OnceCell<SharedSecret>>,
}

impl AccessTokens {
    pub fn new(secrets: Arc<dyn Secrets>) -> Self {
        Self { secrets, secret: Arc::default() }
    }

    /// A token for a key, good from now on for an hour, or for as long as the key if that is less.
    pub async fn give(
        &self,
        store: &Arc<dyn Store>,
        key: &ApiKey,
        now: Timestamp,
    ) -> Result<(Token, Lifetime), Error> {
        let secret = self.secret.get_or_try_init(|| self.make(store, now)).await?;
        let hour = now.plus_seconds(LIFETIME);
        let expires = key.expires.map_or(hour, |it| it.min(hour));
        let lifetime = Lifetime { issued: now, expires };
        let mac = mac(secret, &Token::claim(key.id, lifetime), key)?;
        Ok((Token::access(key.id, lifetime, &mac), lifetime))
    }

    /// Whether a token was made here for this key as it is stored now.
    pub async fn made(
        &self,
        snapshot: &mut dyn Snapshot,
        token: &Token,
        lifetime: Lifetime,
        key: &ApiKey,
    ) -> Result<bool, Error> {
        let Some(secret) = self.find(snapshot).await? else { return Ok(false) };
        Ok(token.carries(&mac(&secret, &Token::claim(key.id, lifetime), key)?))
    }

    /// The secret, if any instance ever needed one to make a token.
    async fn find(&self, snapshot: &mut dyn Snapshot) -> Result<Option<SharedSecret>, Error> {
        if let Some(secret) = self.secret.get() {
            return Ok(Some(secret.clone()));
        }
        let found = snapshot.keyring().find(SECRET).await?;
        if let Some(secret) = &found {
            // Somebody may have been quicker, and then has the same one.
            let _ = self.secret.set(secret.clone());
        }
        Ok(found)
    }

    async fn make(&self, store: &Arc<dyn Store>, now: Timestamp) -> Result<SharedSecret, Error> {
        let fresh = SharedSecret::new(self.secrets.random().map_err(Error::Defect)?);
        keyring::keep(Arc::clone(store), SECRET, fresh, now).await
    }
}

fn mac(secret: &SharedSecret, claim: &str, key: &ApiKey) -> Result<[u8; 32], Error> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose())
        .map_err(|it| Error::Defect(it.to_string()))?;
    // The length in front: ("ab", "c") and ("a", "bc") must not meet.
    mac.update(&(claim.len() as u64).to_be_bytes());
    mac.update(claim.as_bytes());
    mac.update(&key.token_generation.to_be_bytes());
    mac.update(key.hash.as_bytes());
    Ok(mac.finalize().into_bytes().into())
}
