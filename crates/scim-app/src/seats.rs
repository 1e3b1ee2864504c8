//! Seats: how many users of an organization may be active.
//!
//! Only where there is a limit does anybody count: a number of its own beside the organization, which
//! the unit that changes a user brings in line as its last lock. Who sets the first limit counts the
//! users once and waits for everybody who holds the organization; who begins after that sees it.

use scim_domain::organization::Organization;

use crate::{Error, error::Forbidden, ports::UnitOfWork};

/// Takes or frees the seat of a user that was, and now is, active or not. Call it in every unit that
/// creates, adopts, changes or deletes a user, after the user was written.
///
/// `organization` is what [`Organizations::hold`](crate::ports::Organizations::hold) gave in this
/// unit. Fails with [`Forbidden::SeatLimit`] when there is no seat left; nothing of the unit may be
/// committed then.
pub(crate) async fn settle(
    unit: &mut dyn UnitOfWork,
    organization: &Organization,
    was_active: bool,
    is_active: bool,
) -> Result<(), Error> {
    let Some(limit) = organization.seat_limit.seats() else { return Ok(()) };
    match (was_active, is_active) {
        (false, true) => {
            if !unit.organizations().take_seat(organization.id, limit).await? {
                let used = unit.read().organizations().seats_used(organization.id).await?;
                return Err(Forbidden::SeatLimit { limit, used: used.unwrap_or(limit) }.into());
            }
        }
        (true, false) => unit.organizations().free_seats(organization.id, 1).await?,
        (true, true) | (false, false) => {}
    }
    Ok(())
}
