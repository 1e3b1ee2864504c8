use async_trait::async_trait;
use scim_domain::Timestamp;

use super::StoreError;

/// 256 random bits that all instances of the service share. Shown to nobody, in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedSecret([u8; 32]);

impl SharedSecret {
    /// A secret of these bits.
    pub const fn new(bits: [u8; 32]) -> Self {
        Self(bits)
    }

    /// The bits.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

impl Drop for SharedSecret {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

/// Reads the secrets of the service itself, which belong to no organization.
#[async_trait]
pub trait KeyringQueries: Send {
    /// The secret of a name.
    async fn find(&mut self, name: &str) -> Result<Option<SharedSecret>, StoreError>;
}

/// Writes the secrets of the service itself.
#[async_trait]
pub trait Keyring: Send {
    /// Keeps a secret under a name, unless the name has one: the first one stays, whoever else
    /// tries. Read it afterwards to know which.
    async fn insert_if_absent(
        &mut self,
        name: &str,
        secret: &SharedSecret,
        now: Timestamp,
    ) -> Result<(), StoreError>;
}
