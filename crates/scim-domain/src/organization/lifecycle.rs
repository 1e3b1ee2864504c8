//! Disabling an organization, deleting it with a grace, and pausing or switching off its SCIM.

use serde_json::{Value, json};

use super::{LeftUsers, Organization, Pause, Scim};
use crate::{Decision, Event, EventKind, Subject, Timestamp, invalid::Invalid};

/// That an organization was deleted. Until its end it can be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// When somebody deleted it.
    pub at: Timestamp,
    /// From when on it is gone for everybody, and its data is erased.
    pub purge: Timestamp,
}

impl Deletion {
    /// The grace of a deletion for which nobody said another, in seconds: 30 days.
    pub const GRACE: i64 = 30 * 24 * 60 * 60;
    /// The longest grace, in seconds: a year.
    pub const LONGEST: i64 = 365 * 24 * 60 * 60;
}

impl Organization {
    /// Whether its users have any access, and its keys open anything: not while it is disabled, and
    /// not from its deletion on.
    pub const fn grants_access(&self) -> bool {
        self.disabled.is_none() && self.deletion.is_none()
    }

    /// Whether its grace is over: from then on it is as unknown as one that never was.
    pub fn is_gone(&self, now: Timestamp) -> bool {
        self.deletion.is_some_and(|it| it.purge <= now)
    }

    /// The pause, while it lasts.
    pub fn paused(&self, now: Timestamp) -> Option<Pause> {
        self.pause.filter(|it| it.lasts(now))
    }

    /// Takes all access until it is enabled again.
    pub fn disable(&self, now: Timestamp) -> Decision<Self> {
        if self.disabled.is_some() {
            return Decision::quiet(self.clone());
        }
        let after = Self { disabled: Some(now), ..self.clone() };
        after.told(EventKind::OrganizationDisabled, json!({}))
    }

    /// Gives the access back.
    pub fn enable(&self) -> Decision<Self> {
        if self.disabled.is_none() {
            return Decision::quiet(self.clone());
        }
        let after = Self { disabled: None, ..self.clone() };
        after.told(EventKind::OrganizationEnabled, json!({}))
    }

    /// Deletes it after a grace, in seconds. `None` is [`Deletion::GRACE`], or, where it is deleted
    /// already, what was said then. `invalidValue` outside of 0 to [`Deletion::LONGEST`].
    pub fn delete(&self, now: Timestamp, grace: Option<i64>) -> Result<Decision<Self>, Invalid> {
        if self.deletion.is_some() && grace.is_none() {
            return Ok(Decision::quiet(self.clone()));
        }
        let grace = grace.unwrap_or(Deletion::GRACE);
        if !(0..=Deletion::LONGEST).contains(&grace) {
            return Err(Invalid::value("The grace of a deletion must be 0 to 365 days."));
        }
        let at = self.deletion.map_or(now, |it| it.at);
        let purge = now.plus_seconds(grace);
        let after = Self { deletion: Some(Deletion { at, purge }), ..self.clone() };
        let data = json!({ "name": self.name, "purge": purge.to_string() });
        Ok(after.told(EventKind::OrganizationDeleted, data))
    }

    /// Takes the deletion back.
    pub fn restore(&self) -> Decision<Self> {
        if self.deletion.is_none() {
            return Decision::quiet(self.clone());
        }
        let after = Self { deletion: None, ..self.clone() };
        after.told(EventKind::OrganizationRestored, json!({ "name": self.name }))
    }

    /// The event that nothing of it is left.
    pub fn purged(&self) -> Event {
        Event::new(EventKind::OrganizationPurged, self.subject(), json!({ "name": self.name }))
    }

    /// Lets identity providers wait, or wait until another time than before.
    pub fn pause(
        &self,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Decision<Self>, Invalid> {
        let mut pause = Pause::new(now, until)?;
        if let Some(lasting) = self.paused(now) {
            if lasting.until == until {
                return Ok(Decision::quiet(self.clone()));
            }
            pause.since = lasting.since;
        }
        let after = Self { pause: Some(pause), ..self.clone() };
        let data = json!({ "until": until.map(|it| it.to_string()) });
        Ok(after.told(EventKind::OrganizationScimPaused, data))
    }

    /// Ends the pause, if one lasts.
    pub fn resume(&self, now: Timestamp) -> Decision<Self> {
        if self.paused(now).is_none() {
            return Decision::quiet(self.clone());
        }
        let after = Self { pause: None, ..self.clone() };
        after.told(EventKind::OrganizationScimResumed, json!({}))
    }

    /// Switches SCIM off; what is chosen for the users is done by whoever asked.
    pub fn switch_scim_off(&self, users: LeftUsers) -> Decision<Self> {
        let scim = Scim::Off(users);
        if self.scim == scim {
            return Decision::quiet(self.clone());
        }
        let after = Self { scim, ..self.clone() };
        after.told(EventKind::OrganizationScimSwitchedOff, json!({ "users": users.name() }))
    }

    /// Switches SCIM on. Nobody is activated by it.
    pub fn switch_scim_on(&self) -> Decision<Self> {
        if self.scim.is_on() {
            return Decision::quiet(self.clone());
        }
        let after = Self { scim: Scim::On, ..self.clone() };
        after.told(EventKind::OrganizationScimSwitchedOn, json!({}))
    }

    /// Itself, as an event's subject.
    pub const fn subject(&self) -> Subject {
        Subject::Organization(self.id)
    }

    fn told(self, kind: EventKind, data: Value) -> Decision<Self> {
        let event = Event::new(kind, self.subject(), data);
        Decision::new(self, vec![event])
    }
}
