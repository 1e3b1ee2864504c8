//! How single values are read: empty means absent, durations have units, networks may be addresses.
//! What cannot be read is said in the words of a settings file.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use config::ConfigError;
use ipnet::IpNet;
use serde::de::{Deserialize, Deserializer, Error as _};

use super::{ExistingUser, LogFormat};
use crate::duration;

/// The reason with the key that it is about and where its value came from.
pub(super) fn refusal(error: ConfigError, origins: &BTreeMap<String, String>) -> anyhow::Error {
    let (key, reason) = match error {
        ConfigError::Type { unexpected, expected, key, .. } => {
            (key, format!("{unexpected} is not {expected}"))
        }
        ConfigError::At { error, key, .. } => (key, error.to_string()),
        other => (None, other.to_string()),
    };
    let Some(key) = key else { return anyhow::anyhow!("the settings cannot be read: {reason}") };
    // A value of a list is named by its place in it.
    let name = key.split('[').next().unwrap_or(&key);
    let origin = origins.get(name).map(|origin| format!(" in {origin}")).unwrap_or_default();
    anyhow::anyhow!("{key}{origin}: {reason}")
}

pub(super) fn address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || format!("{text:?} is no address with a port, such as 127.0.0.1:8080");
    text.trim().parse().map_err(|_| D::Error::custom(wrong()))
}

pub(super) fn existing_user<'de, D: Deserializer<'de>>(from: D) -> Result<ExistingUser, D::Error> {
    let text = String::deserialize(from)?;
    match text.trim() {
        "adopt" => Ok(ExistingUser::Adopt),
        "reject" => Ok(ExistingUser::Reject),
        other => Err(D::Error::custom(format!("{other:?} is neither adopt nor reject"))),
    }
}

pub(super) fn log_format<'de, D: Deserializer<'de>>(from: D) -> Result<LogFormat, D::Error> {
    let text = String::deserialize(from)?;
    match text.trim() {
        "json" => Ok(LogFormat::Json),
        "text" => Ok(LogFormat::Text),
        other => Err(D::Error::custom(format!("{other:?} is neither json nor text"))),
    }
}

pub(super) fn optional_text<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

pub(super) fn optional_path<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<PathBuf>, D::Error> {
    Ok(optional_text(from)?.map(PathBuf::from))
}

pub(super) fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    duration::parse(&text).map_err(D::Error::custom)
}

pub(super) fn networks<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<IpNet>, D::Error> {
    let network = |text: String| {
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| D::Error::custom(format!("{text:?} is no address and no CIDR range")))
    };
    Vec::<String>::deserialize(from)?.into_iter().map(network).collect()
}
