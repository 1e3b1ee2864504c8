//! How many users of an organization may be active.

use crate::invalid::Invalid;

/// How many seats an organization has. Every active user takes one, whoever made it and protected
/// or not; an inactive one takes none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeatLimit {
    /// As many as it likes: nobody counts.
    #[default]
    Unlimited,
    /// So many users may be active. Where more are, because the limit came later, they stay, and
    /// nobody becomes active until there is room.
    Seats(u64),
}

impl SeatLimit {
    /// The largest limit, far above what one organization can hold.
    pub const LARGEST: u64 = 1_000_000_000;

    /// A limit of so many seats; `invalidValue` above [`SeatLimit::LARGEST`].
    pub fn new(seats: u64) -> Result<Self, Invalid> {
        if seats > Self::LARGEST {
            return Err(Invalid::value(format!(
                "A seat limit is at most {}. To have none, leave the limit away.",
                Self::LARGEST
            )));
        }
        Ok(Self::Seats(seats))
    }

    /// The number of seats, if there is a limit.
    pub const fn seats(self) -> Option<u64> {
        match self {
            Self::Unlimited => None,
            Self::Seats(seats) => Some(seats),
        }
    }
}
