//! How many resources there are, and which is the n-th: by the index of blocks.

use std::sync::Arc;

use scim_app::ports::{StoreError, Window};
use uuid::Uuid;

use super::Searched;
use crate::{
    blocks::Blocks,
    rows::{Listed, Standing, read_count, read_listed, read_standing},
    session::Session,
};

/// How many there are.
pub(super) async fn total<S: Session, K: Searched>(
    session: &mut S,
    blocks: &Arc<Blocks>,
    organization: Uuid,
) -> Result<u64, StoreError> {
    let most = blocks.most_counted();
    let call = K::RESOURCE.standing.call(K::RESOURCE.values(organization, most));
    let standing = session.first(call, read_standing).await?.unwrap_or_default();
    add_up::<S, K>(session, blocks, organization, standing).await
}

/// How many times as much of a tail is counted as usually, until it is sealed: everybody who comes by
/// meanwhile counts it, so it must not be all there is.
const LONGER: u64 = 32;

/// Blocks and tail together; where the tail is far too long for that, all of them are counted.
async fn add_up<S: Session, K: Searched>(
    session: &mut S,
    blocks: &Arc<Blocks>,
    organization: Uuid,
    Standing { sealed, tail }: Standing,
) -> Result<u64, StoreError> {
    blocks.met(organization, K::RESOURCE, tail);
    if tail < blocks.most_counted() {
        return Ok(sealed.saturating_add(tail));
    }
    let most = blocks.most_counted().saturating_mul(LONGER);
    let call = K::RESOURCE.standing.call(K::RESOURCE.values(organization, most)).scan();
    let Standing { sealed, tail } = session.first(call, read_standing).await?.unwrap_or_default();
    if tail < most {
        return Ok(sealed.saturating_add(tail));
    }
    let call = K::COUNT.call([organization.into()]);
    Ok(session.first(call, read_count).await?.unwrap_or(0))
}

/// What leads to a resource by its number.
pub(super) struct Numbered {
    pub(super) total: u64,
    /// The end of the last block, and how many there are up to it.
    last: (Uuid, u64),
    /// Where each block ends and how many it has, in their order; none if only the tail is asked
    /// for.
    blocks: Vec<(Uuid, u64)>,
}

impl Numbered {
    /// Reads what leads to resources of that number, counted from 0, and of larger ones.
    pub(super) async fn read<S: Session, K: Searched>(
        session: &mut S,
        blocks: &Arc<Blocks>,
        organization: Uuid,
        number: u64,
    ) -> Result<Self, StoreError> {
        let mut call = K::RESOURCE.list.call([]);
        call.values = K::RESOURCE.list_values(organization, blocks.most_counted(), number);
        // No resource has this id, and none has a smaller one.
        let (mut ends, mut last, mut standing) = (Vec::new(), Uuid::nil(), Standing::default());
        for row in session.rows(call, read_listed).await? {
            match row {
                Listed::All(until, all) => (last, standing) = (until.unwrap_or(last), all),
                Listed::Block(until, inside) => ends.push((until, inside)),
            }
        }
        ends.sort_unstable();
        let total = add_up::<S, K>(session, blocks, organization, standing).await?;
        Ok(Self { total, last: (last, standing.sealed), blocks: ends })
    }

    /// The last end of a block before the resource of that number, and how many lie between the two.
    pub(super) fn way_to(&self, number: u64) -> (Uuid, u64) {
        let (mut after, mut passed) = self.last;
        if number < passed {
            (after, passed) = (Uuid::nil(), 0);
            for (until, inside) in &self.blocks {
                if passed + inside > number {
                    break;
                }
                (after, passed) = (*until, passed + inside);
            }
        }
        (after, number - passed)
    }
}

/// The window, counted from the other end of so many; it ends where they end.
pub(super) fn mirrored(window: Window, total: u64) -> Window {
    let limit = window.limit.min(total.saturating_sub(window.offset));
    Window { offset: total.saturating_sub(window.offset).saturating_sub(limit), limit }
}
