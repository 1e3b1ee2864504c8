//! The schemas of organizations.

use std::sync::Arc;

use scim_domain::{organization::Organization, schema::Catalog};

/// Knows the schemas of every organization. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Catalogs;

impl Catalogs {
    /// The schemas of an organization as it is in a snapshot.
    #[expect(clippy::unused_self, reason = "what an organization declares is remembered here")]
    pub fn of(&self, organization: &Organization) -> Arc<Catalog> {
        if organization.nested_groups { Catalog::nesting() } else { Catalog::standard() }
    }
}
