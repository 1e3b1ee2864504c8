//! A request that has shown its credential.

use std::{any::Any, net::IpAddr, sync::Arc};

use scim_domain::{
    Invalid, Json, OrganizationId, RequestId, Timestamp,
    api_key::{ApiKey, Permission},
    organization::Organization,
    resource::{document::Strictness, patch::PatchOptions},
    schema::{Catalog, ResourceType},
};

use super::{ListQuery, Provisioning, listing::Question, outcome::ignored_note, plan};
use crate::{
    Actor, Error,
    activity::Client,
    authentication::Authentication,
    error::Forbidden,
    ports::{Ahead, Snapshot, StoreError, UnitOfWork},
    quirks::{self, Message, Quirk, Rewritten, Showed},
    reach::Reach,
    standing,
    token::Token,
};

/// Where a request came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The id of the request; on every log line, in the audit and in a 500.
    pub request_id: String,
    /// The client's address, as far as the proxies can be trusted.
    pub address: Option<IpAddr>,
}

impl Origin {
    /// The id of the request as what it makes remembers it; none, if somebody else gave the id and
    /// it is not one of ours.
    pub(crate) fn request(&self) -> Option<RequestId> {
        RequestId::parse(&self.request_id)
    }
}

/// What is held for a request until nothing is done for it any more, such as its turn among those
/// with its credential. A write goes on after its client has hung up, and keeps this.
pub type Held = Arc<dyn Any + Send + Sync>;

/// Who asks, on behalf of which organization.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The organization: the key's, never anything the request says.
    pub organization: Organization,
    /// The key.
    pub key: ApiKey,
    /// The key, as the one who acts.
    pub actor: Actor,
    /// Where the request came from.
    pub origin: Origin,
    /// The schemas of the organization.
    pub catalog: Arc<Catalog>,
    /// What the request showed beside the standard and was understood all the same.
    pub showed: Showed,
    /// What is held for the request: whatever is done for it has its caller.
    pub held: Option<Held>,
}

impl Caller {
    /// The body as the core wants it: what a tolerant key may send otherwise is rewritten, and noted.
    pub(crate) fn understood(
        &self,
        resource_type: &ResourceType,
        message: Message,
        body: Json,
    ) -> Json {
        match self.key.strictness {
            Strictness::Strict => body,
            Strictness::Tolerant => {
                let Rewritten { body, quirks } = quirks::rewrite(resource_type, message, body);
                self.showed.note(quirks);
                body
            }
        }
    }

    /// The phrase about names that nothing here knows, if there are any.
    pub(super) fn left_out(&self, ignored: &[String]) -> Vec<String> {
        if !ignored.is_empty() {
            self.showed.note([Quirk::UnknownAttribute]);
        }
        ignored_note(ignored)
    }

    /// A search as this key may ask for it.
    pub(super) fn asks(&self, query: &ListQuery, kind: &ResourceType) -> Result<Question, Invalid> {
        let question = query.read(kind, self.key.strictness)?;
        self.note_unquoted(&question);
        Ok(question)
    }

    /// A search over users and groups as this key may ask for it.
    pub(super) fn asks_both(&self, query: &ListQuery) -> Result<(Question, Question), Invalid> {
        let (user, group) = (self.user_type(), self.group_type());
        let (of_users, of_groups) = query.read_both(user, group, self.key.strictness)?;
        self.note_unquoted(&of_users);
        Ok((of_users, of_groups))
    }

    fn note_unquoted(&self, question: &Question) {
        if question.unquoted {
            self.showed.note([Quirk::TextWithoutQuotes]);
        }
    }

    /// What the engine forgives.
    pub(crate) const fn patch_options(&self) -> PatchOptions {
        PatchOptions::of(self.key.strictness)
    }

    /// What a user is in this organization.
    pub(crate) fn user_type(&self) -> &ResourceType {
        &self.catalog.user
    }

    /// What a group is in this organization.
    pub(crate) fn group_type(&self) -> &ResourceType {
        &self.catalog.group
    }

    /// How far the organization's groups reach.
    pub(crate) const fn reaching(&self) -> Reach {
        Reach::of(&self.organization)
    }

    /// The key in use.
    pub fn client(&self) -> Client {
        Client {
            organization: self.organization(),
            api_key: self.key.id,
            address: self.origin.address,
        }
    }

    /// The organization's id, which every method of the store takes.
    pub const fn organization(&self) -> OrganizationId {
        self.organization.id
    }
}

/// A caller that may use SCIM, and the view of the store in which its credential was checked:
/// key, resource and groups come from one snapshot.
pub struct Session {
    pub(crate) snapshot: Box<dyn Snapshot>,
    /// Who asks.
    pub caller: Arc<Caller>,
}

impl Session {
    /// Lets go of the view and keeps who asks: before a body is read or a write begins, so that a
    /// slow client holds nothing open.
    pub fn release(self) -> Arc<Caller> {
        self.caller
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("caller", &self.caller).finish_non_exhaustive()
    }
}

impl Provisioning {
    /// Authenticates a request before anything else of it is looked at. `token` is `None` when
    /// there is no credential or a malformed one.
    ///
    /// A key without the permission, or used from where it may not be, comes back as an error with
    /// its caller, so that the denial can be told of the right key.
    pub async fn open(&self, token: Option<&Token>, origin: Origin) -> Result<Session, Denied> {
        self.open_ahead(token, origin, None, || Ahead::Nothing).await
    }

    /// The same, for a request that tells what it will ask for: that is asked together with the key
    /// where it saves time, and told to nobody whose key is not good. The request is looked at for
    /// it only if its token was right before. What is `held` goes with the caller, and is let go of
    /// with the last of those who work for it.
    pub async fn open_ahead(
        &self,
        token: Option<&Token>,
        origin: Origin,
        held: Option<Held>,
        ahead: impl FnOnce() -> Ahead,
    ) -> Result<Session, Denied> {
        let opened = self.authentication.authenticate(&*self.store, token, ahead).await;
        let denied = |error| Denied { error, caller: None };
        let (mut snapshot, key, organization) = opened.map_err(denied)?;
        let catalog = self.catalogs.of(&mut *snapshot, &organization).await;
        let catalog = catalog.map_err(|it| denied(it.into()))?;
        let actor = Actor::ApiKey(key.id);
        let caller = Arc::new(Caller {
            organization,
            key,
            actor,
            origin,
            catalog,
            showed: Showed::default(),
            held,
        });
        match admitted(&caller, self.clock.now()) {
            Ok(()) => Ok(Session { snapshot, caller }),
            Err(error) => Err(Denied { error, caller: Some(caller) }),
        }
    }

    /// A new view of the store for a caller that let go of the first one while its body arrived.
    /// What is in it is read by the schemas that are in it.
    pub async fn resume(&self, caller: Arc<Caller>) -> Result<Session, Error> {
        let mut snapshot = self.store.read().await?;
        let found = snapshot.organizations().find(caller.organization()).await?;
        let organization = found.ok_or(StoreError::Stale)?;
        if organization.schema_revision == caller.organization.schema_revision {
            return Ok(Session { snapshot, caller });
        }
        let catalog = self.catalogs.of(&mut *snapshot, &organization).await?;
        let caller = Arc::new(Caller { organization, catalog, ..(*caller).clone() });
        Ok(Session { snapshot, caller })
    }

    /// The same session over a new view, where the first one could not go on: what it told of the
    /// key and the resource was asked before what is asked now, and has been changed in between. The
    /// first view is gone before there is another: a request never holds two connections.
    pub(super) async fn renew(&self, session: Session) -> Result<Session, Error> {
        self.resume(session.release()).await
    }

    /// Begins a unit that writes by what its request was read by: the schemas of the organization,
    /// and how far SCIM goes for it. Fails with [`StoreError::Stale`] if these have been changed
    /// since, and like a new request if the organization no longer works. Until the unit ends they
    /// stay: who switches SCIM off and then looks at everybody misses nobody.
    ///
    /// What the unit will find is asked for `ahead`.
    pub(crate) async fn begin(
        &self,
        caller: &Caller,
        ahead: Ahead,
    ) -> Result<Box<dyn UnitOfWork>, Error> {
        self.begin_in(caller, ahead).await.map(|(unit, _)| unit)
    }

    /// The same, with the organization as it is until the unit ends.
    pub(super) async fn begin_in(
        &self,
        caller: &Caller,
        ahead: Ahead,
    ) -> Result<(Box<dyn UnitOfWork>, Organization), Error> {
        let mut unit = self.store.begin().await?;
        unit.in_request(caller.origin.request());
        unit.ahead(caller.organization(), &ahead);
        let organization = unit.organizations().hold(caller.organization()).await?;
        standing::scim_works(&organization, self.clock.now())?;
        let same_schemas = organization.schema_revision == caller.organization.schema_revision;
        if !same_schemas || plan::Reach::of(&organization) != caller.reach() {
            return Err(StoreError::Stale.into());
        }
        Ok((unit, organization))
    }
}

/// Whether a key whose secret was proven may be used for SCIM: from where it is used, by its
/// permission, and as things stand with its organization.
fn admitted(caller: &Caller, now: Timestamp) -> Result<(), Error> {
    Authentication::admit(&caller.key, caller.origin.address)?;
    if !caller.key.may(Permission::Scim) {
        return Err(Forbidden::NoPermission.into());
    }
    standing::scim_works(&caller.organization, now)
}

/// A request that was turned away at the door.
#[derive(Debug)]
pub struct Denied {
    /// Why.
    pub error: Error,
    /// By whom, when the credential was good.
    pub caller: Option<Arc<Caller>>,
}
