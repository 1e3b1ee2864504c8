//! What one organization stores, another neither sees nor changes.

use std::sync::Arc;

use scim_domain::{
    OrganizationId, UserId, api_key::ApiKey, group::Group, resource::filter::Filter, role::Role,
    schema::Catalog, user::User,
};
use serde_json::json;

use super::{
    access::paths,
    builders::{changed_user, renamed},
    stage::{Stage, stored, stored_group},
};
use crate::ports::{FeedPosition, KeyUse, Part, Search, Snapshot, Store, StoreError, Window};

/// Acme, where nothing is, and Bolt, where everything is.
struct Two {
    acme: OrganizationId,
    bolt: OrganizationId,
    user: User,
    group: Group,
    role: Role,
    key: ApiKey,
}

async fn two(stage: &Stage) -> Two {
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let body = json!({
        "userName": "anna",
        "externalId": "00u1",
        "emails": [{ "value": "anna@bolt.example" }],
    });
    let user = stage.new_user_of(&body);
    stage.insert_users(bolt, std::slice::from_ref(&user)).await;
    let role = stage.role(bolt, "Admin").await;
    let group = stage.group(bolt, "Pushed").await;
    stage.map(bolt, group.id, role.id).await;
    stage.join(bolt, group.id, &[user.id]).await;
    stage.join(bolt, role.home_group, &[user.id]).await;
    let key = stage.key(bolt, "Okta").await;
    stage.entries(bolt, &["user.created"]).await;
    stage.requests(bolt, &["/Users"]).await;
    stage.told(bolt, 2).await;
    stage.number_all().await;
    Two { acme, bolt, user, group, role, key }
}

// T1
pub async fn no_query_shows_what_another_organization_stores(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let it = two(&stage).await;
    let acme = it.acme;
    let (user, group) = (it.user.id, it.group.id);
    let mut snapshot = stage.read().await;
    let keys = snapshot.api_keys();
    assert_eq!(keys.find(acme, it.key.id).await.unwrap(), None);
    assert!(keys.list(acme).await.unwrap().is_empty());
    assert!(keys.page(acme, None, 10).await.unwrap().is_empty());
    assert_eq!(keys.last_use(acme, it.key.id).await.unwrap(), None);
    let users = snapshot.users();
    assert_eq!(users.find(acme, user).await.unwrap(), None);
    assert_eq!(users.find_by_name(acme, it.user.user_name_key()).await.unwrap(), None);
    assert!(users.groups_of(acme, &[user]).await.unwrap().is_empty());
    assert!(users.states(acme, &[user]).await.unwrap().is_empty());
    let groups = snapshot.groups();
    assert_eq!(groups.find(acme, group).await.unwrap(), None);
    assert_eq!(groups.find_by_name(acme, it.group.display_name_key()).await.unwrap(), None);
    assert!(groups.members_of(acme, &[group], u64::MAX).await.unwrap().is_empty());
    assert_eq!(groups.count_members(acme, group).await.unwrap(), 0);
    assert!(groups.member_states(acme, group, None, 10).await.unwrap().is_empty());
    let roles = snapshot.roles();
    assert!(roles.list(acme).await.unwrap().is_empty());
    assert_eq!(roles.find_by_key(acme, &it.role.key).await.unwrap(), None);
    let name = scim_domain::FoldedText::of(&it.role.name);
    assert_eq!(roles.find_by_name(acme, &name).await.unwrap(), None);
    assert!(roles.mapped(acme, &[group]).await.unwrap().is_empty());
    assert!(roles.holdings(acme, &[user]).await.unwrap().is_empty());
    assert!(roles.groups_of(acme, it.role.id).await.unwrap().is_empty());
    assert!(!roles.has_active_holder(acme, it.role.id).await.unwrap());
    assert!(paths(&mut *snapshot, acme, user).await.is_empty());
    let audit = snapshot.audit();
    assert!(audit.newest(acme, 10).await.unwrap().is_empty());
    assert!(audit.chain(acme, 0, 10).await.unwrap().is_empty());
    assert_eq!(audit.count_unsealed(acme).await.unwrap(), 0);
    assert!(audit.activity(acme, 10).await.unwrap().is_empty());
    let feed = snapshot.feed();
    assert_eq!(feed.position(acme).await.unwrap(), FeedPosition::default());
    assert!(feed.after(acme, 0, 10).await.unwrap().is_empty());
    assert!(feed.latest(&[acme]).await.unwrap().iter().all(|(_, latest)| *latest == 0));
    drop(snapshot);
    let mut unit = stage.begin().await;
    assert_eq!(unit.users().find_for_update(acme, user).await.unwrap(), None);
    assert_eq!(unit.groups().find_for_update(acme, group).await.unwrap(), None);
    assert_eq!(unit.audit().last_seal(acme).await.unwrap(), None);
    assert!(unit.outbox().oldest(acme, 10).await.unwrap().is_empty());
}

// T2
pub async fn no_search_finds_or_counts_another_organizations_rows(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let it = two(&stage).await;
    let id = it.user.id;
    let users = [
        "userName eq \"anna\"".to_owned(),
        "emails.value eq \"anna@bolt.example\"".to_owned(),
        "externalId eq \"00u1\"".to_owned(),
        format!("id eq \"{id}\""),
        format!("groups.value eq \"{}\"", it.group.id),
        "not (title pr)".to_owned(),
    ];
    let mut snapshot = stage.read().await;
    for filter in &users {
        assert_eq!(user_total(&mut *snapshot, it.acme, filter).await, 0, "{filter}");
        assert_eq!(user_total(&mut *snapshot, it.bolt, filter).await, 1, "{filter}");
    }
    let groups = [
        "displayName eq \"pushed\"".to_owned(),
        format!("members.value eq \"{id}\" and displayName sw \"p\""),
        format!("id eq \"{}\"", it.group.id),
    ];
    for filter in &groups {
        assert_eq!(group_total(&mut *snapshot, it.acme, filter).await, 0, "{filter}");
        assert_eq!(group_total(&mut *snapshot, it.bolt, filter).await, 1, "{filter}");
    }
    let window = Window { offset: 0, limit: 10 };
    let all = Search {
        catalog: &Catalog::standard(),
        filter: None,
        sort: None,
        part: Part::Window(window),
    };
    assert_eq!(snapshot.users().search(it.acme, all).await.unwrap().total, 0);
    assert!(snapshot.groups().search(it.acme, all).await.unwrap().items.is_empty());
}

async fn user_total(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    filter: &str,
) -> u64 {
    let filter = Filter::parse(filter, &Catalog::standard().user, &[]).unwrap();
    let window = Window { offset: 0, limit: 10 };
    let search = Search {
        catalog: &Catalog::standard(),
        filter: Some(&filter),
        sort: None,
        part: Part::Window(window),
    };
    snapshot.users().search(organization, search).await.unwrap().total
}

async fn group_total(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    filter: &str,
) -> u64 {
    let filter = Filter::parse(filter, &Catalog::standard().group, &[]).unwrap();
    let window = Window { offset: 0, limit: 10 };
    let search = Search {
        catalog: &Catalog::standard(),
        filter: Some(&filter),
        sort: None,
        part: Part::Window(window),
    };
    snapshot.groups().search(organization, search).await.unwrap().total
}

// T1
pub async fn no_write_reaches_into_another_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let it = two(&stage).await;
    let acme = it.acme;
    let user = changed_user(&it.user, &json!({ "userName": "stolen" }), stage.now());
    let group = renamed(&it.group, "Stolen", stage.now());
    let role = Role { name: "Stolen".to_owned(), ..it.role.clone() };
    let refused = [
        stage.update_user(acme, &user, 1).await,
        stage.delete_user(acme, user.id, 1).await,
        stage.update_group(acme, &group, 1).await,
        stage.delete_group(acme, group.id, 1).await,
    ];
    for outcome in refused {
        assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    }
    assert!(stage.leave(acme, group.id, &[user.id]).await.is_empty());
    let mut unit = stage.begin().await;
    assert!(!unit.roles().unmap(acme, group.id, role.id).await.unwrap());
    unit.commit().await.unwrap();
    // Whatever these answer, Bolt must not notice.
    drop(update_role(&stage, acme, &role).await);
    drop(delete_role(&stage, acme, &role).await);
    drop(note_use(&stage, acme, &it.key).await);
    check_untouched(&stage, &it).await;
}

async fn update_role(
    stage: &Stage,
    organization: OrganizationId,
    role: &Role,
) -> Result<(), StoreError> {
    let mut unit = stage.begin().await;
    unit.roles().update(organization, role).await?;
    unit.commit().await
}

async fn delete_role(
    stage: &Stage,
    organization: OrganizationId,
    role: &Role,
) -> Result<(), StoreError> {
    let mut unit = stage.begin().await;
    unit.roles().delete(organization, role.id).await?;
    unit.commit().await
}

async fn note_use(
    stage: &Stage,
    organization: OrganizationId,
    key: &ApiKey,
) -> Result<(), StoreError> {
    let usage = KeyUse { at: stage.now(), address: None, agent: None };
    let mut unit = stage.begin().await;
    unit.activities().used(organization, &[(key.id, usage)]).await?;
    unit.commit().await
}

async fn check_untouched(stage: &Stage, it: &Two) {
    assert_eq!(stage.find_user(it.bolt, it.user.id).await, Some(stored(&it.user)));
    assert_eq!(stage.find_group(it.bolt, it.group.id).await, Some(stored_group(&it.group)));
    assert_eq!(stage.members(it.bolt, it.group.id).await, [it.user.id]);
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.roles().list(it.bolt).await.unwrap(), std::slice::from_ref(&it.role));
    let mapped = snapshot.roles().mapped(it.bolt, &[it.group.id]).await.unwrap();
    assert_eq!(mapped.len(), 1);
    assert_eq!(snapshot.api_keys().list(it.bolt).await.unwrap(), [(it.key.clone(), None)]);
    assert_eq!(snapshot.audit().count_unsealed(it.bolt).await.unwrap(), 1);
}

// T1
pub async fn another_organizations_entry_is_not_sealed(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let entries = stage.entries(bolt, &["1"]).await;
    let seal = crate::ports::Seal { sequence: 1, hash: [7; 32] };
    drop(stage.seal(acme, &[(&entries[0], seal)]).await);
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.audit().count_unsealed(bolt).await.unwrap(), 1);
    assert!(snapshot.audit().chain(bolt, 0, 10).await.unwrap().is_empty());
    assert!(snapshot.audit().chain(acme, 0, 10).await.unwrap().is_empty());
}

// T1
pub async fn deleting_in_one_organization_spares_the_others(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let it = two(&stage).await;
    let anna = stage.user(it.acme, "anna").await;
    let role = stage.role(it.acme, "Admin").await;
    let group = stage.group(it.acme, "Pushed").await;
    stage.map(it.acme, group.id, role.id).await;
    stage.join(it.acme, group.id, &[anna.id]).await;
    stage.delete_user(it.acme, anna.id, 1).await.unwrap();
    stage.delete_group(it.acme, group.id, 1).await.unwrap();
    let mut unit = stage.begin().await;
    unit.roles().delete(it.acme, role.id).await.unwrap();
    unit.commit().await.unwrap();
    check_untouched(&stage, &it).await;
    let states = stage.read().await.users().states(it.bolt, &[it.user.id]).await.unwrap();
    assert_eq!(states.iter().map(|it| it.id).collect::<Vec<UserId>>(), [it.user.id]);
}
