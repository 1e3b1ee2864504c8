//! How many resources there are, and which is the n-th: by the index of blocks.

use std::sync::Arc;

use scim_app::ports::{StoreError, Window};
use uuid::Uuid;

use super::Searched;
use crate::{
    blocks::Blocks,
    kept::Kept,
    rows::{End, Standing, count, read_count, read_standing, read_way},
    session::Session,
    statements::blocks::{Resource, USUAL_BLOCKS, WAY},
};

#[cfg(test)]
mod tests;

/// How many times as much of a tail is counted as usually, until it is sealed: everybody who comes by
/// meanwhile counts it, so it must not be all there is.
const LONGER: u64 = 32;

/// How many blocks more are read than would be needed if none had lost anybody.
const SPARE: u64 = 8;

/// More blocks than there are.
const ALL: u64 = u32::MAX as u64;

/// How many there are, and what leads to the n-th.
pub(super) struct Numbered {
    pub(super) total: u64,
    /// How many of them are in blocks, and where the last block ends.
    sealed: u64,
    last: Uuid,
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
        let Standing { spanned, loose, tail, last, .. } = standing;
        let sealed = spanned.saturating_add(loose);
        let total = if tail < most {
            sealed.saturating_add(tail)
        } else {
            // Far too long a tail: everything is counted.
            let call = K::COUNT.call([organization.into()]);
            session.first(call, read_count).await?.unwrap_or(0)
        };
        Ok(Self { total, sealed, last: last.unwrap_or(NOBODY) })
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
            return Ok((self.last, number - self.sealed));
        }
        for more in [SPARE, ALL] {
            let call = WAY.call([
                organization.into(),
                K::RESOURCE.name.into(),
                count(number).into(),
                NOBODY.into(),
                count(blocks.length()).into(),
                count(more).into(),
            ]);
            let found = session.rows(call, read_way).await?;
            let span = found.first().and_then(|(_, span)| *span);
            let ends = found.iter().map(|(block, _)| *block);
            if let Some(way) = way(ends, span.unwrap_or((NOBODY, 0)), number) {
                return Ok(way);
            }
        }
        // Not of one state, as in a snapshot: somebody was faster.
        Err(StoreError::Conflict("the blocks changed while they were looked at".into()))
    }
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

/// The end of the block before the one that the number is in, of some in their order, and how many lie
/// between the two; none if they do not reach that far. Before the first of them so many were passed,
/// up to an end.
fn way(
    blocks: impl Iterator<Item = End>,
    (mut after, mut passed): End,
    number: u64,
) -> Option<(Uuid, u64)> {
    for (until, inside) in blocks {
        if passed + inside > number {
            return Some((after, number.checked_sub(passed)?));
        }
        (after, passed) = (until, passed + inside);
    }
    None
}

/// The window, counted from the other end of so many; it ends where they end.
pub(super) fn mirrored(window: Window, total: u64) -> Window {
    let limit = window.limit.min(total.saturating_sub(window.offset));
    Window { offset: total.saturating_sub(window.offset).saturating_sub(limit), limit }
}
