//! Argon2id in memory that is kept and used again.
//!
//! A hash needs some 20 MiB for milliseconds. Taken from the allocator and given back by whichever
//! thread computes, it would stay with each of these threads; kept here, it exists as often as
//! hashes are computed at once.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::Error;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Computes and checks hashes.
#[derive(Debug)]
pub(super) struct Hasher {
    params: Params,
    idle: Mutex<Vec<Vec<Block>>>,
    /// How many hashes may be computed at once: so much memory is worth keeping.
    kept: usize,
}

impl Hasher {
    pub(super) const fn new(params: Params, kept: usize) -> Self {
        Self { params, idle: Mutex::new(Vec::new()), kept }
    }

    /// The PHC string of a token under a salt.
    pub(super) fn hash(&self, token: &[u8], salt: &[u8]) -> Result<PasswordHash, Error> {
        let salt = Salt::new(salt)?;
        let length = self.params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let hash =
            self.compute(Algorithm::Argon2id, Version::V0x13, &self.params, token, &salt, length)?;
        Ok(PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params)?,
            salt: Some(salt),
            hash: Some(hash),
        })
    }

    /// Whether the token made the hash, whose parameters may be older ones. Compares in constant
    /// time.
    pub(super) fn verify(&self, token: &[u8], phc: &str) -> Result<bool, Error> {
        let phc = PasswordHash::new(phc)?;
        let (Some(salt), Some(expected)) = (&phc.salt, &phc.hash) else {
            return Err(Error::EncodingInvalid);
        };
        let algorithm = Algorithm::try_from(phc.algorithm.as_str())?;
        let version = match phc.version {
            Some(version) => Version::try_from(version)?,
            None => Version::default(),
        };
        let params = Params::try_from(&phc)?;
        let length = expected.as_ref().len();
        let hash = self.compute(algorithm, version, &params, token, salt, length)?;
        Ok(hash == *expected)
    }

    fn compute(
        &self,
        algorithm: Algorithm,
        version: Version,
        params: &Params,
        token: &[u8],
        salt: &[u8],
        length: usize,
    ) -> Result<Output, Error> {
        let mut memory = self.take();
        if memory.len() < params.block_count() {
            memory.resize(params.block_count(), Block::default());
        }
        let mut buffer = [0; Output::MAX_LENGTH];
        let output = buffer.get_mut(..length).ok_or(Error::OutputSize)?;
        let argon2 = Argon2::new(algorithm, version, params.clone());
        let computed =
            argon2.hash_password_into_with_memory(token, salt, output, memory.as_mut_slice());
        self.keep(memory);
        computed?;
        Ok(Output::new(output)?)
    }

    fn take(&self) -> Vec<Block> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn keep(&self, memory: Vec<Block>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.kept {
            idle.push(memory);
        }
    }
}
