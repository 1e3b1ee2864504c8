//! Keeps the index of blocks right about who comes and goes.

use scim_domain::OrganizationId;
use uuid::Uuid;

use super::{Result, Writing};
use crate::{
    dialect::Dialect,
    rows::read_id,
    session::Transaction,
    statements::{
        blocks::{self as statements, Level, Resource},
        organizations,
    },
};

impl<S: Transaction> Writing<S> {
    /// Counts one resource that was inserted.
    pub(super) async fn came(
        &mut self,
        organization: OrganizationId,
        resource: &'static Resource,
        id: Uuid,
    ) -> Result<()> {
        self.hold_blocks(organization).await?;
        self.add_to_block(organization, resource, id, 1).await
    }

    /// Counts one resource that was deleted.
    pub(super) async fn went(
        &mut self,
        organization: OrganizationId,
        resource: &'static Resource,
        id: Uuid,
    ) -> Result<()> {
        self.hold_blocks(organization).await?;
        self.add_to_block(organization, resource, id, -1).await
    }

    /// Counts resources that were inserted together: nearly always they are all in the tail.
    pub(super) async fn many_came(
        &mut self,
        organization: OrganizationId,
        resource: &'static Resource,
        ids: impl Iterator<Item = Uuid> + Send,
    ) -> Result<()> {
        self.hold_blocks(organization).await?;
        let level = Level::Block.into();
        let values = [organization.uuid().into(), resource.name.into(), level, 1_i64.into()];
        let last = self.session().first(statements::LAST.call(values), read_id).await?;
        let Some(last) = last else { return Ok(()) };
        for id in ids.filter(|it| *it <= last) {
            self.add_to_block(organization, resource, id, 1).await?;
        }
        Ok(())
    }

    /// Keeps blocks from being made until the unit ends: what it has inserted or deleted is counted
    /// either by whoever makes them, or here. Nearly every unit has the row already. Where there is
    /// one writer, nobody else makes blocks meanwhile.
    async fn hold_blocks(&mut self, organization: OrganizationId) -> Result<()> {
        let one_writer = self.session().dialect() == Dialect::Sqlite;
        if one_writer || self.held == Some(organization) {
            return Ok(());
        }
        self.session().later(organizations::HOLD.call([organization.uuid().into()])).await?;
        self.held = Some(organization);
        Ok(())
    }

    async fn add_to_block(
        &mut self,
        organization: OrganizationId,
        resource: &'static Resource,
        id: Uuid,
        number: i64,
    ) -> Result<()> {
        let organization = organization.uuid();
        // The span first: whoever has its row waits for nobody's block in it.
        for level in [Level::Span, Level::Block] {
            let call = statements::ADD.call([
                number.into(),
                organization.into(),
                resource.name.into(),
                level.into(),
                organization.into(),
                resource.name.into(),
                level.into(),
                id.into(),
                1_i64.into(),
            ]);
            self.session().later(call).await?;
        }
        Ok(())
    }
}
