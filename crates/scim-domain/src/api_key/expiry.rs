//! When a key's expiry is warned of.

use super::{ApiKey, Standing};
use crate::{Timestamp, invalid::Invalid};

/// The days before the expiry at which somebody is told, the first one first.
const WARNINGS: [i64; 3] = [30, 7, 1];

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// The first moment after `now` at which an expiry is to be warned of.
pub(super) fn next_warning(expires: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let expires = expires?;
    WARNINGS.into_iter().map(|days| expires.plus_seconds(-days * DAY)).find(|it| *it > now)
}

/// Fails for an expiry that does not lie ahead.
pub(super) fn ahead(expires: Option<Timestamp>, now: Timestamp) -> Result<(), Invalid> {
    if expires.is_some_and(|it| it <= now) {
        return Err(Invalid::value("The expiry of a key must lie in the future."));
    }
    Ok(())
}

impl ApiKey {
    /// The days that are left, a begun one counted whole, if it is time for a warning; the next one
    /// is set in any case. Warnings that were missed are not made up for: the one that is nearest
    /// to the expiry says it all. A key that is over is not warned of.
    pub fn warn(&mut self, now: Timestamp) -> Option<i64> {
        self.warning.filter(|it| *it <= now)?;
        self.warning = next_warning(self.expires, now);
        match self.standing(now) {
            Standing::Live => {
                let left = self.expires?.micros().saturating_sub(now.micros());
                Some((left.saturating_sub(1) / 1_000_000 / DAY).saturating_add(1))
            }
            Standing::Revoked | Standing::Expired => {
                self.warning = None;
                None
            }
        }
    }
}
