//! Where a user comes from, and what follows from it: who may change it.

use super::User;
use crate::{Decision, EventKind, ManagedBy, user::Changed};

/// Whose a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An identity provider made it over SCIM, or took it over.
    Scim,
    /// The backend recorded it when it first signed in. The first write of an identity provider
    /// takes such a user over.
    SignIn,
    /// An admin detached it from the identity provider, which may read it and change nothing until
    /// an admin attaches it again.
    Local,
}

impl Source {
    /// Every source.
    pub const ALL: &'static [Self] = &[Self::Scim, Self::SignIn, Self::Local];

    /// The name in the database, CLI and API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scim => "scim",
            Self::SignIn => "sign_in",
            Self::Local => "local",
        }
    }

    /// The source by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// Who may change a user of this source.
    pub const fn managed_by(self) -> ManagedBy {
        match self {
            Self::Scim => ManagedBy::IdentityProvider,
            Self::SignIn | Self::Local => ManagedBy::Local,
        }
    }
}

/// Why an identity provider may read a user and change nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// It is protected (break-glass).
    Protected,
    /// An admin detached it.
    Detached,
}

/// The user is the identity provider's: nobody else changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked;

/// No identity provider has ever written the user: there is nothing to attach it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeverWritten;

impl User {
    /// What a write to this user by an identity provider is refused with, if it is.
    pub const fn guard(&self) -> Result<(), Guarded> {
        if self.protected {
            return Err(Guarded::Protected);
        }
        match self.source {
            Source::Scim | Source::SignIn => Ok(()),
            Source::Local => Err(Guarded::Detached),
        }
    }

    /// What a write to this user by anybody but an identity provider is refused with, if it is.
    pub const fn lock(&self) -> Result<(), Locked> {
        if self.source.managed_by().locked() { Err(Locked) } else { Ok(()) }
    }

    /// Whether somebody of this `externalId` can be this user: one is who the backend says it is
    /// as long as an identity provider does not say that it is somebody else.
    pub fn can_be(&self, external_id: Option<&str>) -> bool {
        self.external_id().is_none_or(|known| external_id == Some(known))
    }

    /// Makes a change by an identity provider one that also takes the user over, if only sign-in
    /// has made it.
    pub fn taken_over(&self, decision: Decision<Changed>) -> Decision<Changed> {
        match self.source {
            Source::Scim | Source::Local => decision,
            Source::SignIn => {
                let decision = decision.map(|mut it| {
                    it.user.source = Source::Scim;
                    it.different = true;
                    it
                });
                let adopted = decision.outcome().user.told(EventKind::UserAdopted);
                decision.and([adopted])
            }
        }
    }

    /// Keeps identity providers from changing the user, or no longer. Its access stays as it is.
    pub fn protect(&self, protected: bool) -> Decision<Changed> {
        let kind = if protected { EventKind::UserProtected } else { EventKind::UserUnprotected };
        self.with(Self { protected, ..self.clone() }, kind)
    }

    /// Takes the user out of the hands of the identity provider. Nothing else of it changes, its
    /// access and its `externalId` included. One that is local already stays as it is.
    pub fn detach(&self) -> Decision<Changed> {
        let source = match self.source {
            Source::Scim => Source::Local,
            local @ (Source::SignIn | Source::Local) => local,
        };
        self.with(Self { source, ..self.clone() }, EventKind::UserDetached)
    }

    /// Hands a detached user back to the identity provider.
    pub fn attach(&self) -> Result<Decision<Changed>, NeverWritten> {
        let source = match self.source {
            Source::SignIn => return Err(NeverWritten),
            Source::Scim | Source::Local => Source::Scim,
        };
        Ok(self.with(Self { source, ..self.clone() }, EventKind::UserAttached))
    }

    /// The version covers the document, which is the same.
    fn with(&self, user: Self, kind: EventKind) -> Decision<Changed> {
        let different = user != *self;
        let told = different.then(|| user.told(kind));
        Decision::new(Changed { user, different, access: None }, told.into_iter().collect())
    }
}
