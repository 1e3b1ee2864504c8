//! Randomness of the system, and Argon2id behind a gate.
//!
//! One hash costs tens of milliseconds and megabytes, by intent. Whoever floods the service with
//! bad keys must not get more of either than the gate lets through; the rest is turned away at
//! once.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use argon2::password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use argon2::{Params, Version};
use async_trait::async_trait;
use scim_app::ports::{Secrets, Verdict};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::settings::Keys;

mod hasher;
#[cfg(test)]
mod tests;

use hasher::Hasher;

/// Argon2id with the parameters of the settings.
#[derive(Debug)]
pub struct Argon2Secrets {
    hasher: Arc<Hasher>,
    /// Those who compute.
    running: Arc<Semaphore>,
    /// Those who compute or wait for it.
    places: Arc<Semaphore>,
    /// What the token of an unknown key is checked against: nobody's hash, with the same cost.
    decoy: String,
}

impl Argon2Secrets {
    /// With cost and gate of the settings.
    ///
    /// # Errors
    /// Parameters that Argon2id does not know, or a system without randomness.
    pub fn new(settings: &Keys) -> anyhow::Result<Self> {
        let Keys { memory_kib, iterations, parallelism, .. } = *settings;
        let params = Params::new(memory_kib, iterations, parallelism, None)
            .map_err(|error| anyhow!("no Argon2id parameters: {error}"))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // The other half keeps serving those whose keys are known.
        let half = (cores / 2).max(1);
        let concurrency = if settings.concurrency == 0 { half } else { settings.concurrency };
        Ok(Self {
            decoy: decoy(&params).context("cannot prepare for unknown keys")?,
            hasher: Arc::new(Hasher::new(params, concurrency)),
            running: Arc::new(Semaphore::new(concurrency)),
            places: Arc::new(Semaphore::new(concurrency.saturating_add(settings.queue))),
        })
    }
}

#[async_trait]
impl Secrets for Argon2Secrets {
    fn random(&self) -> Result<[u8; 32], String> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    async fn hash(&self, token: &str) -> Result<String, String> {
        let token = SecretString::from(token);
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|error| error.to_string())?;
        let hasher = self.hasher.clone();
        let running = self.running.clone().acquire_owned().await.map_err(|e| e.to_string())?;
        let hash = spawn_blocking(move || {
            let _running = running;
            hasher.hash(token.expose_secret().as_bytes(), &salt).map(|hash| hash.to_string())
        });
        hash.await.map_err(|e| e.to_string())?.map_err(|e| e.to_string())
    }

    async fn verify(&self, token: &str, hash: Option<&str>) -> Verdict {
        let Ok(place) = self.places.clone().try_acquire_owned() else { return Verdict::Busy };
        let Ok(running) = self.running.clone().acquire_owned().await else { return Verdict::Busy };
        let token = SecretString::from(token);
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let hasher = self.hasher.clone();
        // The permits go along: whoever hangs up does not make room while the work is still done.
        let checked = spawn_blocking(move || {
            let _permits = (place, running);
            hasher.verify(token.expose_secret().as_bytes(), &hash)
        });
        match checked.await {
            Ok(Ok(true)) => Verdict::Right,
            Ok(Ok(false)) => Verdict::Wrong,
            Ok(Err(error)) => {
                tracing::error!(%error, "a stored hash of a key cannot be checked");
                Verdict::Wrong
            }
            Err(error) => {
                tracing::error!(%error, "checking a key broke off");
                Verdict::Busy
            }
        }
    }
}

/// A PHC string whose output is random: no token makes it, and checking one costs what it costs
/// for a real key.
fn decoy(params: &Params) -> anyhow::Result<String> {
    let mut random = [0; 48];
    getrandom::fill(&mut random).map_err(|error| anyhow!("no randomness: {error}"))?;
    let (salt, output) = random.split_at(16);
    let phc = |error: &dyn std::fmt::Display| anyhow!("{error}");
    let hash = PasswordHash {
        algorithm: Ident::new("argon2id").map_err(|e| phc(&e))?,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(|e| phc(&e))?,
        salt: Some(Salt::new(salt).map_err(|e| phc(&e))?),
        hash: Some(Output::new(output).map_err(|e| phc(&e))?),
    };
    Ok(hash.to_string())
}
