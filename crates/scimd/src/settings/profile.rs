//! The two profiles and how one is chosen.

use anyhow::bail;

use super::layer::{Environment, nearest};

/// A set of overrides that fits a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A developer's machine: readable logs, and a first organization in an empty database.
    Development,
    /// Everything else; what is used when nobody chooses.
    Production,
}

impl Profile {
    const VARIABLE: &str = "SCIMD_PROFILE";

    /// The profile that `SCIMD_PROFILE` names; production without it.
    ///
    /// # Errors
    /// A name that is neither.
    pub fn choose(environment: &Environment) -> anyhow::Result<Self> {
        match environment.get(Self::VARIABLE) {
            None | Some("" | "production") => Ok(Self::Production),
            Some("development") => Ok(Self::Development),
            Some(other) => {
                let names = ["development", "production"];
                let hint = nearest(other, names.into_iter()).unwrap_or("production");
                bail!("{}={other} is no profile; did you mean {hint}?", Self::VARIABLE)
            }
        }
    }

    /// The name as it is written in `SCIMD_PROFILE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }

    pub(super) fn file_name(self) -> &'static str {
        match self {
            Self::Development => "development.toml",
            Self::Production => "production.toml",
        }
    }

    pub(super) fn overrides(self) -> &'static str {
        match self {
            Self::Development => include_str!("../../../../config/development.toml"),
            Self::Production => include_str!("../../../../config/production.toml"),
        }
    }
}
