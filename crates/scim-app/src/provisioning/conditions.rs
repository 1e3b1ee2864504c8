//! Preconditions of writes (RFC 7644 §3.14, RFC 9110 §13.1.1).

#[cfg(test)]
mod tests;

use crate::Error;

/// What `If-Match` asks for. Versions compare weakly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IfMatch {
    /// Nothing: the header is absent.
    #[default]
    Absent,
    /// The resource exists (`*`).
    Any,
    /// The resource is in one of these versions. Tags that are no version of ours match nothing.
    Versions(Vec<u64>),
}

impl IfMatch {
    /// Reads the value of the header.
    pub fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let tags = header.split(',').map(str::trim);
        let versions = tags.filter_map(|tag| {
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
        });
        Self::Versions(versions.collect())
    }

    /// Fails unless the version is one of those asked for.
    pub(crate) fn check(&self, version: u64) -> Result<(), Error> {
        match self {
            Self::Absent | Self::Any => Ok(()),
            Self::Versions(all) if all.contains(&version) => Ok(()),
            Self::Versions(_) => Err(Error::PreconditionFailed),
        }
    }
}
