//! Roles that are assigned to users themselves.

use std::sync::Arc;

use scim_domain::{OrganizationId, RoleId, UserId, access::Via};

use super::{
    access::paths,
    builders::changed_user,
    stage::{Stage, sorted},
};
use crate::ports::Store;

async fn assign(stage: &Stage, acme: OrganizationId, role: RoleId, users: &[UserId]) {
    let now = stage.now();
    let mut unit = stage.begin().await;
    unit.roles().assign(acme, role, users, now).await.unwrap();
    unit.commit().await.unwrap();
}

async fn unassign(stage: &Stage, acme: OrganizationId, role: RoleId, users: &[UserId]) {
    let mut unit = stage.begin().await;
    unit.roles().unassign(acme, role, users).await.unwrap();
    unit.commit().await.unwrap();
}

async fn assignees(stage: &Stage, acme: OrganizationId, role: RoleId) -> Vec<UserId> {
    let page = stage.read().await.roles().assignees(acme, role, None, 10_000).await.unwrap();
    page.iter().map(|it| it.id).collect()
}

pub async fn an_assigned_role_is_one_more_way(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 2).await;
    let (admin, dev) = (stage.role(acme, "Admin").await, stage.role(acme, "Developer").await);
    stage.join(acme, admin.home_group, &users).await;
    assign(&stage, acme, admin.id, &users[..1]).await;
    assign(&stage, acme, dev.id, &users[1..]).await;
    let mut snapshot = stage.read().await;
    let holdings = snapshot.roles().holdings(acme, &[users[1], users[0]]).await.unwrap();
    let found: Vec<_> = holdings.iter().map(|it| (it.user, it.role.id, it.via)).collect();
    let home = Via::Group(admin.home_group);
    let expected = [
        (users[0], admin.id, home),
        (users[0], admin.id, Via::Assignment),
        (users[1], admin.id, home),
        (users[1], dev.id, Via::Assignment),
    ];
    assert_eq!(found, expected);
    let assigned = &holdings[1].role;
    assert_eq!((&assigned.key, &assigned.name), (&admin.key, &admin.name));
    assert!(assigned.privileged && !assigned.home && holdings[0].role.home);
    let paths = paths(&mut *snapshot, acme, users[0]).await;
    let found: Vec<_> =
        paths.iter().map(|it| (it.role.as_str(), it.via, it.group_name.as_deref())).collect();
    assert_eq!(found, [("admin", home, Some("Admin")), ("admin", Via::Assignment, None)]);
}

pub async fn assigning_again_and_taking_what_is_not_there_change_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 3).await;
    let admin = stage.role(acme, "Admin").await;
    assign(&stage, acme, admin.id, &users[..2]).await;
    assign(&stage, acme, admin.id, &[users[2], users[0], users[0]]).await;
    assert_eq!(assignees(&stage, acme, admin.id).await, users);
    unassign(&stage, acme, admin.id, &[users[1], users[1]]).await;
    unassign(&stage, acme, admin.id, &[users[1]]).await;
    assert_eq!(assignees(&stage, acme, admin.id).await, [users[0], users[2]]);
    assign(&stage, acme, admin.id, &[]).await;
    unassign(&stage, acme, admin.id, &[]).await;
    assert_eq!(assignees(&stage, acme, admin.id).await.len(), 2);
}

pub async fn assignees_come_in_pages_with_their_state(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let off = stage.new_user_of(&serde_json::json!({ "userName": "off", "active": false }));
    stage.insert_users(acme, std::slice::from_ref(&off)).await;
    let users = stage.users(acme, 4).await;
    let admin = stage.role(acme, "Admin").await;
    let all = sorted(users.iter().copied().chain([off.id]));
    assign(&stage, acme, admin.id, &all).await;
    let mut snapshot = stage.read().await;
    let mut found = Vec::new();
    while found.len() < 5 {
        let after = found.last().copied();
        let page = snapshot.roles().assignees(acme, admin.id, after, 2).await.unwrap();
        assert!(!page.is_empty() && page.len() <= 2);
        assert!(page.iter().all(|it| it.active == (it.id != off.id) && !it.protected));
        found.extend(page.into_iter().map(|it| it.id));
    }
    assert_eq!(found, all);
    let after = found.last().copied();
    assert!(snapshot.roles().assignees(acme, admin.id, after, 2).await.unwrap().is_empty());
}

pub async fn thousands_of_assignees_are_complete(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 1_500).await;
    let admin = stage.role(acme, "Admin").await;
    assign(&stage, acme, admin.id, &users).await;
    assert_eq!(assignees(&stage, acme, admin.id).await, users);
    let holdings = stage.read().await.roles().holdings(acme, &users).await.unwrap();
    assert_eq!(holdings.len(), 1_500);
    unassign(&stage, acme, admin.id, &users).await;
    assert!(assignees(&stage, acme, admin.id).await.is_empty());
}

pub async fn only_active_assignees_hold_and_count(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (admin, dev) = (stage.role(acme, "Admin").await, stage.role(acme, "Developer").await);
    let anna = stage.user(acme, "anna").await;
    let berta = stage.user(acme, "berta").await;
    assign(&stage, acme, admin.id, &[anna.id]).await;
    assign(&stage, acme, dev.id, &[anna.id, berta.id]).await;
    let holds = async |role| {
        let mut snapshot = stage.read().await;
        let counts = snapshot.roles().count_assigned(acme).await.unwrap();
        let count = counts.iter().find(|(it, _)| *it == role).map_or(0, |(_, count)| *count);
        (snapshot.roles().has_active_holder(acme, role).await.unwrap(), count)
    };
    assert_eq!((holds(admin.id).await, holds(dev.id).await), ((true, 1), (true, 2)));
    let body = serde_json::json!({ "userName": "anna", "active": false });
    let inactive = changed_user(&anna, &body, stage.now());
    stage.update_user(acme, &inactive, 1).await.unwrap();
    assert_eq!((holds(admin.id).await, holds(dev.id).await), ((false, 0), (true, 1)));
}

pub async fn an_assignment_goes_with_its_user_and_with_its_role(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 2).await;
    let (admin, dev) = (stage.role(acme, "Admin").await, stage.role(acme, "Developer").await);
    assign(&stage, acme, admin.id, &users).await;
    assign(&stage, acme, dev.id, &users).await;
    stage.delete_user(acme, users[0], 1).await.unwrap();
    assert_eq!(assignees(&stage, acme, admin.id).await, [users[1]]);
    let mut unit = stage.begin().await;
    unit.roles().delete(acme, admin.id).await.unwrap();
    unit.commit().await.unwrap();
    assert!(assignees(&stage, acme, admin.id).await.is_empty());
    let holdings = stage.read().await.roles().holdings(acme, &users).await.unwrap();
    let found: Vec<_> = holdings.iter().map(|it| (it.user, it.role.id)).collect();
    assert_eq!(found, [(users[1], dev.id)]);
}

pub async fn an_update_of_a_user_keeps_what_is_assigned(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let admin = stage.role(acme, "Admin").await;
    assign(&stage, acme, admin.id, &[anna.id]).await;
    let body = serde_json::json!({ "userName": "anna", "title": "x" });
    stage.update_user(acme, &changed_user(&anna, &body, stage.now()), 1).await.unwrap();
    assert_eq!(assignees(&stage, acme, admin.id).await, [anna.id]);
}

pub async fn assignments_are_those_of_one_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let (ours, theirs) = (stage.role(acme, "Admin").await, stage.role(bolt, "Admin").await);
    let (anna, berta) = (stage.user(acme, "anna").await, stage.user(bolt, "berta").await);
    assign(&stage, acme, ours.id, &[anna.id]).await;
    assign(&stage, bolt, theirs.id, &[berta.id]).await;
    let mut snapshot = stage.read().await;
    for (organization, role, user) in [(bolt, ours.id, anna.id), (acme, theirs.id, berta.id)] {
        let roles = snapshot.roles();
        assert!(roles.assignees(organization, role, None, 9).await.unwrap().is_empty());
        assert!(roles.holdings(organization, &[user]).await.unwrap().is_empty());
        assert!(!roles.has_active_holder(organization, role).await.unwrap());
        let counts = roles.count_assigned(organization).await.unwrap();
        assert!(counts.iter().all(|(it, _)| *it != role));
        assert!(paths(&mut *snapshot, organization, user).await.is_empty());
    }
    drop(snapshot);
    unassign(&stage, bolt, ours.id, &[anna.id]).await;
    assert_eq!(assignees(&stage, acme, ours.id).await, [anna.id]);
    // Neither a role nor a user of somebody else can be assigned.
    for (role, user) in [(theirs.id, anna.id), (ours.id, berta.id)] {
        let now = stage.now();
        let mut unit = stage.begin().await;
        assert!(unit.roles().assign(acme, role, &[user], now).await.is_err());
    }
}

pub async fn a_walk_through_all_users_misses_nobody(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let users = stage.users(acme, 5).await;
    stage.users(bolt, 2).await;
    let mut found = Vec::new();
    loop {
        let mut snapshot = stage.read().await;
        let page = snapshot.users().after(acme, found.last().copied(), 2).await.unwrap();
        drop(snapshot);
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        found.extend(page.iter().map(|it| it.id));
        if found.len() == 2 {
            // Those who were seen may go without anybody being skipped for it.
            stage.delete_user(acme, users[0], 1).await.unwrap();
        }
    }
    assert_eq!(found, users);
}
