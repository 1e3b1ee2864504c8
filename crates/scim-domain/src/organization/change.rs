//! Changing what an organization is called, pays for and has set.

use serde_json::{Value, json};

use super::{Entitlements, NameIdAttribute, Organization, Plan, SeatLimit, label};
use crate::{Decision, Event, EventKind, invalid::Invalid};

/// What shall be different about an organization; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganizationChange {
    /// Its name.
    pub name: Option<String>,
    /// What it pays for.
    pub plan: Option<Plan>,
    /// How many of its users may be active.
    pub seat_limit: Option<SeatLimit>,
    /// Whether a group may be a member of a group.
    pub nested_groups: Option<bool>,
    /// What roles and entitlements of users mean.
    pub entitlements: Option<Entitlements>,
    /// Whether mapping rules apply to groups that identity providers create.
    pub mapping_rules: Option<bool>,
    /// What the NameID of a SAML assertion is compared with.
    pub name_id_attribute: Option<NameIdAttribute>,
}

impl Organization {
    /// The organization with these changes, and an event for each that makes a difference.
    pub fn change(&self, change: &OrganizationChange) -> Result<Decision<Self>, Invalid> {
        let mut after = self.clone();
        let mut events = Vec::new();
        let mut tell = |kind, data: Value| events.push(Event::new(kind, self.subject(), data));
        if let Some(name) = &change.name {
            after.name = label("name of the organization", name)?;
            if after.name != self.name {
                let data = json!({ "name": after.name, "previousName": self.name });
                tell(EventKind::OrganizationRenamed, data);
            }
        }
        if let Some(plan) = change.plan.filter(|it| *it != self.plan) {
            after.plan = plan;
            let data = json!({ "plan": plan.name(), "previousPlan": self.plan.name() });
            tell(EventKind::OrganizationPlanChanged, data);
        }
        if let Some(limit) = change.seat_limit.filter(|it| *it != self.seat_limit) {
            after.seat_limit = limit;
            let data = json!({
                "seatLimit": limit.seats(),
                "previousSeatLimit": self.seat_limit.seats(),
            });
            tell(EventKind::OrganizationSeatLimitChanged, data);
        }
        if let Some(allowed) = change.nested_groups.filter(|it| *it != self.nested_groups) {
            after.nested_groups = allowed;
            tell(EventKind::OrganizationNestedGroupsChanged, json!({ "nestedGroups": allowed }));
        }
        if let Some(meaning) = change.entitlements.filter(|it| *it != self.entitlements) {
            after.entitlements = meaning;
            let data = json!({
                "entitlements": meaning.name(),
                "previousEntitlements": self.entitlements.name(),
            });
            tell(EventKind::OrganizationEntitlementsChanged, data);
        }
        if let Some(apply) = change.mapping_rules.filter(|it| *it != self.mapping_rules) {
            after.mapping_rules = apply;
            tell(EventKind::OrganizationMappingRulesChanged, json!({ "mappingRules": apply }));
        }
        if let Some(attribute) = change.name_id_attribute.filter(|it| *it != self.name_id_attribute)
        {
            after.name_id_attribute = attribute;
            let data = json!({
                "nameIdAttribute": attribute.name(),
                "previousNameIdAttribute": self.name_id_attribute.name(),
            });
            tell(EventKind::OrganizationNameIdAttributeChanged, data);
        }
        Ok(Decision::new(after, events))
    }
}
