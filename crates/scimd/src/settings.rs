//! The settings of the program: read in layers, checked key by key, typed once and then trusted.
//!
//! `config/default.toml` names every key there is and documents it; this module only gives them
//! types. A layer may set any of those keys and no other.

mod layer;
mod profile;
mod refusals;
mod show;
mod url;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use config::Config;
use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;

pub use self::layer::Environment;
use self::layer::Layer;
pub use self::profile::Profile;
pub use self::show::Shown;
pub use self::url::{DatabaseUrl, server_of};

const DEFAULTS: &str = include_str!("../../../config/default.toml");

/// Everything that can be set, typed; see `config/default.toml` for what each key means.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// The listener and what stands in front of it.
    pub server: Server,
    /// Where the data is.
    pub database: Database,
    /// What is particular about what identity providers do.
    pub provisioning: Provisioning,
    /// The events that backends follow.
    pub events: Events,
    /// How keys are hashed and how many hashes run at once.
    pub keys: Keys,
    /// What is logged and how.
    pub log: Log,
}

/// The section `[server]`.
#[derive(Debug, Clone, Deserialize)]
pub struct Server {
    /// Address and port to listen on; port 0 lets the system choose.
    #[serde(deserialize_with = "values::address")]
    pub bind: SocketAddr,
    /// The base of every link in an answer; `None` means that it follows from `bind`.
    #[serde(deserialize_with = "values::optional_text")]
    pub public_url: Option<String>,
    /// The reverse proxies whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "values::networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Worker threads; 0 is one for each core.
    pub workers: usize,
    /// How long the headers of a request may take.
    #[serde(deserialize_with = "values::duration")]
    pub header_timeout: Duration,
    /// How long an idle connection is kept.
    #[serde(deserialize_with = "values::duration")]
    pub keep_alive: Duration,
    /// How long a request may take from its first byte to its answer.
    #[serde(deserialize_with = "values::duration")]
    pub request_timeout: Duration,
    /// How long an answer may take to be sent that is sent while it is still being read.
    #[serde(deserialize_with = "values::duration")]
    pub answer_timeout: Duration,
    /// How long running requests may take to finish after the signal to stop.
    #[serde(deserialize_with = "values::duration")]
    pub shutdown_timeout: Duration,
    /// The certificate and its key.
    pub tls: Tls,
}

/// The section `[server.tls]`: both files or neither.
#[derive(Debug, Clone, Deserialize)]
pub struct Tls {
    /// PEM file with the certificate and its chain.
    #[serde(deserialize_with = "values::optional_path")]
    pub certificate: Option<PathBuf>,
    /// PEM file with the private key.
    #[serde(deserialize_with = "values::optional_path")]
    pub key: Option<PathBuf>,
}

/// The section `[database]`.
#[derive(Debug, Clone, Deserialize)]
pub struct Database {
    /// The address of the database, which may hold a password.
    pub url: SecretString,
    /// Whether the server brings the schema up to date when it starts.
    pub migrate: bool,
    /// Connections kept open for reading; 0 is one for each core and at least two.
    pub readers: usize,
    /// Connections to PostgreSQL at most.
    pub connections: usize,
}

/// The section `[provisioning]`.
#[derive(Debug, Clone, Deserialize)]
pub struct Provisioning {
    /// What a create does with a user that only a sign-in has made.
    #[serde(deserialize_with = "values::existing_user")]
    pub existing_user: ExistingUser,
    /// How long a cursor of a list can be used.
    #[serde(deserialize_with = "values::duration")]
    pub cursor_timeout: Duration,
}

/// What happens when an identity provider creates a user that only the application's own sign-in
/// has made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExistingUser {
    /// The user keeps its id and takes the identity provider's profile.
    Adopt,
    /// The create is answered with 409.
    Reject,
}

/// The section `[events]`.
#[derive(Debug, Clone, Deserialize)]
pub struct Events {
    /// How long an event can be read.
    #[serde(deserialize_with = "values::duration")]
    pub retention: Duration,
}

/// The section `[keys]`.
#[derive(Debug, Clone, Deserialize)]
pub struct Keys {
    /// Argon2id memory in KiB.
    pub memory_kib: u32,
    /// Argon2id passes over that memory.
    pub iterations: u32,
    /// Argon2id lanes.
    pub parallelism: u32,
    /// Hashes computed at once; 0 is one for every two cores.
    pub concurrency: usize,
    /// Hashes that may wait for their turn before requests are shed.
    pub queue: usize,
}

/// The section `[log]`.
#[derive(Debug, Clone, Deserialize)]
pub struct Log {
    /// For machines or for people.
    #[serde(deserialize_with = "values::log_format")]
    pub format: LogFormat,
    /// A level, or levels by module.
    pub filter: String,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// What the settings are made from.
#[derive(Debug, Default)]
pub struct Sources {
    /// The file given with `--config`.
    pub file: Option<PathBuf>,
    /// The variables of the process.
    pub environment: Environment,
}

/// Settings that have been read and checked, and what there is to say about them.
#[derive(Debug)]
pub struct Loaded {
    /// The profile they were made for.
    pub profile: Profile,
    /// The settings.
    pub settings: Settings,
    /// Where each key's value came from.
    origins: BTreeMap<String, String>,
    /// The merged values as they were written, for showing them.
    merged: BTreeMap<String, config::Value>,
}

impl Loaded {
    /// Whether the server may start with these settings, and if so, what its operator should know.
    ///
    /// # Errors
    /// The reason why it must not: an open listener without TLS or a known proxy, half a TLS pair,
    /// a database that this build cannot use, a value out of range.
    pub fn check(&self) -> anyhow::Result<Vec<String>> {
        refusals::check(&self.settings)
    }

    /// Every key with its value and where that came from, in the order of their names; passwords
    /// masked.
    pub fn shown(&self) -> Vec<Shown> {
        show::shown(&self.merged, &self.origins)
    }
}

/// Reads all layers and puts them on top of each other.
///
/// # Errors
/// An unreadable file, a key that does not exist, a value of the wrong kind; each names its origin.
pub fn load(sources: &Sources) -> anyhow::Result<Loaded> {
    let profile = Profile::choose(&sources.environment)?;
    let defaults = Layer::from_toml("default.toml", DEFAULTS)?;
    let mut layers = vec![Layer::from_toml(profile.file_name(), profile.overrides())?];
    if let Some(file) = &sources.file {
        layers.push(read(file)?);
    }
    layers.push(Layer::from_environment(&sources.environment, &defaults)?);

    let mut origins = BTreeMap::new();
    let mut merged = BTreeMap::new();
    let mut builder = Config::builder();
    for (position, mut layer) in std::iter::once(defaults.clone()).chain(layers).enumerate() {
        if position > 0 {
            layer.resolve_files()?;
            layer.check_keys(&defaults)?;
        }
        for (key, value) in layer.values() {
            origins.insert(key.clone(), layer.origin_of(value));
            merged.insert(key.clone(), value.clone());
        }
        builder = builder.add_source(layer);
    }
    let settings = builder
        .build()
        .and_then(Config::try_deserialize)
        .map_err(|error| values::refusal(error, &origins))?;
    Ok(Loaded { profile, settings, origins, merged })
}

fn read(file: &Path) -> anyhow::Result<Layer> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the settings file {}", file.display()))?;
    Layer::from_toml(&file.display().to_string(), &text)
}
