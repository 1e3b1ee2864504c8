//! A check is worth something only if it fails where it should: scimd behind a proxy that gives
//! it one defect at a time.

mod bulk;
mod cursors;
mod discovery;
mod errors;
mod filters;
mod groups;
mod lists;
mod patch;
mod providers;
mod users;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use scim_check::{Client, Options, Outcome, Report, clean_up, run};

use super::proxy::{How, Proxy};
use crate::instance::{Instance, Place};

/// Something wrong with a server.
pub struct Defect {
    /// What the server does.
    name: &'static str,
    /// The checks that must fail; others may.
    fails: &'static [&'static str],
    how: How,
}

/// A module's list: what the server does, the checks that must fail, and how it is done.
macro_rules! defects {
    ($($name:literal [$($fails:literal)+] $how:ident $change:expr;)+) => {
        pub(super) const DEFECTS: &[$crate::check::defects::Defect] = &[$(
            $crate::check::defects::Defect {
                name: $name,
                fails: &[$($fails),+],
                how: $crate::check::proxy::How::$how($change),
            }
        ),+];
    };
}
use defects;

/// Checks that no defect need fail, each with its reason.
const UNTRIED: &[(&str, &str)] = &[];

fn all() -> impl Iterator<Item = &'static Defect> {
    let all = [
        discovery::DEFECTS,
        errors::DEFECTS,
        users::DEFECTS,
        patch::DEFECTS,
        groups::DEFECTS,
        filters::DEFECTS,
        lists::DEFECTS,
        cursors::DEFECTS,
        bulk::DEFECTS,
        providers::DEFECTS,
    ];
    all.into_iter().flatten()
}

/// Runs checks against a server behind a proxy.
pub fn examine(instance: &Instance, how: How, only: &[&str]) -> Report {
    let key = instance.first_key();
    let proxy = Proxy::start(instance.address, &key, how);
    let client = Client::new(&proxy.url(), &key, None).unwrap();
    let only = only.iter().map(|&id| id.to_owned()).collect();
    run(&client, &Options { only, skip: vec![] }, &AtomicBool::new(false), |_| {}).unwrap()
}

#[test]
fn every_check_is_failed_by_some_defect() {
    let failed: BTreeSet<&str> = all().flat_map(|it| it.fails).copied().collect();
    let untried: BTreeSet<&str> = UNTRIED.iter().map(|(id, _)| *id).collect();
    let checks: BTreeSet<&str> = scim_check::checks().map(|check| check.id).collect();
    let never: Vec<_> = checks.iter().filter(|id| !failed.contains(*id)).collect();
    assert_eq!(never, untried.iter().collect::<Vec<_>>(), "no defect makes these fail");
    let unknown: Vec<_> = failed.iter().filter(|id| !checks.contains(*id)).collect();
    assert!(unknown.is_empty(), "no such checks: {unknown:?}");
}

#[test]
fn a_server_behind_a_proxy_without_defect_passes() {
    let instance = Place::development().serve();
    let report = examine(&instance, How::Faithful, &[]);
    let wrong: Vec<_> = report.findings.iter().filter(|it| it.outcome != Outcome::Passed).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every defect is noticed by the checks that are meant to.
fn notices(defects: &[Defect]) {
    let instance = Place::development().serve();
    let client = format!("http://{}/scim/v2", instance.address);
    let client = Client::new(&client, &instance.first_key(), None).unwrap();
    let mut missed = Vec::new();
    for defect in defects {
        let report = examine(&instance, defect.how, defect.fails);
        for finding in &report.findings {
            let noticed = match &finding.outcome {
                // A proxy that breaks is no wrong server.
                Outcome::Failed(why) | Outcome::Advised(why) => !why.contains("no answer"),
                Outcome::Passed | Outcome::Skipped(_) => false,
            };
            if !noticed {
                missed.push(format!("{}: {} {:?}", defect.name, finding.check.id, finding.outcome));
            }
        }
        // A wrong server may keep what a right one would delete.
        assert_eq!(clean_up(&client).unwrap().left, [] as [String; 0], "{}", defect.name);
    }
    assert!(missed.is_empty(), "not noticed:\n{}", missed.join("\n"));
}

#[test]
fn a_server_that_says_wrong_things_about_itself_is_noticed() {
    notices(discovery::DEFECTS);
}

#[test]
fn a_server_that_refuses_wrongly_is_noticed() {
    notices(errors::DEFECTS);
}

#[test]
fn a_server_that_is_wrong_about_users_is_noticed() {
    notices(users::DEFECTS);
}

#[test]
fn a_server_that_is_wrong_about_patch_is_noticed() {
    notices(patch::DEFECTS);
}

#[test]
fn a_server_that_is_wrong_about_groups_is_noticed() {
    notices(groups::DEFECTS);
}

#[test]
fn a_server_that_finds_others_than_those_asked_for_is_noticed() {
    notices(filters::DEFECTS);
}

#[test]
fn a_server_that_is_wrong_about_lists_and_versions_is_noticed() {
    notices(lists::DEFECTS);
}

#[test]
fn a_server_that_is_wrong_about_cursors_is_noticed() {
    notices(cursors::DEFECTS);
}

#[test]
fn a_server_that_is_wrong_about_bulk_is_noticed() {
    notices(bulk::DEFECTS);
}

#[test]
fn a_server_that_okta_or_entra_cannot_work_with_is_noticed() {
    notices(providers::DEFECTS);
}
