//! The seats of a batch: counted line by line, taken all at once.

use scim_domain::organization::Organization;

use crate::{
    Error,
    error::Forbidden,
    ports::{Snapshot, UnitOfWork},
};

/// What a batch takes of the seats there are.
#[derive(Debug)]
pub(super) struct Seats {
    /// Limit, and how many were taken before; none where nobody counts.
    known: Option<(u64, u64)>,
    /// What the batch takes; freed ones count against it.
    pub taken: i64,
}

impl Seats {
    /// The seats as they are, when so many more are taken.
    pub async fn read(
        snapshot: &mut dyn Snapshot,
        organization: &Organization,
        taken: i64,
    ) -> Result<Self, Error> {
        let known = match organization.seat_limit.seats() {
            Some(limit) => {
                let used = snapshot.organizations().seats_used(organization.id).await?;
                used.map(|used| (limit, used))
            }
            None => None,
        };
        Ok(Self { known, taken })
    }

    /// Takes or frees the seat of a user that was, and would be, active or not. Fails, and takes
    /// nothing, where there is no seat left.
    pub fn count(&mut self, was_active: bool, is_active: bool) -> Result<(), Forbidden> {
        match (was_active, is_active) {
            (false, true) => {
                if let Some((limit, used)) = self.known {
                    let used = used.saturating_add_signed(self.taken);
                    if used >= limit {
                        return Err(Forbidden::SeatLimit { limit, used });
                    }
                }
                self.taken = self.taken.saturating_add(1);
            }
            (true, false) => self.taken = self.taken.saturating_sub(1),
            (true, true) | (false, false) => {}
        }
        Ok(())
    }

    /// Makes it so in the unit, as its last lock; answers whether there were still as many seats as
    /// were counted.
    pub async fn settle(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: &Organization,
    ) -> Result<bool, Error> {
        let Some((limit, _)) = self.known else { return Ok(true) };
        let number = self.taken.unsigned_abs();
        if self.taken > 0 {
            return Ok(unit.organizations().take_seats(organization.id, number, limit).await?);
        }
        if number > 0 {
            unit.organizations().free_seats(organization.id, number).await?;
        }
        Ok(true)
    }
}
