//! From when until when an access token is good.

use scim_domain::Timestamp;

use super::{BASE62, base62};

/// Base62 digits that hold two moments.
const DIGITS: usize = 22;
/// How far the clock of the instance that gave a token may be ahead of one that takes it, in
/// seconds.
const AHEAD: i64 = 5 * 60;

/// From when until when an access token is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// When it was given.
    pub issued: Timestamp,
    /// From when on it no longer works.
    pub expires: Timestamp,
}

impl Lifetime {
    /// Whether a moment lies in it. One that was given in the future is none: a clock that was
    /// wrong for an hour must not make tokens that live for years.
    pub fn holds(self, now: Timestamp) -> bool {
        self.issued <= now.plus_seconds(AHEAD) && now < self.expires
    }

    /// Both moments in characters that no shell and no URL changes.
    pub(super) fn to_digits(self) -> String {
        let (issued, expires) = (self.issued.micros(), self.expires.micros());
        let mut bytes = [0; 16];
        let both = issued.to_be_bytes().into_iter().chain(expires.to_be_bytes());
        bytes.iter_mut().zip(both).for_each(|(slot, byte)| *slot = byte);
        base62(&bytes, DIGITS)
    }

    /// Reads the characters back; `None` unless they are of this shape.
    pub(super) fn from_digits(text: &str) -> Option<Self> {
        if text.len() != DIGITS {
            return None;
        }
        let number = text.bytes().try_fold(0_u128, |number, digit| {
            let value = BASE62.iter().position(|it| *it == digit)?;
            number.checked_mul(62)?.checked_add(u128::try_from(value).ok()?)
        })?;
        let bytes = number.to_be_bytes();
        let (issued, expires) = bytes.split_at(8);
        let moment = |it: &[u8]| {
            let bytes = it.try_into().ok()?;
            Some(Timestamp::from_micros(i64::from_be_bytes(bytes)))
        };
        Some(Self { issued: moment(issued)?, expires: moment(expires)? })
    }
}
