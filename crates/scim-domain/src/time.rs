//! A moment, as microseconds since the Unix epoch: sorts, compares and indexes alike everywhere.

use std::fmt;

#[cfg(test)]
mod tests;

/// A moment in UTC with a resolution of one microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// A moment by its microseconds since 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment, so many seconds later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Reads an RFC 3339 / `xsd:dateTime` text with an offset (RFC 7643 §2.3.5).
    ///
    /// A text without an offset is read as UTC, since some clients leave the `Z` out.
    pub fn parse(text: &str) -> Option<Self> {
        let in_utc = || format!("{text}Z");
        let parsed = text.parse::<jiff::Timestamp>().or_else(|_| in_utc().parse());
        let micros = parsed.ok().map(jiff::Timestamp::as_microsecond);
        micros.or_else(|| last_day(text)).or_else(|| last_day(&in_utc())).map(Self)
    }
}

/// A moment of the last day of the year 9999, which stands for "for ever" in many directories.
/// jiff leaves room at the end of its calendar for every offset, so that this day is not in it.
fn last_day(text: &str) -> Option<i64> {
    const ROOM: jiff::SignedDuration = jiff::SignedDuration::from_hours(48);
    let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
    let civil = pieces.date().to_datetime(pieces.time()?).checked_sub(ROOM).ok()?;
    let earlier = pieces.to_numeric_offset()?.to_timestamp(civil).ok()?;
    earlier.as_microsecond().checked_add(i64::try_from(ROOM.as_micros()).ok()?)
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with milliseconds, for example `2026-11-23T18:00:00.000Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => write!(f, "{moment:.3}"),
            // Outside the calendar's years; never stored by us, still readable.
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}
