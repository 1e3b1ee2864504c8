use scim_app::ports::StoreError;
use sea_orm::Value;
use uuid::Uuid;

use super::Blocks;
use crate::{
    rows::{count, read_block, read_id, read_standing},
    session::Transaction,
    statements::{
        blocks::{self as statements, Level, Resource},
        organizations,
    },
};

/// How many blocks one unit makes: while it does, everybody who writes in the organization waits.
const ROUND: u64 = 64;

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
        let call = resource.long_standing.call(Resource::values(organization, limit));
        let standing = unit.first(call, read_standing).await?.unwrap_or_default();
        let whole = standing.tail.saturating_sub(self.margin()) / self.block;
        if whole == 0 {
            return Ok(false);
        }
        let rows = self.ends(&mut unit, organization, resource, whole).await?.into_iter();
        let rows = rows.map(|end| row(organization, resource, Level::Block, (end, self.block)));
        for call in statements::INSERT.rows(rows.collect()) {
            unit.later(call).await?;
        }
        unit.later(statements::FORGET_EMPTY.call(resource.empty(organization))).await?;
        let last_span = standing.last_span.unwrap_or_default();
        let rows = self.spans(&mut unit, organization, resource, last_span).await?;
        for call in statements::INSERT.rows(rows) {
            unit.later(call).await?;
        }
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
            Level::Block.into(),
            1_i64.into(),
            Uuid::nil().into(),
            count(blocks.saturating_mul(self.block)).into(),
            count(self.block).into(),
            0_i64.into(),
        ]);
        unit.rows(call, read_id).await
    }

    /// The rows of as many spans as the blocks after the last one make.
    async fn spans<S: Transaction>(
        &self,
        unit: &mut S,
        organization: Uuid,
        resource: &'static Resource,
        last: Uuid,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let call = statements::AFTER.call([
            organization.into(),
            resource.name.into(),
            Level::Block.into(),
            last.into(),
            // Each unit makes spans of all that it can, so there were less than a span before it.
            count(self.span.saturating_add(ROUND)).into(),
        ]);
        let blocks = unit.rows(call, read_block).await?;
        let length = usize::try_from(self.span).unwrap_or(usize::MAX);
        let spans = blocks.chunks_exact(length).filter_map(|blocks| {
            let (until, _) = blocks.last()?;
            let inside = blocks.iter().map(|(_, inside)| inside).sum();
            Some(row(organization, resource, Level::Span, (*until, inside)))
        });
        Ok(spans.collect())
    }
}

/// A row of the index: where it ends, and how many there are in it.
fn row(
    organization: Uuid,
    resource: &'static Resource,
    level: Level,
    (until, inside): (Uuid, u64),
) -> Vec<Value> {
    let name = resource.name.into();
    vec![organization.into(), name, level.into(), until.into(), count(inside).into()]
}
