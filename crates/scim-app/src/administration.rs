//! What people and the backend do: organizations, keys, users, roles, mappings, and looking at it all.

mod access;
mod api_keys;
mod entitlements;
mod export;
mod groups;
mod history;
mod import;
mod mapping_rules;
mod organizations;
mod public_keys;
mod roles;
mod schemas;
mod users;
mod views;

use std::{ops::ControlFlow, sync::Arc};

use scim_domain::{
    OrganizationId, RequestId, Timestamp, organization::Organization, schema::Catalog,
};

pub use api_keys::{CreatedApiKey, ListedApiKey};
pub use export::{Exported, ExportedMember};
pub use groups::{GroupMember, GroupSummary, GroupsAfter, Person};
pub use import::{
    GroupImport, IMPORT_BATCH, ImportLine, ImportRun, Imported, ImportedGroup, UserImport,
};
pub use mapping_rules::MappingRuleChange;
pub use organizations::{ScimOffPreview, Seats, pause_advice};
pub use roles::{NewRole, RoleChange, RoleDeletion, RoleSummary};
pub use schemas::Indexing;
pub use users::{Email, Profile, ProfileChange, UserSummary, WhichUser};

use crate::{
    Actor, Error, catalogs,
    journal::Journal,
    ports::{Clock, Ids, Secrets, Snapshot, Store, StoreError, UnitOfWork},
    provisioning::settled,
    reach::Reach,
};

/// The use cases of administration, on behalf of one actor.
#[derive(Clone)]
pub struct Administration {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    secrets: Arc<dyn Secrets>,
    actor: Actor,
    request_id: Option<Arc<str>>,
}

impl std::fmt::Debug for Administration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Administration").field("actor", &self.actor).finish_non_exhaustive()
    }
}

impl Administration {
    /// The use cases over these ports, for an actor.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        secrets: Arc<dyn Secrets>,
        actor: Actor,
    ) -> Self {
        Self { store, clock, ids, secrets, actor, request_id: None }
    }

    /// The same use cases for somebody else, in a request if there is one.
    #[must_use]
    pub fn on_behalf_of(&self, actor: Actor, request_id: Option<Arc<str>>) -> Self {
        Self { actor, request_id, ..self.clone() }
    }

    /// The time, as the use cases tell it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Carries out a use case that may write, and again from its beginning, a few times at most,
    /// where other units were in its way: nothing of it was done then.
    ///
    /// For whoever works with the use cases directly; over HTTP,
    /// [`Manager::carry_out`](crate::management::Manager::carry_out) does it.
    pub async fn carry_out<T>(
        &self,
        mut what: impl AsyncFnMut(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut attempt = 1;
        loop {
            if let ControlFlow::Break(done) = settled(what(self).await, attempt).await {
                return done;
            }
            attempt += 1;
        }
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// Begins a unit whose links remember the request.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let mut unit = self.store.begin().await?;
        unit.in_request(self.request_id.as_deref().and_then(RequestId::parse));
        Ok(unit)
    }

    pub(crate) fn ports(&self) -> (Arc<dyn Store>, Arc<dyn Clock>, Arc<dyn Secrets>) {
        (Arc::clone(&self.store), Arc::clone(&self.clock), Arc::clone(&self.secrets))
    }

    fn journal(&self, organization: OrganizationId) -> Journal<'_> {
        Journal {
            clock: &*self.clock,
            ids: &*self.ids,
            actor: &self.actor,
            organization,
            request_id: self.request_id.as_deref(),
        }
    }

    /// The schemas of an organization; fails when there is none of this id.
    async fn catalog(
        &self,
        snapshot: &mut dyn Snapshot,
        id: OrganizationId,
    ) -> Result<Arc<Catalog>, Error> {
        let organization = self.organization(snapshot, id).await?;
        Ok(catalogs::read(snapshot, &organization).await?)
    }

    /// How far the groups of an organization reach.
    async fn reach(&self, snapshot: &mut dyn Snapshot, id: OrganizationId) -> Result<Reach, Error> {
        Ok(Reach::of(&self.organization(snapshot, id).await?))
    }

    /// A customer.
    async fn organization(
        &self,
        snapshot: &mut dyn Snapshot,
        id: OrganizationId,
    ) -> Result<Organization, Error> {
        let organization = self.owner(snapshot, id).await?;
        if organization.id.is_operator() {
            return Err(missing(id));
        }
        Ok(organization)
    }

    /// A customer, or the operator: who can own keys, and have an audit log.
    async fn owner(
        &self,
        snapshot: &mut dyn Snapshot,
        id: OrganizationId,
    ) -> Result<Organization, Error> {
        let found = snapshot.organizations().find(id).await?;
        // One whose grace is over is as unknown as one that never was.
        found.filter(|it| !it.is_gone(self.clock.now())).ok_or_else(|| missing(id))
    }
}

fn missing(id: OrganizationId) -> Error {
    Error::missing_organization(id)
}
