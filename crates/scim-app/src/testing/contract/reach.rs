//! Who reaches which role through which group.

use std::sync::Arc;

use scim_domain::{
    RoleId, UserId,
    access::{Holding, Via},
};

use super::{
    access::paths,
    builders::changed_user,
    stage::{Stage, sorted},
};
use crate::ports::Store;

fn triples(holdings: &[Holding]) -> Vec<(UserId, RoleId, Via)> {
    sorted(holdings.iter().map(|it| (it.user, it.role.id, it.via)))
}

pub async fn holdings_name_every_way_to_every_role(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 4).await;
    let (admin, dev) = (stage.role(acme, "Admin").await, stage.role(acme, "Developer").await);
    let pushed = stage.group(acme, "Pushed").await;
    stage.map(acme, pushed.id, admin.id).await;
    stage.map(acme, pushed.id, dev.id).await;
    let unmapped = stage.group(acme, "Unmapped").await;
    stage.join(acme, admin.home_group, &users[..2]).await;
    stage.join(acme, pushed.id, &users[1..3]).await;
    stage.join(acme, unmapped.id, &users).await;

    let mut snapshot = stage.read().await;
    let asked = [users[3], users[1], users[0], users[1]];
    let holdings = snapshot.roles().holdings(acme, &asked).await.unwrap();
    let expected = vec![
        (users[0], admin.id, Via::Group(admin.home_group)),
        (users[1], admin.id, Via::Group(admin.home_group)),
        (users[1], admin.id, Via::Group(pushed.id)),
        (users[1], dev.id, Via::Group(pushed.id)),
    ];
    assert_eq!(triples(&holdings), expected);
    let home = holdings.iter().find(|it| it.via == Via::Group(admin.home_group)).unwrap();
    assert!(home.role.home && home.role.privileged);
    assert_eq!(home.role.key, admin.key);
    assert!(holdings.iter().filter(|it| it.via == Via::Group(pushed.id)).all(|it| !it.role.home));
    assert!(snapshot.roles().holdings(acme, &[]).await.unwrap().is_empty());
}

pub async fn holdings_of_inactive_users_are_told_too(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let user = stage.new_user_of(&serde_json::json!({ "userName": "off", "active": false }));
    stage.insert_users(acme, std::slice::from_ref(&user)).await;
    let admin = stage.role(acme, "Admin").await;
    stage.join(acme, admin.home_group, &[user.id]).await;
    let mut snapshot = stage.read().await;
    let holdings = snapshot.roles().holdings(acme, &[user.id]).await.unwrap();
    assert_eq!(triples(&holdings), [(user.id, admin.id, Via::Group(admin.home_group))]);
    assert_eq!(paths(&mut *snapshot, acme, user.id).await.len(), 1);
}

pub async fn holdings_of_thousands_are_complete(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 1_500).await;
    let admin = stage.role(acme, "Admin").await;
    stage.join(acme, admin.home_group, &users).await;
    let holdings = stage.read().await.roles().holdings(acme, &users).await.unwrap();
    assert_eq!(sorted(holdings.iter().map(|it| it.user)), users);
}

pub async fn only_active_members_hold_a_role(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let admin = stage.role(acme, "Admin").await;
    let other = stage.role(acme, "Other").await;
    let pushed = stage.group(acme, "Pushed").await;
    stage.map(acme, pushed.id, admin.id).await;
    let anna = stage.user(acme, "anna").await;
    let holds = async |role| {
        let mut snapshot = stage.read().await;
        snapshot.roles().has_active_holder(acme, role).await.unwrap()
    };
    assert!(!holds(admin.id).await, "nobody is a member");
    stage.join(acme, pushed.id, &[anna.id]).await;
    assert!(holds(admin.id).await);
    assert!(!holds(other.id).await);
    let body = serde_json::json!({ "userName": "anna", "active": false });
    let inactive = changed_user(&anna, &body, stage.now());
    stage.update_user(acme, &inactive, 1).await.unwrap();
    assert!(!holds(admin.id).await, "the only member is inactive");
    stage.join(acme, admin.home_group, &[stage.user(acme, "bert").await.id]).await;
    assert!(holds(admin.id).await);
    let mut unit = stage.begin().await;
    assert!(unit.roles().unmap(acme, admin.home_group, admin.id).await.unwrap());
    let inside = unit.read().roles().has_active_holder(acme, admin.id).await.unwrap();
    assert!(!inside, "the group of the active member no longer leads there");
}

pub async fn the_groups_of_a_role_are_ordered(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (admin, other) = (stage.role(acme, "Admin").await, stage.role(acme, "Other").await);
    let pushed = stage.group(acme, "Pushed").await;
    let empty = stage.new_role("Empty", pushed.id);
    stage.try_insert_role(acme, &empty).await.unwrap();
    stage.map(acme, pushed.id, admin.id).await;
    stage.map(acme, other.home_group, admin.id).await;
    let mut snapshot = stage.read().await;
    let groups = snapshot.roles().groups_of(acme, admin.id).await.unwrap();
    assert_eq!(groups, [admin.home_group, other.home_group, pushed.id]);
    let groups = snapshot.roles().groups_of(acme, other.id).await.unwrap();
    assert_eq!(groups, [other.home_group]);
    assert!(snapshot.roles().groups_of(acme, empty.id).await.unwrap().is_empty());
}

pub async fn paths_are_ordered_by_role_key_then_group(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let (zeta, admin) = (stage.role(acme, "Zeta").await, stage.role(acme, "Admin").await);
    let pushed = stage.group(acme, "Pushed").await;
    stage.map(acme, pushed.id, admin.id).await;
    stage.map(acme, pushed.id, zeta.id).await;
    for group in [pushed.id, zeta.home_group, admin.home_group] {
        stage.join(acme, group, &[anna.id]).await;
    }
    let paths = paths(&mut *stage.read().await, acme, anna.id).await;
    let found: Vec<_> =
        paths.iter().map(|it| (it.role.as_str(), it.via, it.group_name.as_deref())).collect();
    let expected = [
        ("admin", Via::Group(admin.home_group), Some("Admin")),
        ("admin", Via::Group(pushed.id), Some("Pushed")),
        ("zeta", Via::Group(zeta.home_group), Some("Zeta")),
        ("zeta", Via::Group(pushed.id), Some("Pushed")),
    ];
    assert_eq!(found, expected);
}

pub async fn who_left_all_groups_reaches_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let admin = stage.role(acme, "Admin").await;
    stage.join(acme, admin.home_group, &[anna.id]).await;
    stage.leave(acme, admin.home_group, &[anna.id]).await;
    let mut snapshot = stage.read().await;
    assert!(snapshot.roles().holdings(acme, &[anna.id]).await.unwrap().is_empty());
    assert!(paths(&mut *snapshot, acme, anna.id).await.is_empty());
    assert!(!snapshot.roles().has_active_holder(acme, admin.id).await.unwrap());
}
