//! Whose a group is: an identity provider's, or nobody's but ours.

use std::sync::Arc;

use scim_domain::{GroupId, ManagedBy, OrganizationId, Subject, group::Group, schema::Catalog};
use serde_json::json;

use crate::{
    Error,
    administration::{Administration, GroupSummary},
    catalogs,
    journal::{self, Entry},
    ports::UnitOfWork,
};

impl Administration {
    /// Detaches a group from its identity provider: it becomes local, keeps its members and roles,
    /// and forgets the `externalId` by which the identity provider knew it. One that is local
    /// already stays as it is.
    ///
    /// Should the identity provider write the group again, it takes it over again: nothing that
    /// takes access away is ever refused. Who wants it to stay local unlinks it there first.
    pub async fn detach_group(
        &self,
        organization: OrganizationId,
        id: GroupId,
    ) -> Result<GroupSummary, Error> {
        let mut unit = self.begin().await?;
        let (catalog, before) = lock_group(self, &mut *unit, organization, id).await?;
        let decision = before.detach(self.clock.now())?;
        match before.managed_by() {
            ManagedBy::Local => journal::conclude(unit).await?,
            ManagedBy::IdentityProvider => {
                let group = decision.outcome();
                unit.groups().update(organization, &catalog, group, before.meta.version).await?;
                let detail = json!({ "previousExternalId": before.external_id() });
                let subject = Subject::Group(id);
                let entry = Entry { action: "group.detached", subject, detail };
                self.journal(organization).commit(unit, entry, decision).await?;
            }
        }
        self.show_group(organization, id).await
    }
}

/// A group, locked, and the schemas it is written by, which stay until the unit ends.
pub(super) async fn lock_group(
    administration: &Administration,
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    id: GroupId,
) -> Result<(Arc<Catalog>, Group), Error> {
    administration.organization(unit.read(), organization).await?;
    let found = unit.organizations().hold(organization).await?;
    let catalog = catalogs::read(unit.read(), &found).await?;
    let stored = unit.groups().find_for_update(organization, id).await?;
    let stored = stored.ok_or_else(|| Error::Missing { what: "group", id: id.to_string() })?;
    let group = Group::from_stored(&catalog.group, &stored)?;
    Ok((catalog, group))
}

/// Fails for a group that an identity provider manages.
pub(super) fn local(group: &Group) -> Result<(), Error> {
    match group.managed_by() {
        ManagedBy::Local => Ok(()),
        ManagedBy::IdentityProvider => Err(Error::Conflict(format!(
            "The group \"{}\" is managed by the identity provider: change its members there, or \
             detach it first.",
            group.display_name()
        ))),
    }
}
