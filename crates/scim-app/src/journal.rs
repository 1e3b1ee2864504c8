//! The only way to commit a change: state, audit entry and events in one transaction.

use scim_domain::{AuditEntryId, Decision, Event, EventId, EventKind, OrganizationId, Subject};

use crate::{
    Actor,
    ports::{AuditRecord, Clock, EventRecord, Ids, StoreError, UnitOfWork},
};

/// What one change is called in the audit log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What was done, for example `user.updated`.
    pub action: &'static str,
    /// To what.
    pub subject: Subject,
    /// What else matters, as a JSON object.
    pub detail: serde_json::Value,
}

/// Writes on behalf of an actor in an organization.
#[derive(Debug)]
pub struct Journal<'a> {
    /// Tells the time of the entries.
    pub clock: &'a dyn Clock,
    /// Makes the ids of the entries.
    pub ids: &'a dyn Ids,
    /// Who did it.
    pub actor: &'a Actor,
    /// In which organization.
    pub organization: OrganizationId,
    /// In which request.
    pub request_id: Option<&'a str>,
}

impl Journal<'_> {
    /// Stores the audit entry and the events of a decision with everything the unit has written,
    /// and hands out the decision's outcome once all of it is durable.
    ///
    /// Each grant of a privileged role, the loss of its last active holder, and each mapping that a
    /// rule made, has an audit entry of its own.
    pub async fn commit<T>(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        entry: Entry,
        decision: Decision<T>,
    ) -> Result<T, StoreError> {
        let (outcome, events) = decision.into_parts();
        let abandoned = events.iter().filter(|it| it.kind == EventKind::RoleAbandoned).count();
        let mut entries = vec![self.entry(entry.action, entry.subject, entry.detail)];
        for event in events.iter().filter(|it| stands_alone(it)) {
            entries.push(self.entry(event.kind.name(), event.subject, event.data.clone()));
        }
        unit.audit().append(self.organization, &entries).await?;
        if !events.is_empty() {
            let records: Vec<_> = events.into_iter().map(|event| self.record(event)).collect();
            unit.outbox().append(self.organization, &records).await?;
        }
        unit.commit().await?;
        if abandoned > 0 {
            // The backend may now have nobody who can administer the organization.
            tracing::error!(
                organization = %self.organization,
                "the last active holder of a privileged role is gone"
            );
        }
        Ok(outcome)
    }

    /// Stores one more audit entry in the unit: of what another organization must remember as well.
    pub async fn add(&self, unit: &mut dyn UnitOfWork, entry: Entry) -> Result<(), StoreError> {
        let entry = self.entry(entry.action, entry.subject, entry.detail);
        unit.audit().append(self.organization, &[entry]).await
    }

    fn entry(&self, action: &str, subject: Subject, detail: serde_json::Value) -> AuditRecord {
        AuditRecord {
            id: AuditEntryId::new(self.ids.next()),
            at: self.clock.now(),
            actor: self.actor.to_string(),
            action: action.to_owned(),
            subject,
            request_id: self.request_id.map(str::to_owned),
            detail,
        }
    }

    fn record(&self, event: Event) -> EventRecord {
        EventRecord {
            id: EventId::new(self.ids.next()),
            at: self.clock.now(),
            event,
            request_id: self.request_id.map(str::to_owned),
        }
    }
}

/// Events that have an audit entry of their own beside that of the change they came with.
fn stands_alone(event: &Event) -> bool {
    let privileged = event.data.get("privileged").and_then(serde_json::Value::as_bool);
    event.kind == EventKind::RoleAbandoned
        || (event.kind == EventKind::RoleGranted && privileged == Some(true))
        || (event.kind == EventKind::GroupMapped && event.data.get("rule").is_some())
}

/// Ends a unit that had nothing to change, once everything it saw is durable: what it read may come
/// from a unit that shares its commit, and nobody may be told of it before.
pub(crate) async fn conclude(unit: Box<dyn UnitOfWork>) -> Result<(), StoreError> {
    unit.commit().await
}

/// Commits what is no change: gathered activity, the places of entries in their chain, and secrets
/// that instances share.
pub(crate) async fn commit_bookkeeping(unit: Box<dyn UnitOfWork>) -> Result<(), StoreError> {
    unit.commit().await
}
