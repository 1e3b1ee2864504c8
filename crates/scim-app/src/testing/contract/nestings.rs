//! Groups as members of groups: what lies above and below, on every way and never twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use scim_domain::{GroupId, OrganizationId, UserId};
use serde_json::json;

use super::stage::Stage;
use crate::ports::{Ids as _, Store, UnitOfWork};

/// Makes groups members of a group.
pub(super) async fn nest(
    stage: &Stage,
    organization: OrganizationId,
    group: GroupId,
    members: &[GroupId],
) -> Vec<GroupId> {
    let now = stage.now();
    let mut unit = stage.begin().await;
    assert!(unit.organizations().find_for_update(organization).await.unwrap().is_some());
    let added = unit.nestings().add(organization, group, members, now).await.unwrap();
    unit.commit().await.unwrap();
    added
}

async fn unnest(
    stage: &Stage,
    organization: OrganizationId,
    group: GroupId,
    members: &[GroupId],
) -> Vec<GroupId> {
    let mut unit = stage.begin().await;
    let removed = unit.nestings().remove(organization, group, members).await.unwrap();
    unit.commit().await.unwrap();
    removed
}

/// So many groups; their ids, ordered.
async fn groups<const N: usize>(stage: &Stage, organization: OrganizationId) -> [GroupId; N] {
    let mut all = Vec::new();
    for number in 0..N {
        all.push(stage.group(organization, &format!("Group {number}")).await.id);
    }
    all.try_into().unwrap()
}

async fn above(
    stage: &Stage,
    organization: OrganizationId,
    of: &[GroupId],
) -> Vec<(GroupId, GroupId)> {
    stage.read().await.nestings().above(organization, of).await.unwrap()
}

pub async fn nested_groups_are_answered_ordered_and_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let [team, a, b, c] = groups(&stage, acme).await;
    assert_eq!(nest(&stage, acme, team, &[b, a, b]).await, [a, b]);
    assert_eq!(nest(&stage, acme, team, &[c, a]).await, [c]);
    assert_eq!(nest(&stage, acme, c, &[a]).await, [a]);
    assert!(nest(&stage, acme, team, &[]).await.is_empty());
    let mut snapshot = stage.read().await;
    let members =
        snapshot.nestings().members_of(acme, &[c, team, a, team], u64::MAX).await.unwrap();
    assert_eq!(members, [(team, a), (team, b), (team, c), (c, a)]);
    assert_eq!(snapshot.nestings().count(acme).await.unwrap(), 4);
    assert!(snapshot.groups().members_of(acme, &[team], u64::MAX).await.unwrap().is_empty());
    drop(snapshot);
    let nobody = GroupId::new(stage.ids.next());
    assert_eq!(unnest(&stage, acme, team, &[c, nobody, a, c]).await, [a, c]);
    assert!(unnest(&stage, acme, team, &[a]).await.is_empty());
    let members =
        stage.read().await.nestings().members_of(acme, &[team, c], u64::MAX).await.unwrap();
    assert_eq!(members, [(team, b), (c, a)]);
}

pub async fn nested_groups_come_in_pages(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let bolt = stage.organization("Bolt").await;
    let [team, other, a, b, c] = groups(&stage, acme).await;
    nest(&stage, acme, team, &[c, a, b]).await;
    nest(&stage, acme, other, &[a]).await;
    let mut snapshot = stage.read().await;
    let nestings = snapshot.nestings();
    for (after, expected) in
        [(None, &[a, b][..]), (Some(b), &[c][..]), (Some(a), &[b, c][..]), (Some(c), &[][..])]
    {
        assert_eq!(nestings.members_after(acme, team, after, 2).await.unwrap(), expected);
    }
    assert!(nestings.members_after(bolt, team, None, 2).await.unwrap().is_empty());
    let pairs = nestings.members_of(acme, &[other, team], 2).await.unwrap();
    assert_eq!(pairs, [(team, a), (team, b)]);
}

pub async fn what_is_above_is_found_on_every_way(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let [top, left, right, low, beside] = groups(&stage, acme).await;
    nest(&stage, acme, top, &[left, right]).await;
    nest(&stage, acme, left, &[low]).await;
    nest(&stage, acme, right, &[low]).await;
    nest(&stage, acme, beside, &[left]).await;
    let expected =
        [(left, top), (left, beside), (low, top), (low, left), (low, right), (low, beside)];
    assert_eq!(above(&stage, acme, &[low, top, left, low]).await, expected);
    unnest(&stage, acme, top, &[left]).await;
    let expected = [(low, top), (low, left), (low, right), (low, beside)];
    assert_eq!(above(&stage, acme, &[low]).await, expected);
    assert!(above(&stage, acme, &[]).await.is_empty());
}

pub async fn users_are_in_the_groups_above_their_own(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let [top, middle, low, other] = groups(&stage, acme).await;
    nest(&stage, acme, top, &[middle]).await;
    nest(&stage, acme, middle, &[low]).await;
    let users = stage.users(acme, 4).await;
    stage.join(acme, low, &users[..2]).await;
    stage.join(acme, top, &users[1..3]).await;
    stage.join(acme, other, &users).await;
    let mut snapshot = stage.read().await;
    let asked = [users[3], users[1], users[0], users[2], users[1]];
    let found = snapshot.nestings().groups_of(acme, &asked).await.unwrap();
    assert!(found.iter().all(|(_, it)| !it.direct));
    let found: Vec<_> =
        found.iter().map(|(user, it)| (*user, it.id, it.display_name.as_str())).collect();
    // The one who is in the group at the top as well is not told of it again.
    let expected =
        [(users[0], top, "Group 0"), (users[0], middle, "Group 1"), (users[1], middle, "Group 1")];
    assert_eq!(found, expected);
    let steps = snapshot.nestings().directly_above(acme, &[middle, other, low, low]).await.unwrap();
    assert_eq!(steps, [(middle, top), (low, middle)]);
    assert!(snapshot.nestings().directly_above(acme, &[]).await.unwrap().is_empty());
    assert!(snapshot.nestings().groups_of(acme, &[]).await.unwrap().is_empty());
}

pub async fn active_users_below_are_found_once(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let [top, left, right, low] = groups(&stage, acme).await;
    nest(&stage, acme, top, &[left, right]).await;
    nest(&stage, acme, left, &[low]).await;
    nest(&stage, acme, right, &[low]).await;
    let users = stage.users(acme, 3).await;
    let off = stage.new_user_of(&json!({ "userName": "off", "active": false }));
    stage.insert_users(acme, std::slice::from_ref(&off)).await;
    stage.join(acme, low, &[users[1], users[0], off.id]).await;
    stage.join(acme, left, &[users[1]]).await;
    stage.join(acme, top, &[users[2]]).await;
    let below = async |groups: &[GroupId]| {
        stage.read().await.nestings().active_users(acme, groups).await.unwrap()
    };
    assert_eq!(below(&[top]).await, users);
    assert_eq!(below(&[right, left]).await, users[..2]);
    assert_eq!(below(&[low]).await, users[..2]);
    assert!(below(&[GroupId::new(stage.ids.next())]).await.is_empty());
    assert!(below(&[]).await.is_empty());
}

pub async fn a_role_is_held_from_below(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (admin, other) = (stage.role(acme, "Admin").await, stage.role(acme, "Other").await);
    let [middle, low] = groups(&stage, acme).await;
    nest(&stage, acme, admin.home_group, &[middle]).await;
    nest(&stage, acme, middle, &[low]).await;
    let holds =
        async |role| stage.read().await.nestings().has_active_holder(acme, role).await.unwrap();
    let off = stage.new_user_of(&json!({ "userName": "off", "active": false }));
    stage.insert_users(acme, std::slice::from_ref(&off)).await;
    stage.join(acme, low, &[off.id]).await;
    assert!(!holds(admin.id).await, "nobody active");
    let anna = stage.user(acme, "anna").await;
    stage.join(acme, admin.home_group, &[anna.id]).await;
    assert!(!holds(admin.id).await, "whoever is in the group itself is not below it");
    stage.join(acme, low, &[anna.id]).await;
    assert!(holds(admin.id).await && !holds(other.id).await);
    unnest(&stage, acme, middle, &[low]).await;
    assert!(!holds(admin.id).await);
}

pub async fn a_deleted_group_is_a_member_no_more(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let [top, middle, low] = groups(&stage, acme).await;
    nest(&stage, acme, top, &[middle]).await;
    nest(&stage, acme, middle, &[low]).await;
    let anna = stage.user(acme, "anna").await;
    stage.join(acme, low, &[anna.id]).await;
    stage.delete_group(acme, middle, 1).await.unwrap();
    assert!(above(&stage, acme, &[low]).await.is_empty());
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.nestings().count(acme).await.unwrap(), 0);
    assert!(snapshot.nestings().groups_of(acme, &[anna.id]).await.unwrap().is_empty());
    assert!(snapshot.nestings().members_of(acme, &[top], u64::MAX).await.unwrap().is_empty());
}

pub async fn even_a_circle_comes_to_an_end(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let [one, two, three] = groups(&stage, acme).await;
    nest(&stage, acme, one, &[two]).await;
    nest(&stage, acme, two, &[three]).await;
    nest(&stage, acme, three, &[one]).await;
    let anna = stage.user(acme, "anna").await;
    stage.join(acme, one, &[anna.id]).await;
    assert_eq!(above(&stage, acme, &[one]).await, [(one, one), (one, two), (one, three)]);
    let mut snapshot = stage.read().await;
    let groups = snapshot.nestings().groups_of(acme, &[anna.id]).await.unwrap();
    assert_eq!(groups.iter().map(|(_, it)| it.id).collect::<Vec<_>>(), [two, three]);
    assert_eq!(snapshot.nestings().active_users(acme, &[two]).await.unwrap(), [anna.id]);
}

pub async fn nested_groups_of_others_are_unknown(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let (acme, other) = (stage.organization("Acme").await, stage.organization("Other").await);
    let [top, low] = groups(&stage, acme).await;
    nest(&stage, acme, top, &[low]).await;
    let anna = stage.user(acme, "anna").await;
    stage.join(acme, low, &[anna.id]).await;
    let mut snapshot = stage.read().await;
    let nestings = snapshot.nestings();
    assert_eq!(nestings.count(other).await.unwrap(), 0);
    assert!(nestings.members_of(other, &[top], u64::MAX).await.unwrap().is_empty());
    assert!(nestings.above(other, &[low]).await.unwrap().is_empty());
    assert!(nestings.groups_of(other, &[anna.id]).await.unwrap().is_empty());
    assert!(nestings.directly_above(other, &[low]).await.unwrap().is_empty());
    assert!(nestings.active_users(other, &[top]).await.unwrap().is_empty());
    assert!(snapshot.groups().names(other, &[top]).await.unwrap().is_empty());
    drop(snapshot);
    assert!(unnest(&stage, other, top, &[low]).await.is_empty());
    // A group of somebody else cannot become a member.
    let [stranger] = groups(&stage, other).await;
    let now = stage.now();
    let mut unit = stage.begin().await;
    assert!(unit.nestings().add(acme, top, &[stranger], now).await.is_err());
}

pub async fn names_tell_which_ids_are_groups(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let (one, two) = (stage.group(acme, "Zeta").await, stage.group(acme, "Ärzte").await);
    let user = GroupId::new(stage.user(acme, "anna").await.id.uuid());
    let mut snapshot = stage.read().await;
    let names = snapshot.groups().names(acme, &[two.id, user, one.id, two.id]).await.unwrap();
    assert_eq!(names, [(one.id, "Zeta".to_owned()), (two.id, "Ärzte".to_owned())]);
    assert!(snapshot.groups().names(acme, &[]).await.unwrap().is_empty());
}

pub async fn a_long_line_of_groups_is_walked_whole(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let line: Vec<_> = (0..300).map(|it| stage.new_group(&format!("Group {it}"))).collect();
    let now = stage.now();
    let mut unit = stage.begin().await;
    for group in &line {
        let catalog = scim_domain::schema::Catalog::standard();
        unit.groups().insert(acme, &catalog, group).await.unwrap();
    }
    for pair in line.windows(2) {
        unit.nestings().add(acme, pair[0].id, &[pair[1].id], now).await.unwrap();
    }
    unit.commit().await.unwrap();
    let low = line.last().unwrap().id;
    assert_eq!(above(&stage, acme, &[low]).await.len(), 299);
    let users: Vec<UserId> = stage.users(acme, 1).await;
    stage.join(acme, low, &users).await;
    let mut snapshot = stage.read().await;
    assert_eq!(snapshot.nestings().active_users(acme, &[line[0].id]).await.unwrap(), users);
    assert_eq!(snapshot.nestings().groups_of(acme, &users).await.unwrap().len(), 299);
}

/// Numbers that look random and are the same in every run.
pub(super) fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    }
}

/// Random nestings, circles among them, against closures made step by step.
pub async fn random_nestings_agree_with_a_plain_model(store: Arc<dyn Store>) {
    let stage = Stage::new(store);
    let acme = stage.organization("Acme").await;
    let users = stage.users(acme, 6).await;
    let all: [GroupId; 7] = groups(&stage, acme).await;
    for seed in 0..12 {
        let mut next = numbers(seed);
        let (mut up, mut own) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..next(14) {
            up.insert((all[next(7)], all[next(7)]));
        }
        for _ in 0..next(10) {
            own.insert((users[next(6)], all[next(7)]));
        }
        let now = stage.now();
        let mut unit = stage.begin().await;
        for (member, group) in &up {
            unit.nestings().add(acme, *group, &[*member], now).await.unwrap();
        }
        for (user, group) in &own {
            unit.groups().add_members(acme, *group, &[*user], now).await.unwrap();
        }
        compare(&mut *unit, acme, &up, &own, (&users, &all)).await;
        // Dropped: the next round begins from nothing.
    }
}

type Pairs<A, B> = BTreeSet<(A, B)>;

async fn compare(
    unit: &mut dyn UnitOfWork,
    acme: OrganizationId,
    up: &Pairs<GroupId, GroupId>,
    own: &Pairs<UserId, GroupId>,
    (users, all): (&[UserId], &[GroupId]),
) {
    let mut above = up.clone();
    loop {
        let further: Vec<_> = above
            .iter()
            .flat_map(|(low, it)| up.iter().filter(move |(m, _)| m == it).map(|(_, g)| (*low, *g)))
            .collect();
        let before = above.len();
        above.extend(further);
        if above.len() == before {
            break;
        }
    }
    let through: Pairs<UserId, GroupId> = own
        .iter()
        .flat_map(|(user, it)| {
            above.iter().filter(move |(low, _)| low == it).map(|(_, g)| (*user, *g))
        })
        .collect();
    let nestings = unit.read().nestings();
    let told = nestings.above(acme, all).await.unwrap();
    assert_eq!(told, above.iter().copied().collect::<Vec<_>>());
    let told = nestings.groups_of(acme, users).await.unwrap();
    let told: Vec<_> = told.into_iter().map(|(user, it)| (user, it.id)).collect();
    assert_eq!(told, through.difference(own).copied().collect::<Vec<_>>());
    let mut inside: BTreeMap<GroupId, BTreeSet<UserId>> = BTreeMap::new();
    for (user, group) in own.union(&through) {
        inside.entry(*group).or_default().insert(*user);
    }
    for group in all {
        let told = nestings.active_users(acme, &[*group]).await.unwrap();
        let expected = inside.remove(group).unwrap_or_default();
        assert_eq!(told, expected.into_iter().collect::<Vec<_>>());
    }
    let told = nestings.directly_above(acme, all).await.unwrap();
    assert_eq!(told, up.iter().copied().collect::<Vec<_>>());
}
