//! Roles and the mapping of groups to them.

use std::sync::Arc;

use scim_domain::{
    FoldedText,
    role::{Role, RoleKey},
};

use super::{access::paths, stage::Stage};
use crate::ports::{Store, StoreError, UniqueKey};

pub async fn a_role_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let home = stage.group(acme, "Admin").await;
    let mut admin = stage.new_role("Admin", home.id);
    admin.built_in = true;
    let mut bare = stage.new_role("Größe 'x'", home.id);
    bare.description = String::new();
    bare.permissions = Vec::new();
    for role in [&admin, &bare] {
        stage.try_insert_role(acme, role).await.unwrap();
        let mut snapshot = stage.read().await;
        let by_key = snapshot.roles().find_by_key(acme, &role.key).await.unwrap();
        assert_eq!(by_key.as_ref(), Some(role));
        let name = FoldedText::of(&role.name.to_uppercase());
        let by_name = snapshot.roles().find_by_name(acme, &name).await.unwrap();
        assert_eq!(by_name.as_ref(), Some(role));
    }
}

pub async fn roles_are_listed_oldest_first(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let mut expected = Vec::new();
    for name in ["Zeta", "Alpha", "Mid"] {
        expected.push(stage.role(acme, name).await);
    }
    stage.role(bolt, "Alpha").await;
    assert_eq!(stage.read().await.roles().list(acme).await.unwrap(), expected);
}

pub async fn an_unknown_role_is_not_found(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.role(acme, "Admin").await;
    let mut snapshot = stage.read().await;
    let key = RoleKey::read("nothing");
    assert_eq!(snapshot.roles().find_by_key(acme, &key).await.unwrap(), None);
    let name = FoldedText::of("nothing");
    assert_eq!(snapshot.roles().find_by_name(acme, &name).await.unwrap(), None);
}

pub async fn a_taken_role_key_is_named(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let admin = stage.role(acme, "Admin").await;
    let mut twin = stage.new_role("Another name", admin.home_group);
    twin.key = admin.key.clone();
    let clash = stage.try_insert_role(acme, &twin).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::RoleKey))), "{clash:?}");
    assert_eq!(stage.read().await.roles().list(acme).await.unwrap(), [admin]);
    stage.role(bolt, "Admin").await;
}

pub async fn a_taken_role_name_is_named(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let admin = stage.role(acme, "Admin").await;
    let analyst = stage.role(acme, "Analyst").await;
    let mut twin = stage.new_role("ADMIN", admin.home_group);
    twin.key = RoleKey::read("admin-2");
    let clash = stage.try_insert_role(acme, &twin).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::RoleName))), "{clash:?}");
    let renamed = Role { name: "aDMIN".to_owned(), ..analyst.clone() };
    let clash = update(&stage, acme, &renamed).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::RoleName))), "{clash:?}");
    assert_eq!(stage.read().await.roles().list(acme).await.unwrap(), [admin, analyst]);
}

async fn update(
    stage: &Stage,
    organization: scim_domain::OrganizationId,
    role: &Role,
) -> Result<(), StoreError> {
    let mut unit = stage.begin().await;
    unit.roles().update(organization, role).await?;
    unit.commit().await
}

pub async fn an_update_of_a_role_changes_what_may_change(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let before = stage.role(acme, "Admin").await;
    let other = stage.role(acme, "Other").await;
    let home = stage.group(acme, "New home").await;
    let after = Role {
        name: "ADMIN!".to_owned(),
        description: "New".to_owned(),
        permissions: vec!["all".to_owned()],
        privileged: false,
        home_group: home.id,
        ..before.clone()
    };
    let given =
        Role { key: RoleKey::read("never"), built_in: true, created: stage.now(), ..after.clone() };
    update(&stage, acme, &given).await.unwrap();
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.roles().list(acme).await.unwrap(), [after.clone(), other]);
    let name = FoldedText::of("admin");
    assert_eq!(snapshot.roles().find_by_name(acme, &name).await.unwrap(), None);
    let name = FoldedText::of("admin!");
    assert_eq!(snapshot.roles().find_by_name(acme, &name).await.unwrap(), Some(after));
}

pub async fn an_update_of_an_unknown_role_is_stale(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let admin = stage.role(acme, "Admin").await;
    let unknown = stage.new_role("Unknown", admin.home_group);
    let outcome = update(&stage, acme, &unknown).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    assert_eq!(stage.read().await.roles().list(acme).await.unwrap(), [admin]);
}

pub async fn a_deleted_role_takes_its_mappings_along(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (gone, kept) = (stage.role(acme, "Gone").await, stage.role(acme, "Kept").await);
    let users = stage.users(acme, 1).await;
    let group = stage.group(acme, "Both").await;
    stage.join(acme, group.id, &users).await;
    stage.map(acme, group.id, gone.id).await;
    stage.map(acme, group.id, kept.id).await;
    let mut unit = stage.begin().await;
    unit.roles().delete(acme, gone.id).await.unwrap();
    unit.commit().await.unwrap();

    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.roles().list(acme).await.unwrap(), std::slice::from_ref(&kept));
    let asked = [group.id, gone.home_group];
    let mapped = snapshot.roles().mapped(acme, &asked).await.unwrap();
    assert_eq!(mapped.iter().map(|(_, it)| it.id).collect::<Vec<_>>(), [kept.id]);
    assert!(!snapshot.roles().has_active_holder(acme, gone.id).await.unwrap());
    assert_eq!(paths(&mut *snapshot, acme, users[0]).await.len(), 1);
    // Its home group is a group like any other and stays.
    assert!(snapshot.groups().find(acme, gone.home_group).await.unwrap().is_some());
    drop(snapshot);
    let again = Role { created: stage.now(), ..stage.new_role("Gone", gone.home_group) };
    stage.try_insert_role(acme, &again).await.unwrap();
}

pub async fn mapping_answers_whether_it_is_new(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let role = stage.role(acme, "Admin").await;
    let group = stage.group(acme, "Pushed").await;
    assert!(stage.map(acme, group.id, role.id).await);
    assert!(!stage.map(acme, group.id, role.id).await);
    for expected in [true, false] {
        let mut unit = stage.begin().await;
        assert_eq!(unit.roles().unmap(acme, group.id, role.id).await.unwrap(), expected);
        unit.commit().await.unwrap();
    }
    let mut snapshot = stage.read().await;
    assert!(snapshot.roles().mapped(acme, &[group.id]).await.unwrap().is_empty());
    assert_eq!(snapshot.roles().mapped(acme, &[role.home_group]).await.unwrap().len(), 1);
}

pub async fn mapped_roles_are_ordered_by_group_then_role(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (one, two) = (stage.role(acme, "Zeta").await, stage.role(acme, "Admin").await);
    let group = stage.group(acme, "Pushed").await;
    stage.map(acme, group.id, two.id).await;
    stage.map(acme, group.id, one.id).await;
    stage.map(acme, one.home_group, two.id).await;
    let mut snapshot = stage.read().await;
    let asked = [group.id, two.home_group, one.home_group, group.id];
    let mapped = snapshot.roles().mapped(acme, &asked).await.unwrap();
    let found: Vec<_> = mapped.iter().map(|(group, it)| (*group, it.id, it.home)).collect();
    let expected = [
        (one.home_group, one.id, true),
        (one.home_group, two.id, false),
        (two.home_group, two.id, true),
        (group.id, one.id, false),
        (group.id, two.id, false),
    ];
    assert_eq!(found, expected);
    let (_, role) = &mapped[1];
    assert_eq!((role.key.as_str(), role.name.as_str(), role.privileged), ("admin", "Admin", true));
    assert!(!mapped[0].1.privileged);
    assert!(snapshot.roles().mapped(acme, &[]).await.unwrap().is_empty());
}
