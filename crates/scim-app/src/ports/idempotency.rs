use async_trait::async_trait;
use scim_domain::{ApiKeyId, OrganizationId, Timestamp};

use super::StoreError;

/// A request that was carried out, as it is remembered: nothing in it can be read, or guessed and
/// confirmed, without the API key and the `Idempotency-Key` that it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredRequest {
    /// The organization of the API key, which is not always the one that was changed.
    pub organization: OrganizationId,
    /// The API key.
    pub api_key: ApiKeyId,
    /// What stands for its `Idempotency-Key`.
    pub name: [u8; 32],
    /// What stands for everything that was asked.
    pub fingerprint: [u8; 32],
    /// The answer, encrypted.
    pub answer: Vec<u8>,
    /// When it was carried out.
    pub at: Timestamp,
}

/// Reads requests that were carried out.
#[async_trait]
pub trait IdempotencyQueries: Send {
    /// What an API key's request of this name was answered.
    async fn find(
        &mut self,
        organization: OrganizationId,
        api_key: ApiKeyId,
        name: &[u8; 32],
    ) -> Result<Option<AnsweredRequest>, StoreError>;
}

/// Remembers requests that were carried out.
#[async_trait]
pub trait Idempotency: Send {
    /// Remembers a request. Fails with [`StoreError::Taken`] if the API key had one of this name;
    /// waits to say so while another unit that has one is not at its end.
    async fn insert(&mut self, request: &AnsweredRequest) -> Result<(), StoreError>;
    /// Takes away requests older than a moment, of all organizations, the oldest first and at most
    /// `limit` of them; answers how many.
    async fn forget(&mut self, before: Timestamp, limit: u64) -> Result<u64, StoreError>;
}
