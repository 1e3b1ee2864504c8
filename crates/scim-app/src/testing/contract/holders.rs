//! Who holds which role, for people.

use std::{collections::BTreeMap, sync::Arc};

use scim_domain::{OrganizationId, RoleId, UserId, group::Group};
use serde_json::json;

use super::{
    builders::changed_user,
    stage::{Stage, stored},
};
use crate::ports::Store;

async fn nest(stage: &Stage, organization: OrganizationId, group: &Group, member: &Group) {
    let now = stage.now();
    let mut unit = stage.begin().await;
    unit.organizations().find_for_update(organization).await.unwrap();
    unit.nestings().add(organization, group.id, &[member.id], now).await.unwrap();
    unit.commit().await.unwrap();
}

async fn assign(stage: &Stage, organization: OrganizationId, role: RoleId, users: &[UserId]) {
    let now = stage.now();
    let mut unit = stage.begin().await;
    unit.roles().assign(organization, role, users, now).await.unwrap();
    unit.commit().await.unwrap();
}

async fn list(stage: &Stage, organization: OrganizationId, role: RoleId) -> Vec<UserId> {
    let mut snapshot = stage.read().await;
    let all = snapshot.holders().list(organization, role, None, 1_000).await.unwrap();
    all.into_iter().map(|it| it.id).collect()
}

pub async fn holders_are_counted_and_listed_once_whatever_their_ways(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (analyst, nobody) = (stage.role(acme, "Analyst").await, stage.role(acme, "Nobody").await);
    let users = stage.users(acme, 5).await;
    let pushed = stage.group(acme, "Pushed").await;
    let (inner, innermost) = (stage.group(acme, "Inner").await, stage.group(acme, "Deep").await);
    stage.map(acme, pushed.id, analyst.id).await;
    nest(&stage, acme, &pushed, &inner).await;
    nest(&stage, acme, &inner, &innermost).await;
    stage.join(acme, analyst.home_group, &users[..2]).await;
    stage.join(acme, pushed.id, &users[1..3]).await;
    stage.join(acme, innermost.id, &users[2..4]).await;
    assign(&stage, acme, analyst.id, &users[3..5]).await;

    assert_eq!(list(&stage, acme, analyst.id).await, users);
    assert!(list(&stage, acme, nobody.id).await.is_empty());
    let mut snapshot = stage.read().await;
    let held: BTreeMap<_, _> = snapshot.holders().count(acme).await.unwrap().into_iter().collect();
    assert_eq!(held.get(&analyst.id), Some(&5));
    assert_eq!(held.get(&nobody.id).copied().unwrap_or(0), 0);
    let groups = snapshot.holders().count_groups(acme).await.unwrap();
    let groups: BTreeMap<_, _> = groups.into_iter().collect();
    assert_eq!((groups.get(&analyst.id), groups.get(&nobody.id)), (Some(&2), Some(&1)));
}

pub async fn inactive_users_hold_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let role = stage.role(acme, "Analyst").await;
    let anna = stage.user(acme, "anna").await;
    let body = json!({ "userName": "anna", "active": false });
    let gone = changed_user(&anna, &body, stage.now());
    stage.update_user(acme, &gone, 1).await.unwrap();
    stage.join(acme, role.home_group, &[anna.id]).await;
    assign(&stage, acme, role.id, &[anna.id]).await;
    assert!(list(&stage, acme, role.id).await.is_empty());
    let held = stage.read().await.holders().count(acme).await.unwrap();
    assert!(held.iter().all(|(_, number)| *number == 0), "{held:?}");
}

pub async fn holders_come_in_pages_and_are_those_of_one_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let role = stage.role(acme, "Analyst").await;
    let users = stage.users(acme, 5).await;
    stage.join(acme, role.home_group, &users).await;
    assign(&stage, acme, role.id, &users[2..]).await;
    let mut snapshot = stage.read().await;
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let page = snapshot.holders().list(acme, role.id, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 2);
        after = Some(last.id);
        met.extend(page.into_iter().map(|it| it.id));
    }
    assert_eq!(met, users);
    assert!(snapshot.holders().list(bolt, role.id, None, 10).await.unwrap().is_empty());
    let held = snapshot.holders().count(bolt).await.unwrap();
    assert!(held.iter().all(|(_, number)| *number == 0), "{held:?}");
    assert!(snapshot.holders().count_groups(bolt).await.unwrap().is_empty());
}

pub async fn users_in_a_group_come_whole_and_in_pages(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let group = stage.group(acme, "Team").await;
    let (one, two) = (stage.user(acme, "one").await, stage.user(acme, "two").await);
    stage.join(acme, group.id, &[two.id, one.id]).await;
    let mut snapshot = stage.read().await;
    let groups = snapshot.groups();
    let all = groups.users_in(acme, group.id, None, 10).await.unwrap();
    assert_eq!(all, [stored(&one), stored(&two)]);
    let rest = groups.users_in(acme, group.id, Some(one.id), 10).await.unwrap();
    assert_eq!(rest, [stored(&two)]);
    assert_eq!(groups.users_in(acme, group.id, None, 1).await.unwrap(), [stored(&one)]);
    assert!(groups.users_in(bolt, group.id, None, 10).await.unwrap().is_empty());
}

pub async fn members_of_many_groups_are_counted_at_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let users = stage.users(acme, 3).await;
    let (one, two) = (stage.group(acme, "One").await, stage.group(acme, "Two").await);
    let empty = stage.group(acme, "Empty").await;
    stage.join(acme, one.id, &users).await;
    stage.join(acme, two.id, &users[..1]).await;
    let mut snapshot = stage.read().await;
    let asked = [two.id, empty.id, one.id];
    let counted = snapshot.groups().count_members_of(acme, &asked).await.unwrap();
    let counted: Vec<_> = counted.into_iter().filter(|(_, number)| *number > 0).collect();
    assert_eq!(counted, [(one.id, 3), (two.id, 1)]);
    let strange = snapshot.groups().count_members_of(bolt, &asked).await.unwrap();
    assert!(strange.iter().all(|(_, number)| *number == 0), "{strange:?}");
}
