//! `scimd config …`

use clap::Subcommand;
use serde_json::{Map, Value, json};

use crate::output::{Answer, table};
use crate::settings::Loaded;

/// The commands for settings.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Config {
    /// Say whether the server would start with these settings
    Check,
    /// Show the settings in force and where each came from; passwords are masked
    Show,
}

impl Config {
    /// Answers from the settings alone.
    ///
    /// # Errors
    /// `check`: the reason why the server would not start.
    pub fn run(self, loaded: &Loaded) -> anyhow::Result<Answer> {
        match self {
            Self::Check => check(loaded),
            Self::Show => Ok(show(loaded)),
        }
    }
}

fn check(loaded: &Loaded) -> anyhow::Result<Answer> {
    let warnings = loaded.check()?;
    let profile = loaded.profile.name();
    let mut lines = vec![format!("The settings are good (profile {profile}).")];
    lines.extend(warnings.iter().map(|warning| format!("Warning: {warning}.")));
    let json = json!({ "profile": profile, "valid": true, "warnings": warnings });
    Ok(Answer { json, text: lines.join("\n") })
}

fn show(loaded: &Loaded) -> Answer {
    let shown = loaded.shown();
    let mut settings = Map::new();
    let mut origins = Map::new();
    for one in &shown {
        put(&mut settings, &one.key, one.value.clone());
        origins.insert(one.key.clone(), json!(one.origin));
    }
    let rows: Vec<_> =
        shown.into_iter().map(|one| [one.key, one.value.to_string(), one.origin]).collect();
    let profile = loaded.profile.name();
    let rows = table("", ["setting", "value", "from"], &rows);
    Answer {
        json: json!({ "profile": profile, "settings": settings, "origins": origins }),
        text: format!("Profile: {profile}\n\n{rows}"),
    }
}

/// Puts a value where its dotted key says, under the names that a settings file uses.
fn put(table: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => drop(table.insert(key.to_owned(), value)),
        Some((section, rest)) => {
            let inner = table.entry(section).or_insert_with(|| json!({}));
            if let Some(inner) = inner.as_object_mut() {
                put(inner, rest, value);
            }
        }
    }
}
