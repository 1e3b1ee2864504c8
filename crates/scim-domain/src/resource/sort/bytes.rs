//! Sort keys in bytes, for whoever must find the place again later.

use super::{Key, SortKey};
use crate::Timestamp;

const MISSING: u8 = 0;
const BOOLEAN: u8 = 1;
const INTEGER: u8 = 2;
const DECIMAL: u8 = 3;
const MOMENT: u8 = 4;
const TEXT: u8 = 5;
const UNFOLDED: u8 = 6;

impl SortKey {
    /// The key in bytes: no more than the longest string has, and one that says of which kind it
    /// is.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, value): (u8, &[u8]) = match &self.key {
            Key::Missing => (MISSING, &[]),
            Key::Boolean(it) => (BOOLEAN, &[u8::from(*it)]),
            Key::Integer(it) => (INTEGER, &it.to_be_bytes()),
            Key::Decimal(it) => (DECIMAL, &it.to_bits().to_be_bytes()),
            Key::Moment(it) => (MOMENT, &it.micros().to_be_bytes()),
            Key::Text { unfolded: Some(source), .. } => (UNFOLDED, source.as_bytes()),
            Key::Text { text, unfolded: None } => (TEXT, text.as_bytes()),
        };
        let mut bytes = Vec::with_capacity(1 + value.len());
        bytes.push(kind);
        bytes.extend_from_slice(value);
        bytes
    }

    /// The key that has these bytes, if one has.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (kind, value) = bytes.split_first()?;
        let text = || String::from_utf8(value.to_vec()).ok();
        let key = match *kind {
            MISSING if value.is_empty() => Key::Missing,
            BOOLEAN => match value {
                [0] => Key::Boolean(false),
                [1] => Key::Boolean(true),
                _ => return None,
            },
            INTEGER => Key::Integer(i64::from_be_bytes(value.try_into().ok()?)),
            DECIMAL => Key::Decimal(f64::from_bits(u64::from_be_bytes(value.try_into().ok()?))),
            MOMENT => {
                let micros = i64::from_be_bytes(value.try_into().ok()?);
                Key::Moment(Timestamp::from_micros(micros))
            }
            TEXT => Key::exact(text()?),
            UNFOLDED => Key::folded(&text()?),
            _ => return None,
        };
        Some(Self { key })
    }
}
