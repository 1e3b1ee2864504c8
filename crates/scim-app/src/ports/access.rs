use async_trait::async_trait;
use scim_domain::{
    FoldedText, OrganizationId, Timestamp, UserId,
    access::{Above, Account, Made},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::StoreError;

/// Reads what a backend asks at sign-in: no documents, and as few statements as there are ways to
/// ask. What it tells of an account is in any order.
#[async_trait]
pub trait AccessQueries: Send {
    /// The users of these ids, with everything they reach as members of groups themselves and by
    /// assignment, active or not: one statement for a thousand.
    async fn by_ids(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Vec<Account>, StoreError>;
    /// The same of the users of these folded names.
    async fn by_names(
        &mut self,
        organization: OrganizationId,
        user_names: &[FoldedText],
    ) -> Result<Vec<Account>, StoreError>;
    /// The same of one `externalId`, compared exactly. It is not unique: two of the users who have
    /// it, where there are more.
    async fn by_external_id(
        &mut self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Result<Vec<Account>, StoreError>;
    /// Who has one of these `externalId`s, and which.
    async fn have_external_ids(
        &mut self,
        organization: OrganizationId,
        external_ids: &[String],
    ) -> Result<Vec<(String, UserId)>, StoreError>;
    /// What lies between these users and roles on ways through groups: one statement for a
    /// thousand. To be asked where groups are nested; elsewhere the accounts tell everything.
    async fn above(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
    ) -> Result<Above, StoreError>;
    /// Who of those that these marks recognize was deleted, as far as it is still remembered.
    async fn departed(
        &mut self,
        organization: OrganizationId,
        marks: &[Mark],
    ) -> Result<Vec<(Mark, Departed)>, StoreError>;
}

/// Remembers who was deleted, for a while: so that a backend does not take somebody for new who was
/// deprovisioned.
#[async_trait]
pub trait Departures: Send {
    /// Remembers a user under these marks, in the place of whoever had one of them before.
    async fn remember(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        marks: &[Mark],
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// Forgets those who were deleted before a moment, in all organizations.
    async fn forget(&mut self, before: Timestamp) -> Result<(), StoreError>;
}

/// A user that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departed {
    /// Its id.
    pub user: UserId,
    /// When it was deleted, and by which request.
    pub made: Made,
}

/// By what a deleted user is recognized: its id, or a digest of its name or external id. The digest
/// is shaped as a `UUIDv8` (RFC 9562 §5.8), so none is ever the id of a user. It is other in every
/// organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(Uuid);

impl Mark {
    /// The mark of an id.
    pub const fn of_id(user: UserId) -> Self {
        Self(user.uuid())
    }

    /// The mark of a folded `userName`.
    pub fn of_name(organization: OrganizationId, user_name: &FoldedText) -> Self {
        Self::digest(organization, b'n', user_name.as_str())
    }

    /// The mark of an `externalId`.
    pub fn of_external_id(organization: OrganizationId, external_id: &str) -> Self {
        Self::digest(organization, b'x', external_id)
    }

    /// As the store keeps it, and gives it back.
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// For the store.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    fn digest(organization: OrganizationId, kind: u8, text: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(organization.uuid().as_bytes());
        hash.update([kind]);
        hash.update(text.as_bytes());
        let mut bytes = [0; 16];
        for (byte, it) in bytes.iter_mut().zip(hash.finalize()) {
            *byte = it;
        }
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}
