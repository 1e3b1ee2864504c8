//! Where people come from, and what they are called there.

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// Names, languages and places, as data.
const CULTURES: &str = include_str!("cultures.toml");

/// What people of one place have in common.
#[derive(Debug)]
pub struct Culture {
    /// The language and its region.
    pub language: String,
    /// The time zone, by its name in the IANA database.
    pub zone: String,
    /// The country, by ISO 3166-1.
    pub country: String,
    /// A city.
    pub city: String,
    /// A street in it.
    pub street: String,
    /// Its code for letters.
    pub postcode: String,
    /// How its telephone numbers begin.
    pub phone: String,
    /// Whether the name of the family is said first.
    pub family_first: bool,
    /// Given names.
    pub given: Vec<Name>,
    /// Names of families.
    pub family: Vec<Name>,
}

/// A name as it is written, and in a mail address.
#[derive(Debug)]
pub struct Name {
    /// As its bearer writes it.
    pub written: String,
    /// In a to z and hyphens.
    pub latin: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    culture: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    language: String,
    zone: String,
    country: String,
    city: String,
    street: String,
    postcode: String,
    phone: String,
    #[serde(default)]
    family_first: bool,
    given: Vec<String>,
    family: Vec<String>,
}

/// Every culture.
///
/// # Errors
/// When the file of them is not as it must be.
pub fn all() -> Result<Vec<Culture>> {
    let file: File = toml::from_str(CULTURES).context("cultures.toml")?;
    Ok(file.culture.into_iter().map(culture).collect())
}

fn culture(entry: Entry) -> Culture {
    let names = |names: Vec<String>| names.iter().map(|name| read(name)).collect();
    Culture {
        language: entry.language,
        zone: entry.zone,
        country: entry.country,
        city: entry.city,
        street: entry.street,
        postcode: entry.postcode,
        phone: entry.phone,
        family_first: entry.family_first,
        given: names(entry.given),
        family: names(entry.family),
    }
}

/// `Jürgen juergen`, or a name that looks the same in both.
fn read(name: &str) -> Name {
    let (written, latin) = name.split_once(' ').unwrap_or((name, name));
    Name { written: written.replace('_', " "), latin: latin.to_lowercase() }
}
