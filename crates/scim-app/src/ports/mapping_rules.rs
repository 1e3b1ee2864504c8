use async_trait::async_trait;
use scim_domain::{MappingRuleId, OrganizationId, mapping_rule::MappingRule, role::RoleKey};

use super::StoreError;

/// Reads the rules that map new groups to roles.
#[async_trait]
pub trait MappingRuleQueries: Send {
    /// All rules of an organization with the keys of their roles, oldest first.
    async fn list(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(MappingRule, RoleKey)>, StoreError>;
}

/// Writes the rules that map new groups to roles. A rule goes with its role.
#[async_trait]
pub trait MappingRules: Send {
    /// A new rule. Fails with [`StoreError::Taken`] if there is one of the same pattern to the same
    /// role.
    async fn insert(
        &mut self,
        organization: OrganizationId,
        rule: &MappingRule,
    ) -> Result<(), StoreError>;
    /// Pattern and role of a rule. Fails with [`StoreError::Stale`] if there is none, and like
    /// [`MappingRules::insert`].
    async fn update(
        &mut self,
        organization: OrganizationId,
        rule: &MappingRule,
    ) -> Result<(), StoreError>;
    /// Takes a rule away. Fails with [`StoreError::Stale`] if there is none.
    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: MappingRuleId,
    ) -> Result<(), StoreError>;
}
