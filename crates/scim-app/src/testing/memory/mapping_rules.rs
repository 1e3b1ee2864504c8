//! The rules that map new groups to roles.

use std::sync::Arc;

use async_trait::async_trait;
use scim_domain::{MappingRuleId, OrganizationId, mapping_rule::MappingRule, role::RoleKey};

use super::state::{State, Tenant, defect};
use crate::ports::{MappingRuleQueries, MappingRules, StoreError, UniqueKey};

#[async_trait]
impl MappingRuleQueries for State {
    async fn list(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(MappingRule, RoleKey)>, StoreError> {
        let tenant = self.tenant(organization);
        let key = |rule: &MappingRule| tenant.roles.get(&rule.role).map(|it| it.key.clone());
        let rules = tenant.mapping_rules.values();
        Ok(rules.filter_map(|rule| key(rule).map(|key| (rule.clone(), key))).collect())
    }
}

impl Tenant {
    fn check_rule(&self, rule: &MappingRule) -> Result<(), StoreError> {
        if !self.roles.contains_key(&rule.role) {
            return Err(defect("a mapping rule to a role that is not stored"));
        }
        let same = |it: &&MappingRule| {
            it.id != rule.id
                && it.role == rule.role
                && it.pattern.matching() == rule.pattern.matching()
                && it.pattern.key() == rule.pattern.key()
        };
        match self.mapping_rules.values().find(same) {
            Some(_) => Err(StoreError::Taken(UniqueKey::MappingRule)),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl MappingRules for State {
    async fn insert(
        &mut self,
        organization: OrganizationId,
        rule: &MappingRule,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        tenant.check_rule(rule)?;
        Arc::make_mut(&mut tenant.mapping_rules).insert(rule.id, rule.clone());
        Ok(())
    }

    async fn update(
        &mut self,
        organization: OrganizationId,
        rule: &MappingRule,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        if !tenant.mapping_rules.contains_key(&rule.id) {
            return Err(StoreError::Stale);
        }
        tenant.check_rule(rule)?;
        if let Some(row) = Arc::make_mut(&mut tenant.mapping_rules).get_mut(&rule.id) {
            row.pattern = rule.pattern.clone();
            row.role = rule.role;
        }
        Ok(())
    }

    async fn delete(
        &mut self,
        organization: OrganizationId,
        id: MappingRuleId,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_mut(organization)?;
        let removed = Arc::make_mut(&mut tenant.mapping_rules).remove(&id);
        removed.map(drop).ok_or(StoreError::Stale)
    }
}
