//! From a token to a key and its organization.
//!
//! The key's row is read on every request, so a revoked key is dead everywhere at once. The argon2
//! result is remembered under a MAC of the whole token, together with the stored hash that it is
//! right for: a warm request costs one MAC, and two tokens that share a prefix share nothing. An
//! access token costs one MAC from its first request on.
//!
//! For a token that was right before, what the request will ask for can be asked for together with
//! the key's row. Nothing of that is told to anybody before the row says that the key is live. For
//! no other token is the request looked at to learn what that is.

use std::{net::IpAddr, sync::Arc};

use hmac::{Hmac, KeyInit, Mac};
use moka::sync::Cache;
use scim_domain::{
    api_key::{ApiKey, Standing},
    organization::Organization,
};
use sha2::Sha256;

use crate::{
    Error,
    error::{Forbidden, Unauthenticated},
    ports::{Ahead, Clock, Secrets, Snapshot, Store, Verdict},
    token::{Kind, Lifetime, Token},
};

mod access_tokens;

use access_tokens::AccessTokens;

/// Tokens remembered as right, at most; the least used ones go first.
const REMEMBERED: u64 = 10_000;

/// Checks tokens. Cheap to clone; clones share what they remember.
#[derive(Clone)]
pub struct Authentication {
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
    /// Random for each process: what is remembered is worth nothing outside.
    mac_key: Arc<[u8; 32]>,
    /// Tokens, by their MAC, with the stored hash that they were right for.
    right: Cache<[u8; 32], Arc<str>>,
    access_tokens: AccessTokens,
}

impl std::fmt::Debug for Authentication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authentication").finish_non_exhaustive()
    }
}

/// A view of the store, and the key and organization found in it.
pub(crate) type Known = (Box<dyn Snapshot>, ApiKey, Organization);

impl Authentication {
    /// Fails when there is no randomness to make the MAC key from.
    pub fn new(secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let mac_key = Arc::new(secrets.random()?);
        let access_tokens = AccessTokens::new(Arc::clone(&secrets));
        Ok(Self { secrets, clock, mac_key, right: Cache::new(REMEMBERED), access_tokens })
    }

    /// What makes and checks secrets.
    pub(crate) fn secrets(&self) -> Arc<dyn Secrets> {
        Arc::clone(&self.secrets)
    }

    /// The key of a token that is right, live, and whose organization exists.
    ///
    /// An unknown key and a wrong secret cost and answer the same. A revoked or expired key is told
    /// so only to somebody who has proven its secret.
    pub(crate) async fn authenticate(
        &self,
        store: &dyn Store,
        token: Option<&Token>,
        ahead: impl FnOnce() -> Ahead,
    ) -> Result<Known, Error> {
        let Some(token) = token else { return Err(Unauthenticated::Unknown.into()) };
        match token.kind() {
            Kind::Key => self.by_secret(store, token, ahead).await,
            Kind::Access(lifetime) => self.by_access_token(store, token, lifetime, ahead).await,
        }
    }

    /// An access token for a key whose credential was shown, and how long it is good.
    pub(crate) async fn give_access_token(
        &self,
        store: &Arc<dyn Store>,
        key: &ApiKey,
    ) -> Result<(Token, Lifetime), Error> {
        self.access_tokens.give(store, key, self.clock.now()).await
    }

    async fn by_access_token(
        &self,
        store: &dyn Store,
        token: &Token,
        lifetime: Lifetime,
        ahead: impl FnOnce() -> Ahead,
    ) -> Result<Known, Error> {
        let mac = self.mac(token)?;
        let mut snapshot = store.read().await?;
        if self.right.contains_key(&mac) {
            snapshot.ahead(&ahead());
        }
        let found = snapshot.api_keys().authenticate(token.key()).await?;
        let Some((key, organization)) = found else { return Err(Unauthenticated::Unknown.into()) };
        if !self.access_tokens.made(&mut *snapshot, token, lifetime, &key).await? {
            return Err(Unauthenticated::Unknown.into());
        }
        self.right.insert(mac, (*key.hash).into());
        let known = self.standing(snapshot, key, organization)?;
        if lifetime.holds(self.clock.now()) {
            Ok(known)
        } else {
            Err(Unauthenticated::TokenExpired.into())
        }
    }

    async fn by_secret(
        &self,
        store: &dyn Store,
        token: &Token,
        ahead: impl FnOnce() -> Ahead,
    ) -> Result<Known, Error> {
        let mac = self.mac(token)?;
        let right = self.right.get(&mac);
        let mut snapshot = store.read().await?;
        if right.is_some() {
            snapshot.ahead(&ahead());
        }
        let found = snapshot.api_keys().authenticate(token.key()).await?;
        let Some((key, organization)) = found else {
            drop(snapshot);
            return Err(self.refuse_unknown(token).await);
        };
        if right.is_some_and(|it| *it == *key.hash) {
            return self.standing(snapshot, key, organization);
        }
        // Hashing is slow by intent: hold nothing of the store meanwhile, and look again after.
        drop(snapshot);
        match self.secrets.verify(token.expose(), Some(&key.hash)).await {
            Verdict::Right => self.right.insert(mac, (*key.hash).into()),
            Verdict::Wrong => return Err(Unauthenticated::Unknown.into()),
            Verdict::Busy => return Err(Error::Busy),
        }
        let mut snapshot = store.read().await?;
        match snapshot.api_keys().authenticate(token.key()).await? {
            Some((key, organization)) => self.standing(snapshot, key, organization),
            None => Err(Unauthenticated::Unknown.into()),
        }
    }

    /// Fails when a key is used from where it may not be: to be asked of a key whose secret was
    /// proven, for SCIM, for managing and for the tokens made of it. One rule for all of them.
    pub(crate) fn admit(key: &ApiKey, address: Option<IpAddr>) -> Result<(), Forbidden> {
        if key.addresses.admit(address) { Ok(()) } else { Err(Forbidden::Address(address)) }
    }

    /// What was found, if the key is live.
    pub(crate) fn standing(
        &self,
        snapshot: Box<dyn Snapshot>,
        key: ApiKey,
        organization: Organization,
    ) -> Result<Known, Error> {
        match key.standing(self.clock.now()) {
            Standing::Live => Ok((snapshot, key, organization)),
            Standing::Revoked => Err(Unauthenticated::Revoked.into()),
            Standing::Expired => Err(Unauthenticated::Expired.into()),
        }
    }

    async fn refuse_unknown(&self, token: &Token) -> Error {
        match self.secrets.verify(token.expose(), None).await {
            Verdict::Right | Verdict::Wrong => Unauthenticated::Unknown.into(),
            Verdict::Busy => Error::Busy,
        }
    }

    fn mac(&self, token: &Token) -> Result<[u8; 32], Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.mac_key)
            .map_err(|it| Error::Defect(it.to_string()))?;
        mac.update(token.expose().as_bytes());
        Ok(mac.finalize().into_bytes().into())
    }
}
