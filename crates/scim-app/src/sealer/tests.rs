//! Tests of the chain.

use scim_domain::{AuditEntryId, Subject, Timestamp};
use uuid::Uuid;

use super::*;

fn entry(number: u128) -> AuditRecord {
    let organization = OrganizationId::new(Uuid::from_u128(1));
    AuditRecord {
        id: AuditEntryId::new(Uuid::from_u128(number)),
        at: Timestamp::from_micros(7),
        actor: "cli:jane".to_owned(),
        action: "organization.created".to_owned(),
        subject: Subject::Organization(organization),
        request_id: None,
        detail: json!({ "number": number.to_string() }),
    }
}

#[test]
fn a_chain_counts_without_gaps_and_goes_on_where_it_ended() {
    let whole = chain(None, &[entry(1), entry(2), entry(3)]);
    assert_eq!(whole.iter().map(|it| it.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    let first = chain(None, &[entry(1)]);
    let rest = chain(first.last().cloned(), &[entry(2), entry(3)]);
    assert_eq!(whole[1..], rest);
}

// P1
#[test]
fn whatever_is_changed_in_an_entry_changes_its_hash_and_all_after_it() {
    let changes: [fn(&mut AuditRecord); 5] = [
        |it| it.actor.push('x'),
        |it| it.action = "organization.plan_changed".to_owned(),
        |it| it.at = Timestamp::from_micros(8),
        |it| it.request_id = Some("r".to_owned()),
        |it| it.detail = json!({}),
    ];
    let original = chain(None, &[entry(1), entry(2)]);
    for change in changes {
        let mut first = entry(1);
        change(&mut first);
        let altered = chain(None, &[first, entry(2)]);
        assert_ne!(altered[0].hash, original[0].hash);
        assert_ne!(altered[1].hash, original[1].hash);
    }
}
