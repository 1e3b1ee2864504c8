use uuid::Uuid;

use super::*;
use crate::{Decision, EventKind};

const NOW: Timestamp = Timestamp::from_micros(1_000_000_000);

fn acme() -> Organization {
    Organization::create(OrganizationId::new(Uuid::max()), "Acme", Plan::Growth, NOW).unwrap()
}

fn kinds(decision: &Decision<Organization>) -> Vec<EventKind> {
    decision.events().iter().map(|it| it.kind).collect()
}

#[test]
fn only_what_is_different_is_told() {
    let acme = acme();
    let same = OrganizationChange {
        name: Some(" Acme ".to_owned()),
        plan: Some(Plan::Growth),
        seat_limit: Some(SeatLimit::Unlimited),
        nested_groups: Some(false),
        entitlements: Some(Entitlements::Ignore),
        mapping_rules: Some(false),
        name_id_attribute: Some(NameIdAttribute::UserName),
    };
    let decision = acme.change(&same).unwrap();
    assert_eq!((decision.outcome(), decision.events()), (&acme, &[][..]));
    let other = OrganizationChange {
        name: Some("Acme Inc.".to_owned()),
        plan: Some(Plan::Starter),
        seat_limit: Some(SeatLimit::Seats(0)),
        nested_groups: Some(true),
        entitlements: Some(Entitlements::Assign),
        mapping_rules: Some(true),
        name_id_attribute: Some(NameIdAttribute::ExternalId),
    };
    let decision = acme.change(&other).unwrap();
    assert_eq!(decision.events().len(), 7);
    assert_eq!(decision.outcome().seat_limit.seats(), Some(0));
    let nameless = OrganizationChange { name: Some(" ".to_owned()), ..Default::default() };
    assert!(acme.change(&nameless).is_err());
}

#[test]
fn an_organization_grants_no_access_while_it_is_disabled_or_deleted() {
    let disabled = acme().disable(NOW);
    assert_eq!(kinds(&disabled), [EventKind::OrganizationDisabled]);
    let disabled = disabled.outcome();
    assert!(!disabled.grants_access());
    assert!(disabled.disable(NOW).events().is_empty());
    let deleted = disabled.delete(NOW, None).unwrap();
    let enabled = deleted.outcome().enable();
    assert!(!enabled.outcome().grants_access());
    assert!(enabled.outcome().restore().outcome().grants_access());
    // What was disabled before it was deleted is so when it is restored.
    assert!(!deleted.outcome().restore().outcome().grants_access());
}

#[test]
fn a_deleted_organization_is_gone_when_its_grace_is_over() {
    let deleted = acme().delete(NOW, None).unwrap().outcome().clone();
    let end = NOW.plus_seconds(Deletion::GRACE);
    assert_eq!(deleted.deletion, Some(Deletion { at: NOW, purge: end }));
    assert!(!deleted.is_gone(end.plus_seconds(-1)));
    assert!(deleted.is_gone(end));
    // Deleting again says nothing new, except with another grace.
    let later = NOW.plus_seconds(60);
    assert!(deleted.delete(later, None).unwrap().events().is_empty());
    let now_gone = deleted.delete(later, Some(0)).unwrap().outcome().clone();
    assert_eq!(now_gone.deletion, Some(Deletion { at: NOW, purge: later }));
    assert!(now_gone.is_gone(later));
    for grace in [-1, Deletion::LONGEST + 1] {
        assert!(acme().delete(NOW, Some(grace)).is_err(), "{grace}");
    }
}

// O2
#[test]
fn a_pause_says_in_whole_seconds_when_to_come_back() {
    let open = Pause::new(NOW, None).unwrap();
    assert!(open.lasts(NOW.plus_seconds(Pause::LONGEST * 2)));
    assert_eq!(open.retry_after(NOW), Pause::OPEN_RETRY);
    let until = Timestamp::from_micros(NOW.micros() + 90_000_001);
    let pause = Pause::new(NOW, Some(until)).unwrap();
    assert_eq!(pause.retry_after(NOW), 91);
    assert_eq!(pause.retry_after(NOW.plus_seconds(90)), 1);
    assert!(pause.lasts(NOW.plus_seconds(90)));
    assert!(!pause.lasts(until));
    for end in [NOW, NOW.plus_seconds(-1), NOW.plus_seconds(Pause::LONGEST + 1)] {
        assert!(Pause::new(NOW, Some(end)).is_err(), "{end}");
    }
}

#[test]
fn a_pause_is_told_when_it_begins_moves_and_ends() {
    let until = NOW.plus_seconds(60);
    let paused = acme().pause(NOW, Some(until)).unwrap().outcome().clone();
    assert!(paused.pause(NOW, Some(until)).unwrap().events().is_empty());
    let moved = paused.pause(until.plus_seconds(-1), None).unwrap();
    assert_eq!(kinds(&moved), [EventKind::OrganizationScimPaused]);
    assert_eq!(moved.outcome().pause, Some(Pause { since: NOW, until: None }));
    assert_eq!(kinds(&moved.outcome().resume(until)), [EventKind::OrganizationScimResumed]);
    // One that has ended by itself is over without a word.
    assert!(paused.resume(until).events().is_empty());
    assert_eq!(paused.paused(until), None);
}

#[test]
fn scim_is_switched_with_a_choice_for_the_users() {
    let off = acme().switch_scim_off(LeftUsers::Keep).outcome().clone();
    assert!(off.switch_scim_off(LeftUsers::Keep).events().is_empty());
    assert_eq!(off.switch_scim_off(LeftUsers::Deactivate).events().len(), 1);
    assert_eq!(kinds(&off.switch_scim_on()), [EventKind::OrganizationScimSwitchedOn]);
    assert!(acme().switch_scim_on().events().is_empty());
    for scim in Scim::ALL {
        assert_eq!(Scim::parse(scim.name()), Some(*scim));
    }
}
