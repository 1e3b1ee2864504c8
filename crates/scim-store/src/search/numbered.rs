//! How many resources there are, and which is the n-th: by the index of blocks.

use std::sync::Arc;

use scim_app::ports::{StoreError, Window};
use uuid::Uuid;

use super::Searched;
use crate::{
    blocks::Blocks,
    kept::Kept,
    rows::{Standing, count, read_block, read_count, read_standing},
    session::Session,
    statements::blocks::{AFTER, Level, Resource, USUAL_BLOCKS},
};

#[cfg(test)]
mod tests;

/// How many times as much of a tail is counted as usually, until it is sealed: everybody who comes by
/// meanwhile counts it, so it must not be all there is.
const LONGER: u64 = 32;

/// How many spans or blocks more are read than would be needed if none had lost anybody.
const SPARE: u64 = 8;

/// How many there are, and what leads to the n-th.
pub(super) struct Numbered {
    pub(super) total: u64,
    /// How many of them are in spans, and where the last span ends.
    spanned: u64,
    last_span: Uuid,
    /// How many of them are in blocks, and where the last block ends.
    sealed: u64,
    last_block: Uuid,
}

impl Numbered {
    pub(super) async fn read<S: Session, K: Searched>(
        session: &mut S,
        blocks: &Arc<Blocks>,
        organization: Uuid,
    ) -> Result<Self, StoreError> {
        let mut most = blocks.most_counted();
        let mut standing = standing(session, K::RESOURCE.standing, organization, most).await?;
        blocks.met(organization, K::RESOURCE, standing.tail);
        if standing.tail >= most || standing.loose_blocks >= USUAL_BLOCKS {
            most = most.saturating_mul(LONGER);
            let long = K::RESOURCE.long_standing;
            standing = self::standing(session, long, organization, most).await?;
        }
        let Standing { spanned, loose, tail, last_span, last_block, .. } = standing;
        let sealed = spanned.saturating_add(loose);
        let total = if tail < most {
            sealed.saturating_add(tail)
        } else {
            // Far too long a tail: everything is counted.
            let call = K::COUNT.call([organization.into()]);
            session.first(call, read_count).await?.unwrap_or(0)
        };
        let [last_span, last_block] = [last_span, last_block].map(|it| it.unwrap_or(NOBODY));
        Ok(Self { total, spanned, last_span, sealed, last_block })
    }

    /// The last end of a block before the resource of that number, counted from 0, and how many lie
    /// between the two.
    pub(super) async fn way_to<S: Session, K: Searched>(
        &self,
        session: &mut S,
        blocks: &Arc<Blocks>,
        organization: Uuid,
        number: u64,
    ) -> Result<(Uuid, u64), StoreError> {
        if number >= self.sealed {
            return Ok((self.last_block, number - self.sealed));
        }
        let way = if let Some(rest) = number.checked_sub(self.spanned) {
            (self.last_span, rest)
        } else {
            let (way, length) = ((NOBODY, number), blocks.span());
            walk::<S, K>(session, organization, Level::Span, way, length).await?
        };
        walk::<S, K>(session, organization, Level::Block, way, blocks.block()).await
    }
}

/// From the end of a span or block, and so many behind it, to the last end before that one; at each
/// step there are `length` of them, if none has gone.
async fn walk<S: Session, K: Searched>(
    session: &mut S,
    organization: Uuid,
    level: Level,
    (after, number): (Uuid, u64),
    length: u64,
) -> Result<(Uuid, u64), StoreError> {
    let whole = number / length;
    for limit in [whole + whole / 4 + SPARE, u64::MAX] {
        let name = K::RESOURCE.name.into();
        let values = [organization.into(), name, level.into(), after.into(), count(limit).into()];
        let ends = session.rows(AFTER.call(values), read_block).await?;
        if let Some(way) = way(&ends, after, number) {
            return Ok(way);
        }
    }
    // Not of one state, as in a snapshot: somebody was faster.
    Err(StoreError::Conflict("the blocks changed while they were looked at".into()))
}

/// No resource has this id, and none has a smaller one.
const NOBODY: Uuid = Uuid::nil();

async fn standing<S: Session>(
    session: &mut S,
    statement: &'static Kept,
    organization: Uuid,
    most: u64,
) -> Result<Standing, StoreError> {
    let call = statement.call(Resource::values(organization, most));
    Ok(session.first(call, read_standing).await?.unwrap_or_default())
}

/// The end of the one before the one that the number is in, of some in their order, and how many lie
/// between the two; none if they do not reach that far.
fn way(ends: &[(Uuid, u64)], mut after: Uuid, number: u64) -> Option<(Uuid, u64)> {
    let mut passed = 0;
    for (until, inside) in ends {
        if passed + inside > number {
            return Some((after, number - passed));
        }
        (after, passed) = (*until, passed + inside);
    }
    None
}

/// The window, counted from the other end of so many; it ends where they end.
pub(super) fn mirrored(window: Window, total: u64) -> Window {
    let limit = window.limit.min(total.saturating_sub(window.offset));
    Window { offset: total.saturating_sub(window.offset).saturating_sub(limit), limit }
}
