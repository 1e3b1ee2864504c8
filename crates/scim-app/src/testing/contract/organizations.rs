//! Organizations.

use std::sync::Arc;

use scim_domain::{
    OrganizationId,
    organization::{
        Deletion, Entitlements, LeftUsers, NameIdAttribute, Organization, Pause, Plan, Scim,
        SeatLimit,
    },
};

use super::stage::Stage;
use crate::ports::{Ids as _, Store, StoreError};

async fn insert(stage: &Stage, organization: &Organization) {
    let mut unit = stage.begin().await;
    unit.organizations().insert(organization).await.unwrap();
    unit.commit().await.unwrap();
}

async fn update(stage: &Stage, organization: &Organization) -> Result<(), StoreError> {
    let mut unit = stage.begin().await;
    unit.organizations().update(organization).await?;
    unit.commit().await
}

pub async fn an_organization_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    for plan in Plan::ALL {
        let organization =
            Organization { plan: *plan, ..stage.new_organization("Größe 'x' 🚀") };
        insert(&stage, &organization).await;
        let found = stage.read().await.organizations().find(organization.id).await.unwrap();
        assert_eq!(found, Some(organization));
    }
    let unknown = OrganizationId::new(stage.ids.next());
    assert_eq!(stage.read().await.organizations().find(unknown).await.unwrap(), None);
}

pub async fn organizations_are_listed_oldest_first(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    assert!(stage.read().await.organizations().list().await.unwrap().is_empty());
    // The same name twice is fine: names are for people.
    let all = ["Zeta", "Alpha", "Alpha"].map(|it| stage.new_organization(it));
    for organization in &all {
        insert(&stage, organization).await;
    }
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.organizations().list().await.unwrap(), all);
    let mut page = async |after, limit| snapshot.organizations().page(after, limit).await.unwrap();
    assert_eq!(page(None, 2).await, all[..2]);
    assert_eq!(page(Some(all[0].id), 5).await, all[1..]);
    assert!(page(Some(all[2].id), 5).await.is_empty());
}

pub async fn the_operators_own_is_there_from_the_beginning_and_in_no_list(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let operator = Organization::operator();
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.organizations().find(operator.id).await.unwrap(), Some(operator));
    assert!(snapshot.organizations().list().await.unwrap().is_empty());
}

pub async fn an_update_of_an_organization_changes_name_plan_and_settings(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (before, other) = (stage.new_organization("Acme"), stage.new_organization("Bolt"));
    insert(&stage, &before).await;
    insert(&stage, &other).await;
    let after = Organization {
        name: "Acme Inc.".to_owned(),
        plan: Plan::Starter,
        entitlements: Entitlements::Assign,
        nested_groups: true,
        seat_limit: SeatLimit::Seats(25),
        disabled: Some(stage.now()),
        deletion: Some(Deletion { at: stage.now(), purge: stage.now() }),
        scim: Scim::Off(LeftUsers::Deactivate),
        pause: Some(Pause { since: stage.now(), until: Some(stage.now()) }),
        mapping_rules: true,
        name_id_attribute: NameIdAttribute::ExternalId,
        ..before.clone()
    };
    // When it was created, and how often its schemas changed, is not for an update to say.
    let given = Organization { created: stage.now(), schema_revision: 3, ..after.clone() };
    update(&stage, &given).await.unwrap();
    let all = stage.read().await.organizations().list().await.unwrap();
    assert_eq!(all, [after.clone(), other.clone()]);
    let mut unit = stage.begin().await;
    assert_eq!(unit.organizations().hold(after.id).await.unwrap(), after);
    drop(unit);
    // And everything can be taken back.
    update(&stage, &before).await.unwrap();
    assert_eq!(stage.read().await.organizations().list().await.unwrap(), [before, other]);
}

pub async fn an_update_of_an_unknown_organization_is_stale(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let outcome = update(&stage, &stage.new_organization("Nobody")).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    assert!(stage.read().await.organizations().list().await.unwrap().is_empty());
}
