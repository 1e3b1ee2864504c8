//! The rules that map new groups to roles.

use std::sync::Arc;

use scim_domain::{
    MappingRuleId, OrganizationId, RoleId,
    mapping_rule::{MappingRule, Matching, NamePattern},
    role::RoleKey,
};

use super::stage::Stage;
use crate::ports::{Ids as _, Store, StoreError, UniqueKey};

fn rule(stage: &Stage, role: RoleId, matching: Matching, name: &str) -> MappingRule {
    MappingRule {
        id: MappingRuleId::new(stage.ids.next()),
        pattern: NamePattern::new(matching, name).unwrap(),
        role,
        created: stage.now(),
    }
}

async fn insert(
    stage: &Stage,
    organization: OrganizationId,
    rule: &MappingRule,
) -> Result<(), StoreError> {
    let mut unit = stage.store.begin().await?;
    unit.mapping_rules().insert(organization, rule).await?;
    unit.commit().await
}

async fn update(
    stage: &Stage,
    organization: OrganizationId,
    rule: &MappingRule,
) -> Result<(), StoreError> {
    let mut unit = stage.store.begin().await?;
    unit.mapping_rules().update(organization, rule).await?;
    unit.commit().await
}

async fn delete(
    stage: &Stage,
    organization: OrganizationId,
    id: MappingRuleId,
) -> Result<(), StoreError> {
    let mut unit = stage.store.begin().await?;
    unit.mapping_rules().delete(organization, id).await?;
    unit.commit().await
}

async fn list(stage: &Stage, organization: OrganizationId) -> Vec<(MappingRule, RoleKey)> {
    stage.read().await.mapping_rules().list(organization).await.unwrap()
}

pub async fn rules_are_those_of_their_organization_oldest_first(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let (admin, other) = (stage.role(acme, "Admin").await, stage.role(bolt, "Other").await);
    let rules = [
        rule(&stage, admin.id, Matching::Prefix, "Zeta 'x' ü"),
        rule(&stage, admin.id, Matching::Exact, "Zeta 'x' ü"),
    ];
    let strange = rule(&stage, other.id, Matching::Exact, "Zeta 'x' ü");
    for it in &rules {
        insert(&stage, acme, it).await.unwrap();
    }
    insert(&stage, bolt, &strange).await.unwrap();
    let expected = rules.map(|it| (it, admin.key.clone()));
    assert_eq!(list(&stage, acme).await, expected);
    let refused = [
        update(&stage, acme, &MappingRule { role: admin.id, ..strange.clone() }).await,
        delete(&stage, acme, strange.id).await,
    ];
    for outcome in refused {
        assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    }
    assert_eq!(list(&stage, bolt).await, [(strange, other.key)]);
}

pub async fn one_pattern_leads_to_a_role_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (one, two) = (stage.role(acme, "One").await, stage.role(acme, "Two").await);
    let first = rule(&stage, one.id, Matching::Exact, "Team");
    insert(&stage, acme, &first).await.unwrap();
    let twin = rule(&stage, one.id, Matching::Exact, "TEAM");
    let clash = insert(&stage, acme, &twin).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::MappingRule))), "{clash:?}");
    // The same to another role is one more role for the same groups.
    let other = rule(&stage, two.id, Matching::Exact, "TEAM");
    insert(&stage, acme, &other).await.unwrap();
    let clash = update(&stage, acme, &MappingRule { role: one.id, ..other.clone() }).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::MappingRule))), "{clash:?}");
    assert_eq!(list(&stage, acme).await, [(first, one.key), (other, two.key)]);
}

pub async fn an_update_of_a_rule_changes_pattern_and_role(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (one, two) = (stage.role(acme, "One").await, stage.role(acme, "Two").await);
    let before = rule(&stage, one.id, Matching::Exact, "Team");
    insert(&stage, acme, &before).await.unwrap();
    let pattern = NamePattern::new(Matching::Prefix, "eng-").unwrap();
    let after = MappingRule { pattern, role: two.id, ..before };
    update(&stage, acme, &MappingRule { created: stage.now(), ..after.clone() }).await.unwrap();
    assert_eq!(list(&stage, acme).await, [(after.clone(), two.key)]);
    delete(&stage, acme, after.id).await.unwrap();
    assert!(list(&stage, acme).await.is_empty());
}

pub async fn a_rule_goes_with_its_role(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (gone, kept) = (stage.role(acme, "Gone").await, stage.role(acme, "Kept").await);
    let rules = [gone.id, kept.id].map(|it| rule(&stage, it, Matching::Prefix, "Team"));
    for it in &rules {
        insert(&stage, acme, it).await.unwrap();
    }
    let mut unit = stage.begin().await;
    unit.roles().delete(acme, gone.id).await.unwrap();
    unit.commit().await.unwrap();
    let [_, left] = rules;
    assert_eq!(list(&stage, acme).await, [(left, kept.key)]);
}
