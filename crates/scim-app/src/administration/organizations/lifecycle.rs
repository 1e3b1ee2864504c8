//! Disabling, deleting with a grace, restoring, and at last erasing an organization.

use scim_domain::{Decision, OrganizationId, organization::Organization};
use serde_json::json;

use super::change::entry;
use crate::{
    Error,
    administration::Administration,
    journal::{self, Entry},
};

/// Rows that one unit erases, with what belongs to them: the writer is never kept from others for
/// long.
const BATCH: u64 = 200;
/// Organizations that one round looks at.
const ROUND: u64 = 100;

impl Administration {
    /// Takes all access from an organization: none of its users has any, and none of its keys opens
    /// anything, until it is enabled. Nothing else of it changes.
    pub async fn disable_organization(&self, id: OrganizationId) -> Result<Organization, Error> {
        self.decide(id, |it, now| Ok(it.disable(now))).await
    }

    /// Gives a disabled organization its access back.
    ///
    /// A conflict for one that was deleted, which must be restored.
    pub async fn enable_organization(&self, id: OrganizationId) -> Result<Organization, Error> {
        let enable = |it: &Organization, _| match it.deletion {
            None => Ok(it.enable()),
            Some(_) => Err(Error::Conflict(
                "This organization was deleted. Restore it first; nothing was changed.".to_owned(),
            )),
        };
        self.decide(id, enable).await
    }

    /// Deletes an organization: at once it is as disabled, and after the grace, in seconds, it is
    /// gone and its data is erased. Without a grace it is 30 days, or what was said before; 0 erases
    /// it as soon as a server gets to it.
    pub async fn delete_organization(
        &self,
        id: OrganizationId,
        grace: Option<i64>,
    ) -> Result<Organization, Error> {
        let (unit, before) = self.begin_change(id).await?;
        let decision = before.delete(self.clock.now(), grace)?;
        self.commit_for_the_operator(unit, decision).await
    }

    /// Takes the deletion back, while the grace lasts.
    pub async fn restore_organization(&self, id: OrganizationId) -> Result<Organization, Error> {
        let (unit, before) = self.begin_change(id).await?;
        self.commit_for_the_operator(unit, before.restore()).await
    }

    /// The same, with a second entry where the audit log outlives the organization.
    async fn commit_for_the_operator(
        &self,
        mut unit: Box<dyn crate::ports::UnitOfWork>,
        decision: Decision<Organization>,
    ) -> Result<Organization, Error> {
        if !decision.events().is_empty() {
            let operator = self.journal(OrganizationId::OPERATOR);
            operator.add(&mut *unit, entry(&decision)).await?;
        }
        self.commit_change(unit, decision).await
    }

    /// Erases deleted organizations whose grace is over, while it may go on. Several may be at it.
    pub async fn purge_organizations(
        &self,
        may_go_on: impl Fn() -> bool + Send + Sync,
    ) -> Result<(), Error> {
        let due = self.store.read().await?.organizations().due(self.clock.now(), ROUND).await?;
        for id in due {
            while may_go_on() && self.purge_some(id).await? {}
        }
        Ok(())
    }

    /// Erases some rows, and the organization itself when none are left; answers whether there is
    /// more to do.
    async fn purge_some(&self, id: OrganizationId) -> Result<bool, Error> {
        let mut unit = self.begin().await?;
        let found = unit.organizations().find_for_update(id).await?;
        let Some(organization) = found.filter(|it| it.is_gone(self.clock.now())) else {
            return Ok(false);
        };
        if unit.organizations().purge(id, BATCH).await? > 0 {
            journal::commit_bookkeeping(unit).await?;
            return Ok(true);
        }
        unit.organizations().delete(id).await?;
        let event = organization.purged();
        let detail = json!({
            "name": organization.name,
            "deleted": organization.deletion.map(|it| it.at.to_string()),
        });
        let entry = Entry { action: event.kind.name(), subject: event.subject, detail };
        let decision = Decision::new((), vec![event]);
        self.journal(OrganizationId::OPERATOR).commit(unit, entry, decision).await?;
        Ok(false)
    }
}
