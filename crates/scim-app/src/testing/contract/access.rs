//! What a backend asks at sign-in.

pub mod agreement;

use std::sync::Arc;

use scim_domain::{
    FoldedText, OrganizationId, RequestId, UserId,
    access::{Above, Account, Made, Path, Via},
};
use serde_json::json;

use super::stage::{Stage, sorted};
use crate::ports::{Departed, Ids as _, Mark, Snapshot, Store};

/// What a user reaches as a member of groups itself and by assignment, by role key, then by way.
pub(super) async fn paths(
    snapshot: &mut dyn Snapshot,
    organization: OrganizationId,
    user: UserId,
) -> Vec<Path> {
    let mut accounts = snapshot.access().by_ids(organization, &[user]).await.unwrap();
    let reached = accounts.pop().map_or_else(Vec::new, |it| it.reached);
    let mut paths: Vec<_> = reached.into_iter().map(|it| it.path).collect();
    paths.sort_by(|one, other| (&one.role, one.via).cmp(&(&other.role, other.via)));
    paths
}

fn users(accounts: &[Account]) -> Vec<UserId> {
    sorted(accounts.iter().map(|it| it.user))
}

impl Stage {
    fn request(&self) -> RequestId {
        RequestId::new(self.ids.next())
    }
}

pub async fn every_link_tells_its_moment_and_its_request(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await.id;
    let admin = stage.role(acme, "Admin").await;
    let pushed = stage.group(acme, "Pushed").await.id;
    let [joined, mapped, assigned] =
        [(); 3].map(|()| Made { at: stage.now(), request: Some(stage.request()) });
    let mut unit = stage.begin().await;
    unit.in_request(joined.request);
    unit.groups().add_members(acme, pushed, &[anna], joined.at).await.unwrap();
    unit.in_request(mapped.request);
    unit.roles().map(acme, pushed, admin.id, mapped.at).await.unwrap();
    unit.in_request(assigned.request);
    unit.roles().assign(acme, admin.id, &[anna], assigned.at).await.unwrap();
    unit.commit().await.unwrap();
    // Who is there already stays as it came; a unit without a request makes links without one.
    stage.join(acme, pushed, &[anna]).await;
    stage.map(acme, pushed, admin.id).await;
    stage.join(acme, admin.home_group, &[anna]).await;

    let mut snapshot = stage.read().await;
    let found = paths(&mut *snapshot, acme, anna).await;
    let found: Vec<_> = found.iter().map(|it| (it.via, it.membership, it.grant)).collect();
    let (home, home_membership, home_grant) = found[0];
    assert_eq!(home, Via::Group(admin.home_group));
    assert_eq!((home_membership.unwrap().request, home_grant.request), (None, None));
    assert!(home_membership.unwrap().at > assigned.at && home_grant.at < joined.at);
    let expected = [(Via::Group(pushed), Some(joined), mapped), (Via::Assignment, None, assigned)];
    assert_eq!(found[1..], expected);
}

pub async fn accounts_are_found_by_id_name_and_external_id(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let of = |name: &str, external_id: &str, active: bool| {
        let body = json!({ "userName": name, "externalId": external_id, "active": active });
        stage.new_user_of(&body)
    };
    let all = [of("Anna", "x", true), of("berta", "x", false), of("Carla", "X", true)];
    stage.insert_users(acme, &all).await;
    let [anna, berta, carla] = [0, 1, 2].map(|it: usize| all[it].id);
    let mut snapshot = stage.read().await;
    let access = snapshot.access();
    let found = access.by_ids(acme, &[berta, anna, berta]).await.unwrap();
    assert_eq!(users(&found), [anna, berta]);
    for account in &found {
        let (name, active) = if account.user == anna { ("anna", true) } else { ("berta", false) };
        assert_eq!((account.user_name_key.as_str(), account.active), (name, active));
        assert!(account.reached.is_empty(), "who reaches nothing is there all the same");
    }
    let names = ["ANNA", "carla", "nobody"].map(FoldedText::of);
    assert_eq!(users(&access.by_names(acme, &names).await.unwrap()), [anna, carla]);
    assert_eq!(users(&access.by_external_id(acme, "x").await.unwrap()), [anna, berta]);
    assert_eq!(users(&access.by_external_id(acme, "X").await.unwrap()), [carla]);
    assert!(access.by_external_id(acme, "y").await.unwrap().is_empty());
    let asked = ["X", "x", "y"].map(str::to_owned);
    let have = access.have_external_ids(acme, &asked).await.unwrap();
    let expected = [("X", carla), ("x", anna), ("x", berta)].map(|(it, id)| (it.to_owned(), id));
    assert_eq!(sorted(have), expected);
    assert!(access.by_ids(acme, &[]).await.unwrap().is_empty());
    assert!(access.by_names(acme, &[]).await.unwrap().is_empty());
    assert!(access.have_external_ids(acme, &[]).await.unwrap().is_empty());
}

pub async fn of_an_external_id_of_many_two_users_are_told(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let admin = stage.role(acme, "Admin").await;
    let user = |at| stage.new_user_of(&json!({ "userName": format!("u{at}"), "externalId": "x" }));
    let all: Vec<_> = (0..5).map(user).collect();
    stage.insert_users(acme, &all).await;
    let ids: Vec<_> = all.iter().map(|it| it.id).collect();
    stage.join(acme, admin.home_group, &ids).await;
    let found = stage.read().await.access().by_external_id(acme, "x").await.unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|it| it.reached.len() == 1));
}

pub async fn access_of_thousands_is_complete(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let everybody = stage.users(acme, 1_500).await;
    let admin = stage.role(acme, "Admin").await;
    stage.join(acme, admin.home_group, &everybody).await;
    let mut snapshot = stage.read().await;
    let found = snapshot.access().by_ids(acme, &everybody).await.unwrap();
    assert_eq!(users(&found), everybody);
    assert!(found.iter().all(|it| it.reached.len() == 1));
    let above = snapshot.access().above(acme, &everybody).await.unwrap();
    assert_eq!((above.memberships.len(), above.mappings.len()), (1_500, 1));
}

pub async fn what_lies_above_is_told_link_by_link(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let anna = stage.user(acme, "anna").await.id;
    let admin = stage.role(acme, "Admin").await;
    let (low, mid) = (stage.group(acme, "Low").await.id, stage.group(acme, "Mid").await.id);
    let other = stage.group(acme, "Other").await.id;
    stage.join(acme, low, &[anna]).await;
    let made = Made { at: stage.now(), request: Some(stage.request()) };
    let mut unit = stage.begin().await;
    unit.in_request(made.request);
    for (group, member) in [(mid, low), (admin.home_group, mid), (admin.home_group, other)] {
        unit.nestings().add(acme, group, &[member], made.at).await.unwrap();
    }
    unit.commit().await.unwrap();
    let above = stage.read().await.access().above(acme, &[anna]).await.unwrap();
    let Above { memberships, nestings, mappings } = above;
    let member: Vec<_> =
        memberships.iter().map(|it| (it.user, it.group, &*it.group_name)).collect();
    assert_eq!(member, [(anna, low, "Low")]);
    let steps = nestings.iter().map(|it| (it.member, it.group, &*it.group_name, it.made));
    let expected = [(low, mid, "Mid", made), (mid, admin.home_group, "Admin", made)];
    assert_eq!(sorted(steps), sorted(expected));
    let mapped: Vec<_> = mappings.iter().map(|it| (it.group, &it.role)).collect();
    assert_eq!(mapped, [(admin.home_group, &admin.key)]);
    assert_eq!(mappings[0].permissions, admin.permissions);
}

pub async fn who_was_deleted_is_recognized_until_forgotten(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let [one, two] = [(); 2].map(|()| UserId::new(stage.ids.next()));
    let (name, other) = (FoldedText::of("anna"), FoldedText::of("berta"));
    let marks = |id, name| [Mark::of_id(id), Mark::of_name(acme, name)];
    let (first, second) = (stage.now(), stage.now());
    let request = Some(stage.request());
    for (user, name, at) in [(one, &name, first), (two, &name, second)] {
        let mut unit = stage.begin().await;
        unit.in_request(request);
        unit.departures().remember(acme, user, &marks(user, name), at).await.unwrap();
        unit.commit().await.unwrap();
    }
    let asked = [marks(one, &name), marks(two, &other)].concat();
    let was = |user, at| Departed { user, made: Made { at, request } };
    let mut snapshot = stage.read().await;
    let found = snapshot.access().departed(acme, &asked).await.unwrap();
    let expected = [
        (Mark::of_id(one), was(one, first)),
        (Mark::of_id(two), was(two, second)),
        (Mark::of_name(acme, &name), was(two, second)),
    ];
    let by_mark = |mut it: Vec<(Mark, Departed)>| {
        it.sort_by_key(|(mark, _)| *mark);
        it
    };
    assert_eq!(by_mark(found), by_mark(expected.into()));
    assert!(snapshot.access().departed(bolt, &asked).await.unwrap().is_empty());
    assert!(snapshot.access().departed(acme, &[]).await.unwrap().is_empty());
    drop(snapshot);
    let mut unit = stage.begin().await;
    unit.departures().forget(second).await.unwrap();
    unit.commit().await.unwrap();
    let left = stage.read().await.access().departed(acme, &asked).await.unwrap();
    assert_eq!(by_mark(left), by_mark(expected[1..].into()));
}

// T1
pub async fn access_shows_nothing_of_another_organization(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
    let berta = stage.new_user_of(&json!({ "userName": "berta", "externalId": "x" }));
    stage.insert_users(bolt, std::slice::from_ref(&berta)).await;
    let admin = stage.role(bolt, "Admin").await;
    stage.join(bolt, admin.home_group, &[berta.id]).await;
    let mut snapshot = stage.read().await;
    let access = snapshot.access();
    assert!(access.by_ids(acme, &[berta.id]).await.unwrap().is_empty());
    assert!(access.by_names(acme, &[FoldedText::of("berta")]).await.unwrap().is_empty());
    assert!(access.by_external_id(acme, "x").await.unwrap().is_empty());
    assert!(access.have_external_ids(acme, &["x".to_owned()]).await.unwrap().is_empty());
    assert_eq!(access.above(acme, &[berta.id]).await.unwrap(), Above::default());
    assert_eq!(access.by_ids(bolt, &[berta.id]).await.unwrap()[0].reached.len(), 1);
}
