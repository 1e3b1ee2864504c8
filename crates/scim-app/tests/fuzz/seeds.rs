//! Real inputs: what identity providers send, out of the recorded requests; and new ones, out of
//! the generators of the property tests.

use std::{fs, path::Path};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngSeed, TestRunner},
};
use scim_domain::schema::ResourceType;
use serde_json::Value;

use crate::driver::Draw;

/// What is in the recorded requests.
#[derive(Default)]
pub struct Recorded {
    pub filters: Vec<String>,
    pub paths: Vec<String>,
    pub patches: Vec<Value>,
    pub resources: Vec<Value>,
}

impl Recorded {
    pub fn read() -> Self {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../scim-http/tests/identity_providers");
        let mut all = Self::default();
        let mut files = Vec::new();
        for provider in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
            if provider.is_dir() {
                files.extend(fs::read_dir(provider).unwrap().map(|it| it.unwrap().path()));
            }
        }
        files.retain(|it| it.extension().is_some_and(|it| it == "json"));
        files.sort();
        for file in files {
            all.take(&serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap());
        }
        assert!(all.filters.len() > 10 && all.patches.len() > 10 && all.resources.len() > 10);
        all
    }

    fn take(&mut self, json: &Value) {
        match json {
            Value::String(text) => {
                let filter =
                    text.split_once("filter=").map(|(_, it)| it.split('&').next().unwrap());
                self.filters.extend(filter.map(decoded));
            }
            Value::Array(all) => all.iter().for_each(|it| self.take(it)),
            Value::Object(all) => {
                if let Some(operations) = all.get("Operations") {
                    let list = operations.as_array().into_iter().flatten();
                    let paths = list.filter_map(|it| it["path"].as_str());
                    self.paths.extend(paths.map(str::to_owned));
                    self.patches.push(json.clone());
                } else if all.contains_key("schemas") {
                    self.resources.push(json.clone());
                }
                all.values().for_each(|it| self.take(it));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Percent-decoded.
fn decoded(text: &str) -> String {
    let mut parts = text.replace('+', " ");
    for (code, letter) in
        [("%20", " "), ("%22", "\""), ("%40", "@"), ("%3A", ":"), ("%5B", "["), ("%5D", "]")]
    {
        parts = parts.replace(code, letter).replace(&code.to_ascii_lowercase(), letter);
    }
    parts
}

/// Draws from a strategy as bytes.
pub fn drawn<S: Strategy + 'static>(seed: u64, strategy: S, text: fn(S::Value) -> String) -> Draw {
    let config = Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    let mut runner = TestRunner::new(config);
    Box::new(move || text(strategy.new_tree(&mut runner).unwrap().current()).into_bytes())
}

/// The names of attributes, and these words.
pub fn words(of: &ResourceType, more: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = more.iter().map(|&it| it.to_owned()).collect();
    let extensions = of.extensions.iter().flat_map(|it| &it.schema.attributes);
    for attribute in of.common.iter().chain(&of.schema.attributes).chain(extensions) {
        all.push(attribute.name.to_string());
        all.extend(attribute.sub_attributes.iter().map(|it| it.name.to_string()));
    }
    all.extend(of.extensions.iter().map(|it| it.schema.id.to_string()));
    all.push(of.schema.id.to_string());
    all
}

/// A refusal's sentence without numbers and what was quoted: its kind.
pub fn kind_of(detail: &str) -> String {
    let mut quoted = false;
    let mut kind = String::new();
    for letter in detail.chars().take(160) {
        quoted ^= letter == '"';
        if !quoted && !letter.is_ascii_digit() {
            kind.push(letter);
        }
    }
    kind
}
