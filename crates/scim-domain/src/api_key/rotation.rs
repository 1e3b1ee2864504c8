//! Replacing a key.

use super::{ApiKey, expiry::next_warning};
use crate::{ApiKeyId, Timestamp, invalid::Invalid};

/// The longest time in which a rotated key and its successor both work, in seconds: 7 days.
const LONGEST_OVERLAP: i64 = 7 * 24 * 60 * 60;

/// Fails for an overlap, in seconds, that is longer than 7 days.
pub fn check_overlap(overlap: i64) -> Result<(), Invalid> {
    if (0..=LONGEST_OVERLAP).contains(&overlap) {
        return Ok(());
    }
    Err(Invalid::value("The overlap must be 0 to 7 days."))
}

impl ApiKey {
    /// Makes the successor, which has everything of this key but its secret, and lives from now on
    /// as long as this one was meant to. This key ends after `overlap` seconds, 0 to 7 days, or
    /// when it would have anyway.
    pub fn rotate(
        &mut self,
        id: ApiKeyId,
        hash: String,
        overlap: i64,
        now: Timestamp,
    ) -> Result<Self, Invalid> {
        check_overlap(overlap)?;
        let lifetime = self.expires.map(|it| it.micros().saturating_sub(self.created.micros()));
        let expires = lifetime.map(|it| Timestamp::from_micros(now.micros().saturating_add(it)));
        let successor = Self {
            id,
            hash,
            created: now,
            expires,
            warning: next_warning(expires, now),
            revoked: None,
            successor: None,
            ..self.clone()
        };
        let ends = now.plus_seconds(overlap);
        let ends = self.expires.map_or(ends, |it| it.min(ends));
        self.expires = Some(ends);
        self.warning = next_warning(self.expires, now);
        self.successor = Some(id);
        Ok(successor)
    }
}
