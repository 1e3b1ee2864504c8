use scim_app::ports::StoreError;
use uuid::Uuid;

use super::Blocks;
use crate::{
    rows::{count, read_id, read_standing},
    session::Transaction,
    statements::{
        blocks::{self as statements, Resource},
        organizations,
    },
};

/// How many blocks one unit makes: while it does, everybody who writes in the organization waits.
const ROUND: u64 = 4;

impl Blocks {
    /// Makes a few blocks of the tail; answers whether there may be more to make.
    ///
    /// Everybody who inserts or deletes holds the organization's row before that is counted, and
    /// until its unit ends: see [`crate::repositories::Writing`]. So while this unit has the row for
    /// itself, the number of resources in the tail is the one that it reads, and whoever comes later
    /// meets the blocks. The row also keeps two that seal from making the same blocks.
    pub(super) async fn seal_some<S: Transaction>(
        &self,
        mut unit: S,
        organization: Uuid,
        resource: &'static Resource,
    ) -> Result<bool, StoreError> {
        let organization_row = organizations::FIND_FOR_UPDATE.call([organization.into()]);
        if unit.first(organization_row, read_id).await?.is_none() {
            return Ok(false);
        }
        let most = ROUND.saturating_mul(self.block);
        let limit = most.saturating_add(self.margin());
        let call = resource.standing.call(resource.values(organization, limit));
        let tail = unit.first(call, read_standing).await?.unwrap_or_default().tail;
        let whole = tail.saturating_sub(self.margin()) / self.block;
        if whole == 0 {
            return Ok(false);
        }
        for end in self.ends(&mut unit, organization, resource, whole).await? {
            let row = vec![
                organization.into(),
                resource.name.into(),
                end.into(),
                count(self.block).into(),
            ];
            for call in statements::INSERT.rows(vec![row]) {
                unit.later(call).await?;
            }
        }
        let empty = [organization.into(), resource.name.into(), 0_i64.into()];
        unit.later(statements::FORGET_EMPTY.call(empty)).await?;
        unit.commit().await?;
        Ok(whole == ROUND)
    }

    /// The last ids of so many whole blocks of the tail.
    async fn ends<S: Transaction>(
        &self,
        unit: &mut S,
        organization: Uuid,
        resource: &'static Resource,
        blocks: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let call = resource.cuts.call([
            organization.into(),
            organization.into(),
            resource.name.into(),
            1_i64.into(),
            Uuid::nil().into(),
            count(blocks.saturating_mul(self.block)).into(),
            count(self.block).into(),
            0_i64.into(),
        ]);
        unit.rows(call, read_id).await
    }
}
