use async_trait::async_trait;
use scim_domain::{OrganizationId, RoleId, UserId, user::StoredUser};

use crate::ports::StoreError;

/// Reads who holds which role, for people: on every way, through groups in groups and by
/// assignment too.
#[async_trait]
pub trait HolderQueries: Send {
    /// How many groups lead to each role, in any order. One statement for all roles.
    async fn count_groups(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(RoleId, u64)>, StoreError>;
    /// How many active users hold each role, each once, in any order; roles that nobody active
    /// holds may be missing. One statement for all roles, in proportion to those who hold them.
    async fn count(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(RoleId, u64)>, StoreError>;
    /// The active users who hold a role, each once, ordered by id, after `after`.
    async fn list(
        &mut self,
        organization: OrganizationId,
        role: RoleId,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Vec<StoredUser>, StoreError>;
}
