//! Erasing a deleted organization.

use std::sync::Arc;

use scim_domain::{
    OrganizationId, Timestamp,
    organization::{Deletion, Organization},
};

use super::stage::Stage;
use crate::ports::{KeyUse, Store, StoreError};

impl Stage {
    /// An organization that was deleted, to be erased at that moment.
    async fn deleted(&self, name: &str, purge: Timestamp) -> OrganizationId {
        let deletion = Some(Deletion { at: self.now(), purge });
        let organization = Organization { deletion, ..self.new_organization(name) };
        let mut unit = self.begin().await;
        unit.organizations().insert(&organization).await.unwrap();
        unit.commit().await.unwrap();
        organization.id
    }

    /// A bit of everything: a key that was used, people in groups with roles, seats, entries, events,
    /// some of them sealed.
    async fn furnish(&self, organization: OrganizationId) {
        let key = self.key(organization, "Okta").await;
        let users = self.users(organization, 5).await;
        let role = self.role(organization, "Admin").await;
        self.join(organization, role.home_group, &users).await;
        let now = self.now();
        let (entry, event) = (self.new_entry("user.created"), self.new_event());
        let mut unit = self.begin().await;
        unit.roles().assign(organization, role.id, &users[..2], now).await.unwrap();
        unit.organizations().set_seats_used(organization, Some(5)).await.unwrap();
        unit.audit().append(organization, &[entry]).await.unwrap();
        unit.outbox().append(organization, &[event]).await.unwrap();
        unit.activities()
            .append(organization, &[self.new_request(key.id, "/Users")])
            .await
            .unwrap();
        let used = KeyUse { at: now, address: None, agent: None };
        unit.activities().used(organization, &[(key.id, used)]).await.unwrap();
        unit.commit().await.unwrap();
    }

    async fn purge(&self, organization: OrganizationId, limit: u64) -> u64 {
        let mut unit = self.begin().await;
        let gone = unit.organizations().purge(organization, limit).await.unwrap();
        unit.commit().await.unwrap();
        gone
    }

    /// What of an organization can be counted.
    async fn counts(&self, organization: OrganizationId) -> [usize; 6] {
        let mut snapshot = self.read().await;
        let users = snapshot.users().after(organization, None, 100).await.unwrap();
        let roles = snapshot.roles().list(organization).await.unwrap();
        let keys = snapshot.api_keys().list(organization).await.unwrap();
        let entries = snapshot.audit().newest(organization, 100).await.unwrap();
        let requests = snapshot.audit().activity(organization, 100).await.unwrap();
        let mut unit = self.begin().await;
        let events = unit.outbox().oldest(organization, 100).await.unwrap();
        let [users, roles, keys] = [users.len(), roles.len(), keys.len()];
        [users, roles, keys, entries.len(), requests.len(), events.len()]
    }
}

pub async fn organizations_are_due_when_their_grace_is_over(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let now = stage.now();
    stage.organization("Acme").await;
    let late = stage.deleted("Late", now.plus_seconds(5)).await;
    let early = stage.deleted("Early", now.plus_seconds(-5)).await;
    let just = stage.deleted("Just", now).await;
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.organizations().due(now, 10).await.unwrap(), [early, just]);
    assert_eq!(snapshot.organizations().due(now, 1).await.unwrap(), [early]);
    let later = now.plus_seconds(5);
    assert_eq!(snapshot.organizations().due(later, 10).await.unwrap(), [early, just, late]);
}

pub async fn what_is_purged_is_gone_and_others_stay(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    stage.furnish(acme).await;
    stage.furnish(bolt).await;
    let mut unit = stage.begin().await;
    assert!(unit.outbox().number(1).await.unwrap() > 0);
    unit.commit().await.unwrap();
    assert_eq!(stage.counts(acme).await, [5, 1, 1, 1, 1, 1]);
    for round in 0.. {
        assert!(round < 100, "purging comes to an end");
        if stage.purge(acme, 4).await == 0 {
            break;
        }
    }
    assert_eq!(stage.counts(acme).await, [0; 6]);
    assert_eq!(stage.counts(bolt).await, [5, 1, 1, 1, 1, 1]);
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.organizations().seats_used(acme).await.unwrap(), None);
    assert_eq!(snapshot.organizations().seats_used(bolt).await.unwrap(), Some(5));
    assert!(snapshot.organizations().find(acme).await.unwrap().is_some());
    // What is left over is numbered as if the others had never been.
    let mut unit = stage.begin().await;
    assert_eq!(unit.outbox().number(10).await.unwrap(), 1);
}

pub async fn a_purged_organization_is_deleted_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let delete = async || {
        let mut unit = stage.begin().await;
        unit.organizations().delete(acme).await?;
        unit.commit().await
    };
    delete().await.unwrap();
    assert!(matches!(delete().await, Err(StoreError::Stale)));
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.organizations().find(acme).await.unwrap(), None);
    assert!(snapshot.organizations().find(bolt).await.unwrap().is_some());
}
