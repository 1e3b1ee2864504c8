//! Whether identity providers may provision an organization: switched on or off, and paused.

use crate::{Timestamp, invalid::Invalid};

/// What becomes of the users that identity providers manage when SCIM is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftUsers {
    /// They stay as they are; who is active stays active.
    Keep,
    /// Everybody active loses all access, except protected users and those that only sign-in made.
    Deactivate,
}

impl LeftUsers {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Keep, Self::Deactivate];

    /// By the name that CLI and API use.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The name in CLI and API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Deactivate => "deactivate",
        }
    }
}

/// Whether SCIM is switched on for an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scim {
    /// Identity providers may do what the plan allows.
    #[default]
    On,
    /// They may only take access away. Remembers what was chosen for the users.
    Off(LeftUsers),
}

impl Scim {
    /// Every state.
    pub const ALL: &'static [Self] =
        &[Self::On, Self::Off(LeftUsers::Keep), Self::Off(LeftUsers::Deactivate)];

    /// By the name that the database uses.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off(LeftUsers::Keep) => "off_keep",
            Self::Off(LeftUsers::Deactivate) => "off_deactivate",
        }
    }

    /// Whether it is on.
    pub const fn is_on(self) -> bool {
        match self {
            Self::On => true,
            Self::Off(_) => false,
        }
    }
}

/// SCIM waits: identity providers are told to come back later, for reads as for writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Since when.
    pub since: Timestamp,
    /// Until when, by itself; without it, until somebody resumes.
    pub until: Option<Timestamp>,
}

impl Pause {
    /// What `Retry-After` says while nobody knows the end, in seconds: an hour. Okta comes back ten
    /// times before a person must; a shorter time would use these up sooner.
    pub const OPEN_RETRY: u64 = 60 * 60;
    /// The longest pause that ends by itself, in seconds: 30 days.
    pub const LONGEST: i64 = 30 * 24 * 60 * 60;

    /// A pause from now on. Its end must lie ahead, at most [`Pause::LONGEST`].
    pub fn new(now: Timestamp, until: Option<Timestamp>) -> Result<Self, Invalid> {
        let fits = |end: Timestamp| end > now && end <= now.plus_seconds(Self::LONGEST);
        if until.is_some_and(|end| !fits(end)) {
            return Err(Invalid::value("The end of a pause must lie ahead, at most 30 days."));
        }
        Ok(Self { since: now, until })
    }

    /// Whether it still lasts.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|end| now < end)
    }

    /// After how many whole seconds to come back, at least one.
    pub fn retry_after(&self, now: Timestamp) -> u64 {
        let Some(end) = self.until else { return Self::OPEN_RETRY };
        let micros = end.micros().saturating_sub(now.micros());
        u64::try_from(micros).unwrap_or(0).div_ceil(1_000_000).max(1)
    }
}
