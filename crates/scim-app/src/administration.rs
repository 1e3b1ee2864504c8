//! What people and the backend do: organizations, keys, roles, mappings, and looking at it all.

mod api_keys;
mod entitlements;
mod organizations;
mod roles;
mod schemas;
mod views;

use std::sync::Arc;

use scim_domain::{OrganizationId, organization::Organization, schema::Catalog};

pub use api_keys::{CreatedApiKey, ListedApiKey};
pub use roles::{NewRole, RoleChange};
pub use schemas::Indexing;
pub use views::{GroupSummary, RoleSummary, UserSummary};

use crate::{
    Actor, Error, catalogs,
    journal::Journal,
    ports::{Clock, Ids, Secrets, Snapshot, Store},
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
        Self { store, clock, ids, secrets, actor }
    }

    fn journal(&self, organization: OrganizationId) -> Journal<'_> {
        Journal {
            clock: &*self.clock,
            ids: &*self.ids,
            actor: &self.actor,
            organization,
            request_id: None,
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

    async fn organization(
        &self,
        snapshot: &mut dyn Snapshot,
        id: OrganizationId,
    ) -> Result<Organization, Error> {
        let found = snapshot.organizations().find(id).await?;
        found.ok_or_else(|| Error::Missing { what: "organization", id: id.to_string() })
    }
}
