//! Members: adds and removes answer exactly what they changed, whatever came before.

use std::sync::Arc;

use scim_domain::{GroupId, OrganizationId, UserId, schema::Catalog};

use super::{
    builders::changed_user,
    stage::{Stage, sorted},
};
use crate::ports::{Ids as _, MemberState, Store};

const MANY: usize = 2_500;

pub async fn added_members_are_answered_ordered_and_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let users = stage.users(acme, 4).await;
    let given = [users[2], users[0], users[2], users[1], users[0]];
    assert_eq!(stage.join(acme, group.id, &given).await, users[..3]);
    assert_eq!(stage.members(acme, group.id).await, users[..3]);
}

pub async fn adding_members_again_answers_only_the_new_ones(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let users = stage.users(acme, 4).await;
    stage.join(acme, group.id, &[users[1]]).await;
    assert_eq!(stage.join(acme, group.id, &users).await, [users[0], users[2], users[3]]);
    assert!(stage.join(acme, group.id, &users).await.is_empty());
    assert!(stage.join(acme, group.id, &[]).await.is_empty());
    assert_eq!(stage.members(acme, group.id).await, users);
}

pub async fn removed_members_are_answered_ordered_and_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let users = stage.users(acme, 4).await;
    stage.join(acme, group.id, &users).await;
    let given = [users[3], users[1], users[3]];
    assert_eq!(stage.leave(acme, group.id, &given).await, [users[1], users[3]]);
    assert_eq!(stage.members(acme, group.id).await, [users[0], users[2]]);
}

pub async fn removing_who_is_not_a_member_changes_nothing(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (group, other) = (stage.group(acme, "One").await, stage.group(acme, "Other").await);
    let users = stage.users(acme, 3).await;
    stage.join(acme, group.id, &users[..1]).await;
    stage.join(acme, other.id, &users).await;
    let unknown = UserId::new(stage.ids.next());
    assert!(stage.leave(acme, group.id, &[users[1], unknown, users[2]]).await.is_empty());
    assert!(stage.leave(acme, group.id, &[]).await.is_empty());
    assert_eq!(stage.members(acme, group.id).await, users[..1]);
    assert_eq!(stage.members(acme, other.id).await, users);
}

pub async fn a_member_that_left_may_join_again(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let users = stage.users(acme, 1).await;
    for _ in 0..3 {
        assert_eq!(stage.join(acme, group.id, &users).await, users);
        assert_eq!(stage.leave(acme, group.id, &users).await, users);
    }
    assert!(stage.members(acme, group.id).await.is_empty());
}

pub async fn a_deleted_user_takes_its_memberships_along(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (one, other) = (stage.group(acme, "One").await, stage.group(acme, "Other").await);
    let users = stage.users(acme, 3).await;
    stage.join(acme, one.id, &users).await;
    stage.join(acme, other.id, &users[..1]).await;
    stage.delete_user(acme, users[0], 1).await.unwrap();
    assert_eq!(stage.members(acme, one.id).await, users[1..]);
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.groups().count_members(acme, other.id).await.unwrap(), 0);
    assert!(snapshot.users().groups_of(acme, &users[..1]).await.unwrap().is_empty());
    drop(snapshot);
    // A new user of the same name inherits nothing.
    let again = stage.user(acme, "user-0@acme.example").await;
    let mut snapshot = stage.read().await;
    assert!(snapshot.users().groups_of(acme, &[again.id]).await.unwrap().is_empty());
}

pub async fn an_update_of_a_user_keeps_its_memberships(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Admins").await;
    let anna = stage.user(acme, "anna").await;
    stage.join(acme, group.id, &[anna.id]).await;
    let body = serde_json::json!({ "userName": "annika", "active": false });
    let after = changed_user(&anna, &body, stage.now());
    stage.update_user(acme, &after, 1).await.unwrap();
    assert_eq!(stage.members(acme, group.id).await, [anna.id]);
}

pub async fn groups_of_users_are_ordered_by_user_then_group(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 4).await;
    // Names against the order of the ids.
    let (one, other) = (stage.group(acme, "Zeta").await, stage.group(acme, "Alpha").await);
    stage.join(acme, other.id, &[users[2], users[0]]).await;
    stage.join(acme, one.id, &[users[0], users[1]]).await;
    let asked = [users[2], users[3], users[0], users[2], UserId::new(stage.ids.next())];
    let mut snapshot = stage.read().await;
    let groups = snapshot.users().groups_of(acme, &asked).await.unwrap();
    let found: Vec<_> =
        groups.iter().map(|(user, it)| (*user, it.id, it.display_name.as_str())).collect();
    let expected =
        [(users[0], one.id, "Zeta"), (users[0], other.id, "Alpha"), (users[2], other.id, "Alpha")];
    assert_eq!(found, expected);
    assert!(snapshot.users().groups_of(acme, &[]).await.unwrap().is_empty());
}

pub async fn members_of_groups_are_ordered_by_group_then_user(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 3).await;
    let (one, two) = (stage.group(acme, "Zeta").await, stage.group(acme, "Alpha").await);
    let empty = stage.group(acme, "Empty").await;
    stage.join(acme, two.id, &[users[2], users[0]]).await;
    stage.join(acme, one.id, &[users[1], users[0]]).await;
    let mut snapshot = stage.read().await;
    let asked = [two.id, empty.id, one.id, two.id];
    let pairs = snapshot.groups().members_of(acme, &asked, u64::MAX).await.unwrap();
    let expected = [(one.id, users[0]), (one.id, users[1]), (two.id, users[0]), (two.id, users[2])];
    assert_eq!(pairs, expected);
    assert!(snapshot.groups().members_of(acme, &[], u64::MAX).await.unwrap().is_empty());
}

pub async fn states_tell_who_is_active_and_who_is_protected(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let active = stage.new_user("active");
    let inactive = stage.new_user_of(&serde_json::json!({ "userName": "off", "active": false }));
    let mut protected = stage.new_user("break-glass");
    protected.protected = true;
    stage.insert_users(acme, &[active.clone(), inactive.clone(), protected.clone()]).await;
    let known = |id, active, protected| MemberState { id, active, protected };
    let expected = [
        known(active.id, true, false),
        known(inactive.id, false, false),
        known(protected.id, true, true),
    ];
    let unknown = UserId::new(stage.ids.next());
    let asked = [protected.id, unknown, inactive.id, active.id, inactive.id];
    let mut states = stage.read().await.users().states(acme, &asked).await.unwrap();
    states.sort_by_key(|it| it.id);
    assert_eq!(states, expected);

    let group = stage.group(acme, "Admins").await;
    stage.join(acme, group.id, &[active.id, inactive.id, protected.id]).await;
    let mut snapshot = stage.read().await;
    let states = snapshot.groups().member_states(acme, group.id, None, 10).await.unwrap();
    assert_eq!(states, expected);
}

pub async fn member_states_come_in_pages(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 25).await;
    let (group, other) = (stage.group(acme, "One").await, stage.group(acme, "Other").await);
    stage.join(acme, group.id, &users[..23]).await;
    stage.join(acme, other.id, &users).await;
    let mut snapshot = stage.read().await;
    let (mut after, mut seen) = (None, Vec::new());
    for expected in [10, 10, 3, 0] {
        let page = snapshot.groups().member_states(acme, group.id, after, 10).await.unwrap();
        assert_eq!(page.len(), expected);
        seen.extend(page.iter().map(|it| it.id));
        after = seen.last().copied();
    }
    assert_eq!(seen, users[..23]);
}

pub async fn members_come_in_pages(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let bolt = stage.organization("Bolt").await;
    let users = stage.users(acme, 25).await;
    let (group, other) = (stage.group(acme, "One").await, stage.group(acme, "Other").await);
    stage.join(acme, group.id, &users[..20]).await;
    stage.join(acme, other.id, &users).await;
    let mut snapshot = stage.read().await;
    let (mut after, mut seen) = (None, Vec::new());
    for expected in [10, 10, 0] {
        let page = snapshot.groups().members_after(acme, group.id, after, 10).await.unwrap();
        assert_eq!(page.len(), expected);
        seen.extend(page);
        after = seen.last().copied();
    }
    assert_eq!(seen, users[..20]);
    let strange = snapshot.groups().members_after(bolt, group.id, None, 10).await.unwrap();
    assert!(strange.is_empty());
}

pub async fn no_more_members_of_groups_are_answered_than_were_asked_for(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 3).await;
    let (one, two) = (stage.group(acme, "One").await.id, stage.group(acme, "Two").await.id);
    stage.join(acme, one, &users[..2]).await;
    stage.join(acme, two, &users).await;
    let all = [(one, users[0]), (one, users[1]), (two, users[0]), (two, users[1]), (two, users[2])];
    // Those that nobody has make a list of more than one round.
    let mut asked: Vec<_> = (0..1_100).map(|_| GroupId::new(stage.ids.next())).collect();
    asked.extend([two, one]);
    let mut snapshot = stage.read().await;
    for limit in 0..=6 {
        let pairs = snapshot.groups().members_of(acme, &asked, limit).await.unwrap();
        let expected: Vec<_> = all.iter().copied().take(usize::try_from(limit).unwrap()).collect();
        assert_eq!(pairs, expected, "{limit}");
    }
}

/// Everything about a group whose ids do not fit into one statement's parameters.
pub async fn thousands_of_members_are_complete_and_ordered(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let group = stage.group(acme, "Everybody").await;
    let users = stage.users(acme, MANY).await;
    let backwards: Vec<_> = users.iter().rev().copied().collect();
    assert_eq!(stage.join(acme, group.id, &backwards).await, users);
    check_everybody(&stage, acme, group.id, &users).await;
    assert!(stage.join(acme, group.id, &users).await.is_empty());
    let every_other: Vec<_> = backwards.iter().step_by(2).copied().collect();
    assert_eq!(stage.leave(acme, group.id, &every_other).await, sorted(every_other.clone()));
    let rest: Vec<_> = users.into_iter().filter(|it| !every_other.contains(it)).collect();
    assert_eq!(stage.members(acme, group.id).await, rest);
}

async fn check_everybody(
    stage: &Stage,
    organization: OrganizationId,
    group: GroupId,
    users: &[UserId],
) {
    let mut snapshot = stage.read().await;
    let count = snapshot.groups().count_members(organization, group).await.unwrap();
    assert_eq!(count, u64::try_from(users.len()).unwrap());
    let pairs = snapshot.groups().members_of(organization, &[group], u64::MAX).await.unwrap();
    assert!(pairs.iter().map(|(_, user)| user).eq(users));
    let backwards: Vec<_> = users.iter().rev().copied().collect();
    let groups = snapshot.users().groups_of(organization, &backwards).await.unwrap();
    assert!(groups.iter().map(|(user, _)| user).eq(users));
    let states = snapshot.users().states(organization, &backwards).await.unwrap();
    assert_eq!(sorted(states.iter().map(|it| it.id)), users);
}

pub async fn a_user_in_many_groups_is_in_all_of_them(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 2).await;
    let groups: Vec<_> = (0..1_100).map(|it| stage.new_group(&format!("Group {it}"))).collect();
    let mut unit = stage.begin().await;
    for group in &groups {
        unit.groups().insert(acme, &Catalog::standard(), group).await.unwrap();
        unit.groups().add_members(acme, group.id, &users[..1], stage.now()).await.unwrap();
    }
    unit.commit().await.unwrap();
    let mut snapshot = stage.read().await;
    let of = snapshot.users().groups_of(acme, &users).await.unwrap();
    assert!(
        of.iter().map(|(user, it)| (*user, it.id)).eq(groups.iter().map(|it| (users[0], it.id)))
    );
    let ids: Vec<_> = groups.iter().rev().map(|it| it.id).collect();
    let pairs = snapshot.groups().members_of(acme, &ids, u64::MAX).await.unwrap();
    assert!(pairs.into_iter().eq(groups.iter().map(|it| (it.id, users[0]))));
}
