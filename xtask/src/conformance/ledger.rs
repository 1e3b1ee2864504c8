//! The rows, as they are written in `conformance/*.toml`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::evidence::Evidence;

/// One RFC.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Its number, which begins the id of every row.
    pub rfc: u32,
    /// What it is about.
    pub title: String,
    /// Its sections that ask something of a service provider.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

/// One section of an RFC.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its number, such as `3.5.2`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// How many of its requirements bind clients, administrators or authors of other documents
    /// alone, and so have no row.
    #[serde(default)]
    pub of_others: usize,
    /// Its requirements.
    #[serde(rename = "requirement", default)]
    pub requirements: Vec<Requirement>,
}

/// One requirement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// RFC, section and number, such as `7644-3.5.2-4`. A row that is taken out never gives its id
    /// to another.
    pub id: String,
    /// How strongly the RFC asks.
    pub strength: Strength,
    /// What it asks, in our words.
    pub requirement: String,
    /// The tests that show it: `crate::file::function`, `check::id` for a check of `scimd check`, or
    /// `story::folder/file` for a story of an identity provider.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
    /// What is done otherwise on purpose, and why.
    pub deviation: Option<String>,
    /// What is still missing.
    pub open: Option<String>,
}

/// How strongly an RFC asks (RFC 2119).
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Strength {
    /// MUST, MUST NOT, SHALL, SHALL NOT, REQUIRED; and plain words that leave no choice.
    Must,
    /// SHOULD, SHOULD NOT, RECOMMENDED.
    Should,
}

/// What became of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is met, and tests show it.
    Met,
    /// Something else is done on purpose.
    Deviation,
    /// There is nothing that it could ask for.
    NotApplicable,
    /// It is not met yet.
    Open,
}

impl Requirement {
    /// What became of it.
    pub fn state(&self) -> State {
        match (&self.open, &self.deviation, &self.not_applicable) {
            (Some(_), _, _) => State::Open,
            (None, Some(_), _) => State::Deviation,
            (None, None, Some(_)) => State::NotApplicable,
            (None, None, None) => State::Met,
        }
    }

    /// What is said besides the tests.
    pub fn remark(&self) -> Option<&str> {
        let said = self.open.as_ref().or(self.deviation.as_ref()).or(self.not_applicable.as_ref());
        said.map(String::as_str)
    }

    /// What is wrong with the row itself.
    fn fault(&self) -> Option<&'static str> {
        let said = [&self.open, &self.deviation, &self.not_applicable];
        let said: Vec<&String> = said.into_iter().flatten().collect();
        let needs_tests = matches!(self.state(), State::Met | State::Deviation);
        if said.len() > 1 {
            Some("says more than one of open, deviation and not_applicable")
        } else if said.iter().any(|it| it.trim().len() < 10) {
            Some("gives no real reason")
        } else if needs_tests && self.tests.is_empty() {
            Some("names no test")
        } else if self.not_applicable.is_some() && !self.tests.is_empty() {
            Some("names tests of what does not apply")
        } else if self.requirement.trim().is_empty() {
            Some("says no requirement")
        } else {
            None
        }
    }
}

impl Ledger {
    /// All rows.
    pub fn requirements(&self) -> impl Iterator<Item = &Requirement> {
        self.sections.iter().flat_map(|it| &it.requirements)
    }

    /// What is wrong with it: one line for each fault.
    pub fn faults(&self, evidence: &Evidence) -> Vec<String> {
        let mut faults = Vec::new();
        let (mut sections, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for section in &self.sections {
            if !sections.insert(&section.number) {
                faults
                    .push(format!("section {} of RFC {} is there twice", section.number, self.rfc));
            }
            let prefix = format!("{}-{}-", self.rfc, section.number);
            for row in &section.requirements {
                let mut fault = |what: String| faults.push(format!("{}: {what}", row.id));
                let number = row.id.strip_prefix(&prefix).and_then(|it| it.parse::<u32>().ok());
                if number.is_none() {
                    fault(format!("an id here is {prefix} and a number"));
                }
                if !ids.insert(&row.id) {
                    fault("the id is there twice".to_owned());
                }
                row.fault().into_iter().for_each(|it| fault(it.to_owned()));
                let named = row.tests.iter().filter_map(|it| evidence.find(it).err());
                named.for_each(fault);
            }
        }
        faults
    }
}

/// Every ledger of a folder, by the number of its RFC.
///
/// # Errors
/// When a file cannot be read or is not as a ledger must be; the message names it.
pub fn read(folder: &Path) -> Result<Vec<Ledger>> {
    let mut ledgers = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "toml") {
            let name = || format!("reading {}", path.display());
            let text = fs::read_to_string(&path).with_context(name)?;
            ledgers.push(toml::from_str::<Ledger>(&text).with_context(name)?);
        }
    }
    ledgers.sort_by_key(|it| it.rfc);
    Ok(ledgers)
}
