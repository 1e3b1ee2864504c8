//! Groups: what is written is what is read, names are unique, versions guard.

use std::sync::Arc;

use scim_domain::{FoldedText, GroupId, group::Group};
use serde_json::json;

use super::{
    builders::renamed,
    stage::{Stage, stored_group},
};
use crate::ports::{Ids as _, Store, StoreError, UniqueKey};

pub async fn a_group_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let pushed =
        stage.new_group_of(&json!({ "displayName": "Größe 🚀 'x'", "externalId": "a%_\\" }));
    let id = GroupId::new(stage.ids.next());
    let home = Group::home(id, "Admin", stage.now()).unwrap().outcome().clone();
    for group in [&pushed, &home] {
        stage.try_insert_group(acme, group).await.unwrap();
        assert_eq!(stage.find_group(acme, group.id).await, Some(stored_group(group)));
        let mut unit = stage.begin().await;
        let found = unit.groups().find_for_update(acme, group.id).await.unwrap();
        assert_eq!(found, Some(stored_group(group)));
    }
}

pub async fn an_unknown_group_is_not_found(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.group(acme, "Admins").await;
    let unknown = GroupId::new(stage.ids.next());
    assert_eq!(stage.find_group(acme, unknown).await, None);
    let name = FoldedText::of("nothing");
    assert_eq!(stage.read().await.groups().find_by_name(acme, &name).await.unwrap(), None);
    assert_eq!(stage.begin().await.groups().find_for_update(acme, unknown).await.unwrap(), None);
}

pub async fn a_group_is_found_by_its_folded_name(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Große Gruppe").await;
    let name = FoldedText::of("GROSSE GRUPPE");
    let found = stage.read().await.groups().find_by_name(acme, &name).await.unwrap();
    assert_eq!(found, Some(stored_group(&group)));
}

pub async fn many_groups_are_found_by_their_names_at_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let (admins, analysts) = (stage.group(acme, "Admins").await, stage.group(acme, "Größe").await);
    stage.group(acme, "Not asked for").await;
    stage.group(bolt, "Elsewhere").await;
    let names = ["admins", "ADMINS", "GRÖSSE", "elsewhere", "nothing"].map(FoldedText::of);
    let mut snapshot = stage.read().await;
    let mut found = snapshot.groups().find_by_names(acme, &names).await.unwrap();
    found.sort_by_key(|it| it.id);
    assert_eq!(found, [stored_group(&admins), stored_group(&analysts)]);
    assert!(snapshot.groups().find_by_names(acme, &[]).await.unwrap().is_empty());
}

pub async fn a_display_name_is_unique_whatever_its_case(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let admins = stage.group(acme, "Admins").await;
    let twin = stage.new_group("ADMINS");
    let clash = stage.try_insert_group(acme, &twin).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::GroupDisplayName))), "{clash:?}");
    assert_eq!(stage.find_group(acme, twin.id).await, None);
    assert_eq!(stage.find_group(acme, admins.id).await, Some(stored_group(&admins)));
}

pub async fn a_display_name_is_free_in_another_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let one = stage.group(acme, "Admins").await;
    let other = stage.group(bolt, "Admins").await;
    let mut snapshot = stage.read().await;
    let name = FoldedText::of("admins");
    for (organization, group) in [(acme, &one), (bolt, &other)] {
        let found = snapshot.groups().find_by_name(organization, &name).await.unwrap();
        assert_eq!(found, Some(stored_group(group)));
    }
}

pub async fn a_display_name_does_not_clash_with_a_user_name(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.user(acme, "admins").await;
    stage.group(acme, "admins").await;
}

pub async fn an_update_replaces_the_group(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let before = stage.group(acme, "Admins").await;
    let after = renamed(&before, "Chiefs", stage.now());
    stage.update_group(acme, &after, 1).await.unwrap();
    assert_eq!(stage.find_group(acme, before.id).await, Some(stored_group(&after)));
    let mut snapshot = stage.read().await;
    let (old, new) = (before.display_name_key(), after.display_name_key());
    assert_eq!(snapshot.groups().find_by_name(acme, old).await.unwrap(), None);
    let found = snapshot.groups().find_by_name(acme, new).await.unwrap();
    assert_eq!(found, Some(stored_group(&after)));
}

pub async fn an_update_keeps_members_and_mappings(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 3).await;
    let role = stage.role(acme, "Admin").await;
    stage.join(acme, role.home_group, &users).await;
    let stored = stage.find_group(acme, role.home_group).await.unwrap();
    let catalog = scim_domain::schema::Catalog::standard();
    let group = Group::from_stored(&catalog.group, &stored).unwrap();
    let after = renamed(&group, "Okta admins", stage.now());
    stage.update_group(acme, &after, 1).await.unwrap();
    assert_eq!(stage.members(acme, group.id).await, users);
    let mut snapshot = stage.read().await;
    let mapped = snapshot.roles().mapped(acme, &[group.id]).await.unwrap();
    assert_eq!(mapped.len(), 1);
    let groups = snapshot.users().groups_of(acme, &users).await.unwrap();
    assert!(groups.iter().all(|(_, it)| it.display_name == "Okta admins"), "{groups:?}");
}

pub async fn an_update_to_a_taken_display_name_changes_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (one, other) = (stage.group(acme, "One").await, stage.group(acme, "Other").await);
    let twin = renamed(&other, "ONE", stage.now());
    let clash = stage.update_group(acme, &twin, 1).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::GroupDisplayName))), "{clash:?}");
    for group in [&one, &other] {
        assert_eq!(stage.find_group(acme, group.id).await, Some(stored_group(group)));
    }
}

pub async fn a_group_never_clashes_with_itself(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let after = renamed(&group, "ADMINS", stage.now());
    stage.update_group(acme, &after, 1).await.unwrap();
    assert_eq!(stage.find_group(acme, group.id).await, Some(stored_group(&after)));
}

pub async fn a_display_name_given_up_is_free_again(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let after = renamed(&group, "Chiefs", stage.now());
    stage.update_group(acme, &after, 1).await.unwrap();
    stage.group(acme, "Admins").await;
    stage.delete_group(acme, group.id, 2).await.unwrap();
    stage.group(acme, "Chiefs").await;
}

pub async fn a_stale_update_of_a_group_changes_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let first = stage.group(acme, "One").await;
    let second = first.touched(stage.now());
    stage.update_group(acme, &second, 1).await.unwrap();
    let late = renamed(&first, "Late", stage.now());
    for expected in [0, 1, 3] {
        let outcome = stage.update_group(acme, &late, expected).await;
        assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    }
    assert_eq!(stage.find_group(acme, first.id).await, Some(stored_group(&second)));
    let unknown = stage.new_group("Unknown");
    let outcome = stage.update_group(acme, &unknown, 1).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
}

pub async fn a_deleted_group_takes_its_members_and_mappings_along(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 3).await;
    let role = stage.role(acme, "Admin").await;
    let group = stage.group(acme, "Pushed").await;
    stage.join(acme, group.id, &users).await;
    stage.map(acme, group.id, role.id).await;
    stage.delete_group(acme, group.id, 1).await.unwrap();

    assert_eq!(stage.find_group(acme, group.id).await, None);
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.groups().count_members(acme, group.id).await.unwrap(), 0);
    assert!(snapshot.groups().members_of(acme, &[group.id], u64::MAX).await.unwrap().is_empty());
    assert!(snapshot.users().groups_of(acme, &users).await.unwrap().is_empty());
    assert!(snapshot.roles().mapped(acme, &[group.id]).await.unwrap().is_empty());
    assert!(snapshot.roles().holdings(acme, &users).await.unwrap().is_empty());
    assert_eq!(snapshot.users().states(acme, &users).await.unwrap().len(), 3);
    assert_eq!(snapshot.roles().list(acme).await.unwrap(), [role]);
}

pub async fn a_stale_delete_of_a_group_changes_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 2).await;
    let group = stage.group(acme, "Admins").await;
    stage.join(acme, group.id, &users).await;
    let outcome = stage.delete_group(acme, group.id, 2).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    assert_eq!(stage.find_group(acme, group.id).await, Some(stored_group(&group)));
    assert_eq!(stage.members(acme, group.id).await, users);
    stage.delete_group(acme, group.id, 1).await.unwrap();
    let again = stage.delete_group(acme, group.id, 1).await;
    assert!(matches!(again, Err(StoreError::Stale)), "{again:?}");
}
