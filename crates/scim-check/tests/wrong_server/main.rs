//! A check is worth something only if it fails where it should: a small server, right but for one
//! defect, against the checks.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod server;

use std::sync::atomic::{AtomicBool, Ordering};

use scim_check::{Client, Finding, Group, Level, Options, Outcome, Report, clean_up, run};

use server::{Defect, Server};

/// A name that is there before the checks and must be there after them.
const SOMEBODY: &str = "somebody@example.com";

fn client(server: &Server) -> Client {
    Client::new(&server.url(), server::TOKEN, None).unwrap()
}

fn options(only: &str) -> Options {
    Options { only: vec![only.to_owned()], skip: vec![] }
}

fn examine(server: &Server, only: Group) -> Report {
    run(&client(server), &options(only.name()), &AtomicBool::new(false), |_| {}).unwrap()
}

fn outcome(report: &Report, id: &str) -> Outcome {
    let found = report.findings.iter().find(|finding| finding.check.id == id);
    found.unwrap_or_else(|| panic!("there is no check {id}")).outcome.clone()
}

/// The check passes without the defect and fails with it, for the reason given; either way nobody
/// is left but who was there.
fn notices(defect: Defect, group: Group, id: &str, reason: &str) {
    let server = Server::start(Defect::None);
    assert_eq!(outcome(&examine(&server, group), id), Outcome::Passed);
    assert_eq!(server.user_names(), [SOMEBODY]);

    let server = Server::start(defect);
    match outcome(&examine(&server, group), id) {
        Outcome::Failed(why) | Outcome::Advised(why) => {
            assert!(why.contains(reason), "{id}: {why}");
        }
        other => panic!("{id} with {defect:?}: {other:?}"),
    }
    if defect != Defect::DeletesNothing {
        assert_eq!(server.user_names(), [SOMEBODY], "{defect:?}");
    }
}

#[test]
fn a_configuration_without_a_feature_is_noticed() {
    notices(Defect::NoSort, Group::Discovery, "discovery.configuration", "sort.supported");
}

#[test]
fn a_status_that_is_a_number_is_noticed() {
    notices(Defect::NumericStatus, Group::Errors, "errors.unknown-id", "/status to be \"404\"");
}

#[test]
fn an_id_that_is_refused_as_malformed_is_noticed() {
    notices(Defect::MalformedId, Group::Errors, "errors.malformed-id", "expected 404, got 400");
}

#[test]
fn a_server_that_lets_anybody_in_is_noticed() {
    notices(Defect::OpenDoor, Group::Errors, "errors.bad-token", "expected 401, got 200");
    notices(Defect::OpenDoor, Group::Errors, "errors.no-token", "expected 401, got 200");
}

#[test]
fn a_create_that_is_200_is_noticed() {
    notices(Defect::CreatesWith200, Group::Users, "users.create", "expected 201, got 200");
}

#[test]
fn a_create_without_location_is_noticed() {
    notices(Defect::NoLocation, Group::Users, "users.location", "header Location");
}

#[test]
fn a_name_that_is_given_twice_is_noticed() {
    notices(Defect::Twins, Group::Users, "users.duplicate", "expected 409, got 201");
}

#[test]
fn an_id_chosen_by_the_client_is_noticed() {
    notices(Defect::ClientId, Group::Users, "users.server-id", "the client's id");
}

#[test]
fn a_password_that_comes_back_is_noticed() {
    notices(Defect::ShowsPassword, Group::Users, "users.password", "password was returned");
}

#[test]
fn a_put_that_loses_an_attribute_is_noticed() {
    notices(Defect::PutLosesTitle, Group::Users, "users.put-back", "title");
}

#[test]
fn a_delete_that_deletes_nothing_is_noticed_and_what_is_left_is_named() {
    notices(Defect::DeletesNothing, Group::Users, "users.delete", "expected 404, got 200");
    for defect in [Defect::DeletesNothing, Defect::RefusesDelete] {
        let server = Server::start(defect);
        let report = examine(&server, Group::Users);
        assert!(!report.left.is_empty());
        assert_eq!(report.left.len(), server.user_names().len() - 1, "{:?}", report.left);
        assert!(report.left.iter().all(|path| path.starts_with("/Users/")));
    }
}

#[test]
fn a_patch_that_changes_nothing_is_noticed() {
    notices(Defect::PatchesNothing, Group::Patch, "patch.path", "/title to be \"Countess\"");
}

#[test]
fn a_filter_that_is_ignored_is_noticed_and_nobody_else_is_deleted() {
    notices(Defect::IgnoresFilter, Group::Filters, "filters.miss", "expected nobody");
}

#[test]
fn a_look_up_that_minds_the_case_is_noticed() {
    notices(Defect::MindsCase, Group::Filters, "filters.case", "/totalResults to be 1, got 0");
}

#[test]
fn a_list_without_pages_is_noticed() {
    notices(Defect::OnePage, Group::Paging, "paging.list", "expected 1 to 3 resources, got 5");
    notices(Defect::OnePage, Group::Paging, "paging.zero", "expected no resources, got 5");
}

#[test]
fn a_start_that_counts_from_0_is_noticed() {
    notices(Defect::CountsFrom0, Group::Paging, "paging.pages", "resources");
}

#[test]
fn a_total_of_the_page_alone_is_noticed() {
    notices(Defect::TotalOfPage, Group::Paging, "paging.list", "/totalResults to be 5, got 3");
}

#[test]
fn a_cursor_that_misses_somebody_is_noticed() {
    notices(Defect::CursorLosesOne, Group::Cursors, "cursors.walk", "expected 5 people once");
}

#[test]
fn a_cursor_on_the_last_page_is_noticed() {
    notices(Defect::CursorStays, Group::Cursors, "cursors.walk", "nextCursor after 10 pages");
}

#[test]
fn a_cursor_that_serves_another_question_is_noticed() {
    notices(Defect::TrustsCursors, Group::Cursors, "cursors.other-query", "expected 400, got 200");
    notices(Defect::TrustsCursors, Group::Cursors, "cursors.forged", "expected 400, got 200");
}

#[test]
fn a_count_that_is_capped_with_a_cursor_is_noticed() {
    notices(Defect::CapsWithCursor, Group::Cursors, "cursors.count", "expected 400, got 200");
}

#[test]
fn a_name_in_small_letters_is_noticed() {
    notices(Defect::LowersNames, Group::Okta, "okta.create", "/userName to be");
}

#[test]
fn what_is_not_offered_is_skipped() {
    let server = Server::start(Defect::None);
    for group in [Group::Groups, Group::Sorting, Group::Versions, Group::Bulk] {
        let report = examine(&server, group);
        let skipped = |it: &Finding| match &it.outcome {
            Outcome::Skipped(why) => why.starts_with("not offered"),
            Outcome::Passed | Outcome::Failed(_) | Outcome::Advised(_) => false,
        };
        assert!(report.findings.iter().all(skipped), "{:?}", report.findings);
    }
}

#[test]
fn a_run_that_is_stopped_deletes_what_it_made() {
    let server = Server::start(Defect::None);
    let stop = AtomicBool::new(false);
    let told = |_: &Finding| stop.store(true, Ordering::Relaxed);
    let report = run(&client(&server), &options("paging"), &stop, told).unwrap();
    assert!(report.stopped.is_some() && report.findings.len() == 1);
    assert_eq!(server.user_names(), [SOMEBODY]);
}

#[test]
fn a_group_or_a_check_is_run_alone_or_left_out() {
    let only = options("users.create");
    assert_eq!(only.selected().len(), 1);
    let without = Options { only: vec![], skip: vec!["users".to_owned()] };
    assert!(without.selected().iter().all(|check| check.group != Group::Users));
}

#[test]
fn a_server_that_gives_small_pages_is_right() {
    for group in [Group::Filters, Group::Paging] {
        let whole = examine(&Server::start(Defect::None), group);
        let server = Server::start(Defect::SmallPages);
        let small = examine(&server, group);
        for (whole, small) in whole.findings.iter().zip(&small.findings) {
            let was_right = matches!(whole.outcome, Outcome::Passed);
            assert!(!was_right || small.outcome == Outcome::Passed, "{small:?}");
        }
        assert_eq!(server.user_names(), [SOMEBODY]);
    }
}

#[test]
fn a_server_that_is_too_busy_is_asked_again() {
    let server = Server::start(Defect::TooBusy);
    let report = examine(&server, Group::Users);
    assert_eq!(outcome(&report, "users.create"), Outcome::Passed);
    assert_eq!(server.user_names(), [SOMEBODY]);
}

#[test]
fn a_server_that_falls_silent_is_not_asked_for_ever() {
    let server = Server::start(Defect::FallsSilent);
    let report = examine(&server, Group::Users);
    assert_eq!(report.stopped, Some("the server no longer answers"));
    assert_eq!(report.findings.len(), 3, "{report:?}");
    let unanswered =
        |it: &Finding| matches!(&it.outcome, Outcome::Failed(why) if why.contains("no answer"));
    assert!(report.findings.iter().all(unanswered), "{report:?}");
}

#[test]
fn a_server_that_sends_clients_elsewhere_is_named_and_the_token_stays_here() {
    let server = Server::start(Defect::Redirects);
    let never = AtomicBool::new(false);
    let error = run(&client(&server), &Options::default(), &never, |_| {}).unwrap_err();
    assert!(error.to_string().contains("https://elsewhere.example"), "{error}");
}

#[test]
fn an_answer_that_is_no_json_is_shown() {
    let server = Server::start(Defect::Html);
    match outcome(&examine(&server, Group::Users), "users.create") {
        Outcome::Failed(why) => assert!(why.contains("no JSON: <html>"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_base_url_with_a_slash_at_its_end_is_the_same() {
    let server = Server::start(Defect::None);
    let slashed = Client::new(&format!("{}/", server.url()), server::TOKEN, None).unwrap();
    let report = run(&slashed, &options("users.create"), &AtomicBool::new(false), |_| {}).unwrap();
    assert_eq!(outcome(&report, "users.create"), Outcome::Passed);
}

#[test]
fn what_a_run_left_is_deleted_later_and_nothing_else() {
    for defect in [Defect::None, Defect::IgnoresFilter, Defect::SmallPages] {
        let server = Server::start(defect);
        let run = "scimcheck-0123456789abcdef";
        let names = [
            format!("{run}-user1@example.com"),
            format!("{run}-person-ada@example.com"),
            "scimcheck-operator@example.com".to_owned(),
        ];
        for name in &names {
            server.add(name);
        }
        let leftovers = clean_up(&client(&server)).unwrap();
        assert_eq!(leftovers.deleted.len(), 2, "{defect:?}");
        assert!(leftovers.left.is_empty());
        assert_eq!(server.user_names(), [SOMEBODY, "scimcheck-operator@example.com"]);
    }
}

#[test]
fn ids_are_unique_and_begin_with_their_group() {
    let mut ids: Vec<_> = scim_check::checks().map(|check| check.id).collect();
    for check in scim_check::checks() {
        assert!(check.id.starts_with(&format!("{}.", check.group)), "{}", check.id);
        let of_provider = matches!(check.group, Group::Okta | Group::Entra);
        assert_eq!(matches!(check.level, Level::Okta | Level::Entra), of_provider, "{}", check.id);
    }
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn a_client_needs_a_base_url_and_a_token_and_shows_no_token() {
    for url in ["", "scim.example.com", "ftp://example.com", "http://example.com/?a=b"] {
        assert!(Client::new(url, "token", None).is_err(), "{url}");
    }
    for token in ["", "two words", "line\nbreak"] {
        assert!(Client::new("http://example.com", token, None).is_err(), "{token}");
    }
    assert!(Client::new("https://example.com", "token", Some(b"no certificate")).is_err());
    let client = Client::new("https://example.com/scim/v2/", "secret", None).unwrap();
    assert!(!format!("{client:?}").contains("secret"));
}
