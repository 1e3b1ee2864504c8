//! Who did it, for the audit log.

use std::fmt;

use scim_domain::ApiKeyId;

/// Whoever stands behind a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An API key, over HTTP.
    ApiKey(ApiKeyId),
    /// A person at the command line, by the name of the operating system's user.
    Cli(String),
    /// scimd itself.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey(id) => write!(f, "api_key:{id}"),
            Self::Cli(user) => write!(f, "cli:{user}"),
            Self::System => f.write_str("system"),
        }
    }
}
