use async_trait::async_trait;
use scim_domain::{OrganizationId, organization::Organization};

use super::StoreError;

/// Writes organizations.
#[async_trait]
pub trait Organizations: Send {
    /// Reads an organization and keeps other units that read it in this way waiting until this one
    /// ends: so that nobody nests groups while another nests groups or changes whether that is
    /// allowed. A store with more than one writer needs the lock of this row for it.
    async fn find_for_update(
        &mut self,
        id: OrganizationId,
    ) -> Result<Option<Organization>, StoreError>;
    /// A new organization.
    async fn insert(&mut self, organization: &Organization) -> Result<(), StoreError>;
    /// Everything of an organization but when it was created and its schema revision. Fails with
    /// [`StoreError::Stale`] if there is none.
    async fn update(&mut self, organization: &Organization) -> Result<(), StoreError>;
    /// Reads an organization and keeps other units from changing it until this one ends: who holds
    /// it may rely on its schemas, its seat limit and whether it works. Whoever inserts or deletes
    /// users or groups holds it before anything else: where a store keeps count of them it asks for
    /// this row itself, which then waits for nobody. Any number of units may hold it at once. Fails with [`StoreError::Stale`] if there is no such organization.
    async fn hold(&mut self, id: OrganizationId) -> Result<Organization, StoreError>;
    /// [`Organizations::hold`], for the schema revision.
    async fn hold_schemas(&mut self, id: OrganizationId) -> Result<u64, StoreError> {
        Ok(self.hold(id).await?.schema_revision)
    }
    /// Counts the schema revision up, once no other unit holds it, and keeps others from reading it
    /// until this one ends. Fails like [`Organizations::hold_schemas`].
    async fn advance_schemas(&mut self, id: OrganizationId) -> Result<(), StoreError>;
    /// From now on so many seats are taken, whatever was counted before; `None`: nobody counts. The
    /// caller has the organization by [`Organizations::find_for_update`].
    async fn set_seats_used(
        &mut self,
        id: OrganizationId,
        used: Option<u64>,
    ) -> Result<(), StoreError>;
    /// Takes a seat if fewer than `limit` are taken, and answers whether it did; also not where
    /// nobody counts. Units that take and free seats of one organization wait for each other.
    async fn take_seat(&mut self, id: OrganizationId, limit: u64) -> Result<bool, StoreError> {
        self.take_seats(id, 1, limit).await
    }
    /// The same for several seats, at least one: all of them, or none.
    async fn take_seats(
        &mut self,
        id: OrganizationId,
        number: u64,
        limit: u64,
    ) -> Result<bool, StoreError>;
    /// Gives seats back; where nobody counts, nothing.
    async fn free_seats(&mut self, id: OrganizationId, number: u64) -> Result<(), StoreError>;
    /// Erases rows of an organization, its API keys first, whatever they are: at most `limit` of
    /// them, and what belongs to them, as memberships do to users. Answers how many; 0 once only the
    /// organization itself is left.
    async fn purge(&mut self, id: OrganizationId, limit: u64) -> Result<u64, StoreError>;
    /// The organization itself, of which nothing else may be left. Fails with
    /// [`StoreError::Stale`] if there is none.
    async fn delete(&mut self, id: OrganizationId) -> Result<(), StoreError>;
}
