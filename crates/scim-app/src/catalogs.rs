//! The schemas of organizations.

use std::sync::Arc;

use moka::sync::Cache;
use scim_domain::{OrganizationId, organization::Organization, schema::Catalog};

use crate::ports::{Snapshot, StoreError};

/// Organizations whose schemas are remembered, at most; the least used ones go first.
const REMEMBERED: u64 = 1_000;

/// Knows the schemas of every organization. Cheap to clone; clones share what they remember.
///
/// What is remembered is remembered for a revision, and the revision is read with the organization
/// on every request: a change holds on every instance at once, and nothing needs to be told.
#[derive(Clone, Debug)]
pub(crate) struct Catalogs {
    remembered: Cache<(OrganizationId, u64, bool), Arc<Catalog>>,
}

impl Catalogs {
    /// Remembers nothing yet.
    pub fn new() -> Self {
        Self { remembered: Cache::new(REMEMBERED) }
    }

    /// The schemas of an organization as it is in this snapshot, which must not be that of a unit:
    /// what a unit sees may never be committed, and must not be remembered. Costs no statement for one that
    /// has declared nothing, or whose schemas are remembered.
    pub async fn of(
        &self,
        snapshot: &mut dyn Snapshot,
        organization: &Organization,
    ) -> Result<Arc<Catalog>, StoreError> {
        if organization.schema_revision == 0 {
            return Ok(base(organization));
        }
        let key = (organization.id, organization.schema_revision, organization.nested_groups);
        if let Some(known) = self.remembered.get(&key) {
            return Ok(known);
        }
        let catalog = read(snapshot, organization).await?;
        self.remembered.insert(key, Arc::clone(&catalog));
        Ok(catalog)
    }
}

/// The schemas of an organization, read anew.
pub(crate) async fn read(
    snapshot: &mut dyn Snapshot,
    organization: &Organization,
) -> Result<Arc<Catalog>, StoreError> {
    if organization.schema_revision == 0 {
        return Ok(base(organization));
    }
    let declared = snapshot.schemas().list(organization.id).await?;
    Ok(Arc::new(base(organization).with(&declared)))
}

/// The schemas of an organization without what it declares itself.
pub(crate) fn base(organization: &Organization) -> Arc<Catalog> {
    if organization.nested_groups { Catalog::nesting() } else { Catalog::standard() }
}
