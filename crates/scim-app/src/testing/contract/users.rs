//! Users: what is written is what is read, names are unique, versions guard.

use std::sync::Arc;

use scim_domain::{
    FoldedText, UserId,
    resource::filter::Filter,
    schema::Catalog,
    user::{Source, User},
};
use serde_json::json;

use super::{
    builders::changed_user,
    stage::{Stage, stored},
};
use crate::ports::{Ids as _, Part, Search, Store, StoreError, UniqueKey, Window};

fn anna(stage: &Stage) -> User {
    stage.new_user_of(&json!({
        "userName": "Anna.Müller@acme.example",
        "externalId": "00u1'\"\\%_",
        "name": { "givenName": "Anna", "familyName": "Müller" },
        "emails": [
            { "value": "Anna@acme.example", "type": "work", "primary": true },
            { "value": "anna@home.example", "type": "home" },
        ],
        "active": true,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "R&D 🚀" },
    }))
}

pub async fn a_user_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = anna(&stage);
    stage.insert_users(acme, std::slice::from_ref(&anna)).await;
    assert_eq!(stage.find_user(acme, anna.id).await, Some(stored(&anna)));
}

pub async fn a_user_keeps_its_source_its_protection_and_its_access(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let mut signed_in = stage.new_user("signed-in");
    signed_in.source = Source::SignIn;
    let mut breakglass = stage.new_user("break-glass");
    breakglass.protected = true;
    let inactive = stage.new_user_of(&json!({ "userName": "inactive", "active": false }));
    let mut detached = stage.new_user("detached");
    detached.source = Source::Local;
    let all = [signed_in, breakglass, inactive, detached];
    stage.insert_users(acme, &all).await;
    for user in &all {
        assert_eq!(stage.find_user(acme, user.id).await, Some(stored(user)));
    }
}

// Z3
pub async fn the_protected_users_are_found_among_all(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let mut users: Vec<_> = (0..50).map(|it| stage.new_user(&format!("user-{it}"))).collect();
    for at in [41, 7, 23] {
        users[at].protected = true;
    }
    stage.insert_users(acme, &users).await;
    stage.users(bolt, 3).await;
    let protected = stage.read().await.users().protected(acme).await.unwrap();
    assert_eq!(protected, [users[7].id, users[23].id, users[41].id]);
    assert!(stage.read().await.users().protected(bolt).await.unwrap().is_empty());
    let mut freed = users[23].clone();
    freed.protected = false;
    stage.update_user(acme, &freed, 1).await.unwrap();
    let protected = stage.begin().await.read().users().protected(acme).await.unwrap();
    assert_eq!(protected, [users[7].id, users[41].id]);
}

pub async fn an_unknown_user_is_not_found(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    stage.user(acme, "anna").await;
    let unknown = UserId::new(stage.ids.next());
    assert_eq!(stage.find_user(acme, unknown).await, None);
    let name = FoldedText::of("nobody");
    assert_eq!(stage.read().await.users().find_by_name(acme, &name).await.unwrap(), None);
    assert_eq!(stage.begin().await.users().find_for_update(acme, unknown).await.unwrap(), None);
}

pub async fn a_user_is_found_by_its_folded_name(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = anna(&stage);
    stage.insert_users(acme, std::slice::from_ref(&anna)).await;
    let mut snapshot = stage.read().await;
    let name = FoldedText::of("ANNA.MÜLLER@ACME.EXAMPLE");
    assert_eq!(snapshot.users().find_by_name(acme, &name).await.unwrap(), Some(stored(&anna)));
}

pub async fn a_user_is_found_for_update_as_it_is_stored(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let mut unit = stage.begin().await;
    let found = unit.users().find_for_update(acme, anna.id).await.unwrap();
    assert_eq!(found, Some(stored(&anna)));
}

/// More than one statement takes, and no round number.
fn many(stage: &Stage) -> Vec<User> {
    let body = |it: usize| {
        json!({
            "userName": format!("User-{it}@acme.example"),
            "emails": [{ "value": format!("mail-{it}@acme.example") }],
            "active": it.is_multiple_of(3),
        })
    };
    (0..1_234).map(|it| stage.new_user_of(&body(it))).collect()
}

pub async fn many_users_are_inserted_at_once_and_found_like_others(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = many(&stage);
    let mut unit = stage.begin().await;
    unit.users().insert_many(acme, &Catalog::standard(), &users).await.unwrap();
    unit.users().insert_many(acme, &Catalog::standard(), &[]).await.unwrap();
    unit.commit().await.unwrap();
    let all = stage.read().await.users().after(acme, None, 10_000).await.unwrap();
    assert_eq!(all, users.iter().map(stored).collect::<Vec<_>>());
    for at in [0, 999, 1_000, 1_233] {
        let filter = format!("emails.value eq \"MAIL-{at}@acme.example\"");
        let catalog = Catalog::standard();
        let filter = Filter::parse(&filter, &catalog.user, &[]).unwrap();
        let part = Part::Window(Window { offset: 0, limit: 10 });
        let search = Search { catalog: &catalog, filter: Some(&filter), sort: None, part };
        let found = stage.read().await.users().search(acme, search).await.unwrap();
        assert_eq!(found.items, [stored(&users[at])], "{at}");
    }
}

pub async fn many_users_are_found_by_their_names_at_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let users = many(&stage);
    stage.insert_users(acme, &users).await;
    stage.user(bolt, "elsewhere").await;
    let mut names: Vec<_> = users.iter().map(|it| it.user_name_key().clone()).collect();
    names.extend(["elsewhere", "nobody", "user-7@ACME.example"].map(FoldedText::of));
    let mut found = stage.read().await.users().find_by_names(acme, &names).await.unwrap();
    found.sort_by_key(|it| it.id);
    assert_eq!(found, users.iter().map(stored).collect::<Vec<_>>());
    assert!(stage.read().await.users().find_by_names(acme, &[]).await.unwrap().is_empty());
}

pub async fn of_many_users_with_a_taken_name_none_is_inserted(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let new = ["bert", "ANNA", "cleo"].map(|it| stage.new_user(it));
    let mut unit = stage.begin().await;
    let clash = unit.users().insert_many(acme, &Catalog::standard(), &new).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::UserName))), "{clash:?}");
    drop(unit);
    let all = stage.read().await.users().after(acme, None, 10).await.unwrap();
    assert_eq!(all, [stored(&anna)]);
}

pub async fn a_user_name_is_unique_whatever_its_case(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna@acme.example").await;
    let twin = stage.new_user("ANNA@acme.example");
    let clash = stage.try_insert_user(acme, &twin).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::UserName))), "{clash:?}");
    assert_eq!(stage.find_user(acme, twin.id).await, None);
    assert_eq!(stage.find_user(acme, anna.id).await, Some(stored(&anna)));
}

pub async fn a_user_name_is_free_in_another_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let anna = stage.user(acme, "anna").await;
    let other = stage.user(bolt, "anna").await;
    let mut snapshot = stage.read().await;
    let name = FoldedText::of("anna");
    for (organization, user) in [(acme, &anna), (bolt, &other)] {
        let found = snapshot.users().find_by_name(organization, &name).await.unwrap();
        assert_eq!(found, Some(stored(user)));
    }
}

pub async fn an_update_replaces_the_user(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let before = anna(&stage);
    stage.insert_users(acme, std::slice::from_ref(&before)).await;
    let body = json!({ "userName": "anna.meyer@acme.example", "active": false, "title": "CEO" });
    let after = changed_user(&before, &body, stage.now());
    stage.update_user(acme, &after, 1).await.unwrap();
    assert_eq!(stage.find_user(acme, before.id).await, Some(stored(&after)));
    let mut snapshot = stage.read().await;
    let (old, new) = (before.user_name_key(), after.user_name_key());
    assert_eq!(snapshot.users().find_by_name(acme, old).await.unwrap(), None);
    assert_eq!(snapshot.users().find_by_name(acme, new).await.unwrap(), Some(stored(&after)));
}

pub async fn an_update_to_a_taken_user_name_changes_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let bert = stage.user(acme, "bert").await;
    let twin = changed_user(&bert, &json!({ "userName": "Anna" }), stage.now());
    let clash = stage.update_user(acme, &twin, 1).await;
    assert!(matches!(clash, Err(StoreError::Taken(UniqueKey::UserName))), "{clash:?}");
    for user in [&anna, &bert] {
        assert_eq!(stage.find_user(acme, user.id).await, Some(stored(user)));
    }
}

pub async fn an_update_may_change_the_case_of_its_own_user_name(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let after = changed_user(&anna, &json!({ "userName": "ANNA" }), stage.now());
    stage.update_user(acme, &after, 1).await.unwrap();
    assert_eq!(stage.find_user(acme, anna.id).await, Some(stored(&after)));
}

pub async fn a_user_name_given_up_is_free_again(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let renamed = changed_user(&anna, &json!({ "userName": "annika" }), stage.now());
    stage.update_user(acme, &renamed, 1).await.unwrap();
    stage.user(acme, "anna").await;
    stage.delete_user(acme, renamed.id, 2).await.unwrap();
    stage.user(acme, "annika").await;
}

pub async fn a_stale_update_of_a_user_changes_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let second = changed_user(&anna, &json!({ "userName": "anna", "title": "2" }), stage.now());
    stage.update_user(acme, &second, 1).await.unwrap();
    let late = changed_user(&anna, &json!({ "userName": "anna", "title": "late" }), stage.now());
    for expected in [0, 1, 3] {
        let outcome = stage.update_user(acme, &late, expected).await;
        assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    }
    assert_eq!(stage.find_user(acme, anna.id).await, Some(stored(&second)));
}

pub async fn an_update_of_an_unknown_user_is_stale(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let nobody = stage.new_user("nobody");
    let outcome = stage.update_user(acme, &nobody, 1).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    assert_eq!(stage.find_user(acme, nobody.id).await, None);
}

pub async fn a_deleted_user_is_gone(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (anna, bert) = (stage.user(acme, "anna").await, stage.user(acme, "bert").await);
    stage.delete_user(acme, anna.id, 1).await.unwrap();
    assert_eq!(stage.find_user(acme, anna.id).await, None);
    let mut snapshot = stage.read().await;
    let found = snapshot.users().find_by_name(acme, anna.user_name_key()).await.unwrap();
    assert_eq!(found, None);
    assert_eq!(stage.find_user(acme, bert.id).await, Some(stored(&bert)));
}

pub async fn a_stale_delete_of_a_user_changes_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await;
    let outcome = stage.delete_user(acme, anna.id, 2).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    assert_eq!(stage.find_user(acme, anna.id).await, Some(stored(&anna)));
    stage.delete_user(acme, anna.id, 1).await.unwrap();
    let again = stage.delete_user(acme, anna.id, 1).await;
    assert!(matches!(again, Err(StoreError::Stale)), "{again:?}");
}
