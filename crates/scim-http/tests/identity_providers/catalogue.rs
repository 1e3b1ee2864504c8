//! That the stories are all there: every published test case, every source, every line of the map.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::Deserialize;

use super::{
    PROVIDERS,
    runner::{Evidence, HOME, Story, stories},
};

/// A published list of test cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    source: String,
    /// Number → what it asks.
    cases: BTreeMap<String, String>,
    /// Number → why no story plays it.
    #[serde(default)]
    left_out: BTreeMap<String, String>,
}

fn suites() -> BTreeMap<String, Suite> {
    serde_json::from_str(include_str!("suites.json")).unwrap()
}

fn all() -> Vec<(String, Story)> {
    PROVIDERS.iter().chain(&["field"]).flat_map(|folder| stories(folder)).collect()
}

#[test]
fn the_suites_have_as_many_cases_as_their_publishers_count() {
    let counts: BTreeMap<_, _> =
        suites().into_iter().map(|(name, suite)| (name, suite.cases.len())).collect();
    for (suite, count) in [
        ("okta-spec", 12),
        ("entra-validator", 24),
        ("entra-validator-preview", 7),
        ("entra-gallery", 25),
    ] {
        assert_eq!(counts.get(suite), Some(&count), "{suite}");
    }
}

#[test]
fn every_published_case_is_played_or_says_why_not() {
    let mut expected = BTreeSet::new();
    for (name, suite) in suites() {
        assert!(suite.source.starts_with("https://"), "{name}");
        for case in suite.left_out.keys() {
            assert!(suite.cases.contains_key(case), "{name}/{case} is left out and no case");
        }
        let played = suite.cases.keys().filter(|it| !suite.left_out.contains_key(*it));
        expected.extend(played.map(|case| format!("{name}/{case}")));
    }
    let steps = all().into_iter().flat_map(|(_, story)| story.steps);
    let played: BTreeSet<String> = steps.flat_map(|it| it.cases).collect();
    let missing: Vec<_> = expected.difference(&played).collect();
    let unknown: Vec<_> = played.difference(&expected).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing {missing:?}, unknown {unknown:?}");
}

#[test]
fn every_story_says_where_its_requests_come_from() {
    for (file, story) in all() {
        assert!(story.about.ends_with('.') && !story.steps.is_empty(), "{file}");
        assert!(!story.sources.is_empty(), "{file}");
        for (source, evidence) in &story.sources {
            // A form of our own is said in words.
            let is_link = source.starts_with("https://");
            assert_eq!(is_link, *evidence != Evidence::Ours, "{file}: {source}");
        }
        let shared = file.starts_with("field/");
        assert_eq!(shared, !story.providers.is_empty(), "{file}");
        for provider in &story.providers {
            assert!(PROVIDERS.contains(&provider.as_str()), "{file}: {provider}");
        }
    }
}

#[test]
fn every_folder_is_played() {
    let mut folders = BTreeSet::new();
    for entry in Path::new(HOME).read_dir().unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            folders.insert(entry.file_name().into_string().unwrap());
        }
    }
    let known = PROVIDERS.iter().chain(&["field", "runner"]).map(ToString::to_string);
    assert_eq!(folders, known.collect());
}

#[test]
fn the_map_names_every_story_and_no_other() {
    let map = include_str!("README.md");
    let written: BTreeSet<String> = all().into_iter().map(|(file, _)| file).collect();
    let folders: Vec<String> =
        PROVIDERS.iter().chain(&["field"]).map(|it| format!("{it}/")).collect();
    let named = map.split('`').skip(1).step_by(2);
    let named = named.filter(|it| folders.iter().any(|folder| it.starts_with(folder)));
    let named: BTreeSet<String> = named.map(ToOwned::to_owned).collect();
    let missing: Vec<_> = written.difference(&named).collect();
    let unknown: Vec<_> = named.difference(&written).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing {missing:?}, unknown {unknown:?}");
}
