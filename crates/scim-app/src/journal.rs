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
        let organization = self.organization;
        let abandoned = abandons(&events);
        self.write(&mut *unit, vec![(entry, events)]).await?;
        unit.commit().await?;
        if abandoned {
            warn_of_abandoned(organization);
        }
        Ok(outcome)
    }

    /// The same for several changes of one unit: each has its entry and its events, all become
    /// durable together.
    pub async fn commit_all(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        changes: Vec<(Entry, Vec<Event>)>,
    ) -> Result<(), StoreError> {
        let abandoned = changes.iter().any(|(_, events)| abandons(events));
        self.write(&mut *unit, changes).await?;
        unit.commit().await?;
        if abandoned {
            warn_of_abandoned(self.organization);
        }
        Ok(())
    }

    async fn write(
        &self,
        unit: &mut dyn UnitOfWork,
        changes: Vec<(Entry, Vec<Event>)>,
    ) -> Result<(), StoreError> {
        let (mut entries, mut records) = (Vec::new(), Vec::new());
        for (entry, events) in changes {
            entries.push(self.entry(entry.action, entry.subject, entry.detail));
            for event in events.iter().filter(|it| stands_alone(it)) {
                entries.push(self.entry(event.kind.name(), event.subject, event.data.clone()));
            }
            records.extend(events.into_iter().map(|event| self.record(event)));
        }
        unit.audit().append(self.organization, &entries).await?;
        if !records.is_empty() {
            unit.outbox().append(self.organization, &records).await?;
        }
        Ok(())
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

/// Whether nobody active holds a privileged role any more.
fn abandons(events: &[Event]) -> bool {
    events.iter().any(|it| it.kind == EventKind::RoleAbandoned)
}

/// The backend may now have nobody who can administer the organization.
fn warn_of_abandoned(organization: OrganizationId) {
    tracing::error!(%organization, "the last active holder of a privileged role is gone");
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
