//! A world without surprises: time stands still, ids count, secrets are quick.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use scim_domain::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ports::{Clock, Ids, Secrets, Verdict};

#[cfg(test)]
mod tests;

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct StoppedClock {
    micros: AtomicI64,
}

impl StoppedClock {
    /// A clock that shows 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        Self::at(Timestamp::from_micros(1_767_225_600_000_000))
    }

    /// A clock that shows a moment.
    pub fn at(moment: Timestamp) -> Self {
        Self { micros: AtomicI64::new(moment.micros()) }
    }

    /// Sets the clock, backwards too.
    pub fn set(&self, moment: Timestamp) {
        self.micros.store(moment.micros(), Ordering::SeqCst);
    }

    /// Moves the clock by so many seconds, backwards if negative; answers what it shows then.
    pub fn advance(&self, seconds: i64) -> Timestamp {
        let micros = seconds.saturating_mul(1_000_000);
        let before = self.micros.fetch_add(micros, Ordering::SeqCst);
        Timestamp::from_micros(before.saturating_add(micros))
    }
}

impl Default for StoppedClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst))
    }
}

/// Ids that count: shaped like `UUIDv7`, each larger than the one before, the same in every run.
#[derive(Debug)]
pub struct CountingIds {
    series: u64,
    next: AtomicU64,
}

impl CountingIds {
    /// The series 0.
    pub const fn new() -> Self {
        Self::series(0)
    }

    /// One of many series that have no id in common; ids of a higher series are larger.
    pub const fn series(series: u64) -> Self {
        Self { series, next: AtomicU64::new(1) }
    }
}

impl Default for CountingIds {
    fn default() -> Self {
        Self::new()
    }
}

impl Ids for CountingIds {
    fn next(&self) -> Uuid {
        // The series is the 48 bits of milliseconds, the number the 62 bits behind the variant.
        let number = self.next.fetch_add(1, Ordering::SeqCst) & (u64::MAX >> 2);
        let series = u128::from(self.series & (u64::MAX >> 16));
        Uuid::from_u128((series << 80) | (0x7 << 76) | (0b10 << 62) | u128::from(number))
    }
}

/// Secrets that cost nothing: SHA-256 in the place of argon2, and random bits that count.
#[derive(Debug, Default)]
pub struct FastSecrets {
    drawn: AtomicU64,
    verifications: AtomicU64,
    busy: AtomicBool,
}

impl FastSecrets {
    /// Secrets that are not busy.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on every check is [`Verdict::Busy`], or no longer.
    pub fn set_busy(&self, busy: bool) {
        self.busy.store(busy, Ordering::SeqCst);
    }

    /// How many checks were made, those of unknown keys included and busy ones not.
    pub fn verifications(&self) -> u64 {
        self.verifications.load(Ordering::SeqCst)
    }
}

fn phc(token: &str) -> String {
    format!("$sha256$v=1${}", STANDARD_NO_PAD.encode(Sha256::digest(token)))
}

#[async_trait]
impl Secrets for FastSecrets {
    fn random(&self) -> Result<[u8; 32], String> {
        let number = self.drawn.fetch_add(1, Ordering::SeqCst);
        Ok(Sha256::digest(number.to_be_bytes()).into())
    }

    async fn hash(&self, token: &str) -> Result<String, String> {
        Ok(phc(token))
    }

    async fn verify(&self, token: &str, hash: Option<&str>) -> Verdict {
        if self.busy.load(Ordering::SeqCst) {
            return Verdict::Busy;
        }
        self.verifications.fetch_add(1, Ordering::SeqCst);
        if hash == Some(phc(token).as_str()) { Verdict::Right } else { Verdict::Wrong }
    }
}
