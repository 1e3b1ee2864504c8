//! How many resources there are, and which is the n-th: by the index of blocks.

use std::sync::Arc;

use scim_app::ports::{StoreError, Window};
use uuid::Uuid;

use super::Searched;
use crate::{
    blocks::Blocks,
    rows::{Standing, count, read_block, read_count, read_standing},
    session::{Call, Cost, Session},
    statements::blocks::{FROM_END, FROM_START},
};

#[cfg(test)]
mod tests;

/// How many times as much of a tail is counted as usually, until it is sealed: everybody who comes by
/// meanwhile counts it, so it must not be all there is.
const LONGER: u64 = 32;

/// How many blocks more are read than would be needed if none had lost anybody.
const SPARE: u64 = 8;

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
        let mut standing = standing::<S, K>(session, organization, most, Cost::Point).await?;
        blocks.met(organization, K::RESOURCE, standing.tail);
        if standing.tail >= most {
            most = most.saturating_mul(LONGER);
            standing = self::standing::<S, K>(session, organization, most, Cost::Scan).await?;
        }
        let Standing { sealed, tail, last } = standing;
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
    /// between the two. It is looked for from the nearer end of the blocks.
    pub(super) async fn way_to<S: Session, K: Searched>(
        &self,
        session: &mut S,
        blocks: &Arc<Blocks>,
        organization: Uuid,
        number: u64,
    ) -> Result<(Uuid, u64), StoreError> {
        let Some(before_end) = self.sealed.checked_sub(number).filter(|it| *it > 0) else {
            return Ok((self.last, number - self.sealed));
        };
        let from_start = number < before_end;
        let whole = number.min(before_end) / blocks.length();
        for limit in [whole + whole / 4 + SPARE, u64::MAX] {
            let ends = if from_start { &FROM_START } else { &FROM_END };
            let values = [organization.into(), K::RESOURCE.name.into(), count(limit).into()];
            let mut ends = session.rows(ends.call(values), read_block).await?;
            let way = if from_start {
                way_from_start(&ends, number)
            } else {
                if (ends.len() as u64) < limit {
                    ends.push((NOBODY, 0));
                }
                way_from_end(&ends, before_end)
            };
            if let Some(way) = way {
                return Ok(way);
            }
        }
        // Not of one state, as in a snapshot: somebody was faster.
        Err(StoreError::Conflict("the blocks changed while they were looked at".into()))
    }
}

/// No resource has this id, and none has a smaller one.
const NOBODY: Uuid = Uuid::nil();

async fn standing<S: Session, K: Searched>(
    session: &mut S,
    organization: Uuid,
    most: u64,
    cost: Cost,
) -> Result<Standing, StoreError> {
    let call = K::RESOURCE.standing.call(K::RESOURCE.values(organization, most));
    let standing = session.first(Call { cost, ..call }, read_standing).await?;
    Ok(standing.unwrap_or_default())
}

/// The end of the block before the one that the number is in, of blocks in their order, and how many
/// lie between the two; none if the blocks do not reach that far.
fn way_from_start(ends: &[(Uuid, u64)], number: u64) -> Option<(Uuid, u64)> {
    let (mut after, mut passed) = (NOBODY, 0);
    for (until, inside) in ends {
        if passed + inside > number {
            return Some((after, number - passed));
        }
        (after, passed) = (*until, passed + inside);
    }
    None
}

/// The same of blocks the last of which comes first, for what has so many before the end of that one,
/// itself included.
fn way_from_end(ends: &[(Uuid, u64)], before_end: u64) -> Option<(Uuid, u64)> {
    let mut passed = 0;
    for (at, (_, inside)) in ends.iter().enumerate() {
        passed += inside;
        if passed >= before_end {
            return ends.get(at + 1).map(|(until, _)| (*until, passed - before_end));
        }
    }
    None
}

/// The window, counted from the other end of so many; it ends where they end.
pub(super) fn mirrored(window: Window, total: u64) -> Window {
    let limit = window.limit.min(total.saturating_sub(window.offset));
    Window { offset: total.saturating_sub(window.offset).saturating_sub(limit), limit }
}
