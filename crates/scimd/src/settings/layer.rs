//! One layer of settings: where it comes from and which keys it sets.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use config::{ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

/// Keys whose value may be a secret: it is masked when shown and may be given as a file. Their
/// values are text, whatever they look like.
pub(super) const SECRETS: [&str; 1] = ["database.url"];
const FILE_SUFFIX: &str = "_file";
const PREFIX: &str = "SCIMD__";

/// The variables of the process that are ours, `SCIMD…`.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Takes over what the process was started with. A value that is no Unicode is left out, with
    /// the effect that it counts as not set.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        std::env::vars_os().filter_map(text).collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().filter(|(name, _)| name.starts_with("SCIMD")).collect())
    }
}

/// Values by dotted key. Lists are values; sections are only prefixes.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    origin: String,
    values: BTreeMap<String, Value>,
}

impl Layer {
    pub(super) fn from_toml(origin: &str, text: &str) -> anyhow::Result<Self> {
        let table = File::from_str(text, FileFormat::Toml)
            .collect()
            .map_err(|error| anyhow::anyhow!("{origin} is not valid TOML: {error}"))?;
        let mut values = BTreeMap::new();
        flatten("", table, &mut |key, kind| {
            values.insert(key, Value::new(Some(&origin.to_owned()), kind));
        });
        Ok(Self { origin: origin.to_owned(), values })
    }

    /// Every value of the environment is text, and the kind of the default decides what it means:
    /// a password of digits stays a password.
    pub(super) fn from_environment(
        environment: &Environment,
        defaults: &Self,
    ) -> anyhow::Result<Self> {
        let mut values = BTreeMap::new();
        for (name, text) in &environment.0 {
            let Some(rest) = name.strip_prefix(PREFIX) else { continue };
            let key = rest.to_lowercase().replace("__", ".");
            let kind = typed(text, defaults.values.get(&key).map(|value| &value.kind));
            if values.insert(key, Value::new(Some(name), kind)).is_some() {
                bail!("{name} is set twice, in different case");
            }
        }
        Ok(Self { origin: "environment".to_owned(), values })
    }

    /// Replaces `KEY_file` by the content of that file, for the keys that may be secrets.
    pub(super) fn resolve_files(&mut self) -> anyhow::Result<()> {
        for key in SECRETS {
            let Some(path) = self.values.remove(&format!("{key}{FILE_SUFFIX}")) else { continue };
            let origin = self.origin_of(&path);
            if self.values.contains_key(key) {
                bail!("{key} is given twice in {origin}: as a value and as a file");
            }
            let path = path.into_string()?;
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {path}, named by {origin} for {key}"))?;
            let origin = format!("{origin} ({path})");
            self.values.insert(key.to_owned(), Value::new(Some(&origin), text.trim_end()));
        }
        Ok(())
    }

    /// Refuses a key that the defaults do not have.
    pub(super) fn check_keys(&self, defaults: &Self) -> anyhow::Result<()> {
        for (key, value) in &self.values {
            if defaults.values.contains_key(key) {
                continue;
            }
            let origin = self.origin_of(value);
            if defaults.values.keys().any(|known| known.starts_with(&format!("{key}."))) {
                bail!("{key} in {origin} is a section, not a setting");
            }
            match nearest(key, defaults.values.keys().map(String::as_str)) {
                Some(known) => bail!("there is no setting {key} ({origin}); did you mean {known}?"),
                None => bail!("there is no setting {key} ({origin})"),
            }
        }
        Ok(())
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.values.iter()
    }

    pub(super) fn origin_of(&self, value: &Value) -> String {
        value.origin().unwrap_or(&self.origin).to_owned()
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.values.clone().into_iter().collect())
    }
}

/// The name that is meant, if one is anywhere near what was written.
pub(super) fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (strsim::jaro_winkler(written, name), name))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

fn flatten(prefix: &str, table: Map<String, Value>, found: &mut impl FnMut(String, ValueKind)) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value.kind {
            ValueKind::Table(inner) => flatten(&key, inner, found),
            kind => found(key, kind),
        }
    }
}

/// What cannot be read as the default's kind stays text; reading the settings then says so.
fn typed(text: &str, default: Option<&ValueKind>) -> ValueKind {
    let typed = match default {
        Some(ValueKind::Array(_)) => Some(ValueKind::Array(list(text))),
        Some(ValueKind::I64(_)) => text.trim().parse().ok().map(ValueKind::I64),
        Some(ValueKind::Boolean(_)) => text.trim().parse().ok().map(ValueKind::Boolean),
        Some(_) | None => None,
    };
    typed.unwrap_or_else(|| ValueKind::String(text.to_owned()))
}

fn list(text: &str) -> Vec<Value> {
    let items = text.trim().trim_start_matches('[').trim_end_matches(']').split(',');
    let items = items.map(|item| item.trim().trim_matches('"')).filter(|item| !item.is_empty());
    items.map(|item| Value::new(None, item)).collect()
}
