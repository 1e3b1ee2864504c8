//! Rules by which groups that identity providers create lead to roles.
//!
//! A rule says nothing about groups that are there, nor about names that groups get later: it is
//! asked once, when a group is created. What it has mapped stays mapped when it goes.

use scim_domain::{
    Decision, EventKind, GroupId, MappingRuleId, OrganizationId, Subject,
    mapping_rule::{MOST_RULES, MappingRule, Matching, NamePattern},
    organization::{Organization, OrganizationChange},
    role::RoleKey,
};

use super::{Administration, GroupSummary, groups::GroupsAfter};
use crate::{
    Error,
    idempotency::Once,
    journal::Entry,
    ports::{Page, Snapshot, UnitOfWork},
};

/// What is to change about a rule; `None` keeps.
#[derive(Clone, Debug, Default)]
pub struct MappingRuleChange {
    /// How the name is compared.
    pub matching: Option<Matching>,
    /// The name or its beginning.
    pub name: Option<String>,
    /// The key of the role.
    pub role: Option<RoleKey>,
}

impl Administration {
    /// Lets the mapping rules of an organization apply, or no longer. It takes effect with the next
    /// group that an identity provider creates; what is mapped stays mapped.
    pub async fn set_mapping_rules(
        &self,
        id: OrganizationId,
        apply: bool,
    ) -> Result<Organization, Error> {
        let change = OrganizationChange { mapping_rules: Some(apply), ..Default::default() };
        self.change_organization(id, &change).await
    }

    /// All mapping rules with the keys of their roles, oldest first.
    pub async fn list_mapping_rules(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(MappingRule, RoleKey)>, Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        Ok(snapshot.mapping_rules().list(organization).await?)
    }

    /// One mapping rule with the key of its role.
    pub async fn show_mapping_rule(
        &self,
        organization: OrganizationId,
        id: MappingRuleId,
    ) -> Result<(MappingRule, RoleKey), Error> {
        let mut snapshot = self.store.read().await?;
        self.organization(&mut *snapshot, organization).await?;
        find(&mut *snapshot, organization, id).await
    }

    /// Makes a mapping rule. It changes nothing about groups that are there. An organization has at
    /// most [`MOST_RULES`]; the same rule twice is refused.
    pub async fn create_mapping_rule(
        &self,
        organization: OrganizationId,
        pattern: NamePattern,
        key: &RoleKey,
    ) -> Result<(MappingRule, RoleKey), Error> {
        self.create_mapping_rule_once(organization, pattern, key, &Once::none()).await
    }

    /// The same for a request that may come again.
    pub async fn create_mapping_rule_once(
        &self,
        organization: OrganizationId,
        pattern: NamePattern,
        key: &RoleKey,
        once: &Once<(MappingRule, RoleKey)>,
    ) -> Result<(MappingRule, RoleKey), Error> {
        let mut unit = self.begin().await?;
        self.organization(unit.read(), organization).await?;
        let leads_to = self.role(&mut *unit, organization, key).await?;
        if unit.read().mapping_rules().list(organization).await?.len() >= MOST_RULES {
            return Err(Error::Conflict(format!(
                "An organization has at most {MOST_RULES} mapping rules. Delete one that is not \
                 needed, or let a prefix stand for several names."
            )));
        }
        let rule = MappingRule {
            id: MappingRuleId::new(self.ids.next()),
            pattern,
            role: leads_to.id,
            created: self.clock.now(),
        };
        unit.mapping_rules().insert(organization, &rule).await?;
        once.remember(&mut *unit, &(rule.clone(), leads_to.key.clone())).await?;
        self.rule_changed(unit, organization, EventKind::MappingRuleCreated, rule, leads_to.key)
            .await
    }

    /// Changes a mapping rule. What it has mapped stays mapped.
    pub async fn update_mapping_rule(
        &self,
        organization: OrganizationId,
        id: MappingRuleId,
        change: MappingRuleChange,
    ) -> Result<(MappingRule, RoleKey), Error> {
        let mut unit = self.begin().await?;
        self.organization(unit.read(), organization).await?;
        let (before, key) = find(unit.read(), organization, id).await?;
        let leads_to =
            self.role(&mut *unit, organization, change.role.as_ref().unwrap_or(&key)).await?;
        let matching = change.matching.unwrap_or(before.pattern.matching());
        let name = change.name.as_deref().unwrap_or(before.pattern.name());
        let pattern = NamePattern::new(matching, name)?;
        let rule = MappingRule { pattern, role: leads_to.id, ..before.clone() };
        if rule == before {
            return Ok((rule, leads_to.key));
        }
        unit.mapping_rules().update(organization, &rule).await?;
        self.rule_changed(unit, organization, EventKind::MappingRuleUpdated, rule, leads_to.key)
            .await
    }

    /// Deletes a mapping rule. What it has mapped stays mapped.
    pub async fn delete_mapping_rule(
        &self,
        organization: OrganizationId,
        id: MappingRuleId,
    ) -> Result<(), Error> {
        let mut unit = self.begin().await?;
        self.organization(unit.read(), organization).await?;
        let (rule, key) = find(unit.read(), organization, id).await?;
        unit.mapping_rules().delete(organization, id).await?;
        self.rule_changed(unit, organization, EventKind::MappingRuleDeleted, rule, key).await?;
        Ok(())
    }

    async fn rule_changed(
        &self,
        unit: Box<dyn UnitOfWork>,
        organization: OrganizationId,
        kind: EventKind,
        rule: MappingRule,
        key: RoleKey,
    ) -> Result<(MappingRule, RoleKey), Error> {
        let event = rule.event(kind, &key);
        let subject = Subject::MappingRule(rule.id);
        let entry = Entry { action: kind.name(), subject, detail: rule.facts(&key) };
        let decision = Decision::new((rule, key), vec![event]);
        Ok(self.journal(organization).commit(unit, entry, decision).await?)
    }

    /// The groups that are there and that a rule of this pattern would match, had they been created
    /// under it, oldest first, after `after`. It maps none of them.
    pub async fn preview_mapping_rule(
        &self,
        organization: OrganizationId,
        pattern: &NamePattern,
        after: Option<GroupId>,
        limit: u64,
    ) -> Result<Page<GroupSummary>, Error> {
        let filter = pattern.filter();
        let wanted = GroupsAfter { filter: Some(&filter), after, limit };
        self.search_groups(organization, wanted).await
    }
}

async fn find(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    id: MappingRuleId,
) -> Result<(MappingRule, RoleKey), Error> {
    let rules = snapshot.mapping_rules().list(organization).await?;
    let found = rules.into_iter().find(|(rule, _)| rule.id == id);
    found.ok_or_else(|| Error::Missing { what: "mapping rule", id: id.to_string() })
}
