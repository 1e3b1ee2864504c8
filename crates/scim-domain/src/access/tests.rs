//! Tests of who holds what.

use super::*;
use crate::role::RoleKey;

fn role(number: u128) -> MappedRole {
    MappedRole {
        id: RoleId::new(uuid::Uuid::from_u128(number)),
        key: RoleKey::read(format!("role-{number}")),
        name: format!("Role {number}"),
        privileged: number == 1,
        home: false,
    }
}

fn holding(user: u128, number: u128, via: Via) -> Holding {
    Holding { user: UserId::new(uuid::Uuid::from_u128(user)), role: role(number), via }
}

fn group(number: u128) -> Via {
    Via::Group(GroupId::new(uuid::Uuid::from_u128(number)))
}

fn told(events: &[Event]) -> Vec<(&'static str, String)> {
    let role = |it: &Event| it.data["role"].as_str().unwrap().to_owned();
    events.iter().map(|it| (it.kind.name(), role(it))).collect()
}

#[test]
fn losing_one_way_while_another_remains_is_no_loss() {
    let both = [holding(1, 1, group(7)), holding(1, 1, Via::Assignment)];
    assert!(difference(&both, &both[..1]).is_empty());
    assert!(difference(&both, &both[1..]).is_empty());
    assert!(difference(&both[..1], &both).is_empty(), "a second way grants nothing anew");
    assert_eq!(told(&difference(&both, &[])), [("role.revoked", "role-1".to_owned())]);
}

#[test]
fn what_comes_and_what_goes_is_told_once_for_each_user() {
    let before = [holding(1, 1, group(7)), holding(2, 1, group(7))];
    let after = [holding(1, 2, Via::Assignment), holding(1, 2, group(8)), holding(2, 1, group(7))];
    let events = difference(&before, &after);
    let expected = [("role.granted", "role-2".to_owned()), ("role.revoked", "role-1".to_owned())];
    assert_eq!(told(&events), expected);
    assert!(events.iter().all(|it| it.subject == Subject::User(before[0].user)));
}

#[test]
fn an_event_says_on_which_way() {
    let [assigned, through] = [Via::Assignment, group(7)].map(|via| {
        let events = difference(&[], &[holding(1, 1, via)]);
        events.into_iter().next().unwrap().data
    });
    assert_eq!(assigned["assigned"], true);
    assert!(assigned.get("group").is_none() && through.get("assigned").is_none());
    assert!(through["group"].is_string());
    assert_eq!((&assigned["privileged"], &through["privileged"]), (&json!(true), &json!(true)));
}

#[test]
fn an_assigned_role_is_not_lost_with_a_group() {
    let user = UserId::new(uuid::Uuid::from_u128(1));
    let left = GroupId::new(uuid::Uuid::from_u128(7));
    let elsewhere = [holding(1, 1, Via::Assignment)];
    let roles = [role(1), role(2)];
    let events = through_group(Change::Revoked, left, &roles, &[user], &elsewhere);
    assert_eq!(told(&events), [("role.revoked", "role-2".to_owned())]);
}
