//! `scimd check` against the real scimd.

use std::process::{Command, Stdio};

use serde_json::Value;

mod defects;
mod proxy;
mod variants;

use crate::http::Request;
use crate::instance::{Instance, Place, poll, text};

fn count(instance: &Instance, path: &str) -> u64 {
    let request = Request::get(format!("/scim/v2/{path}?count=0")).key(&instance.first_key());
    instance.send(&request).json()["totalResults"].as_u64().unwrap()
}

fn url(instance: &Instance) -> String {
    format!("http://{}/scim/v2", instance.address)
}

#[test]
fn scimd_passes_every_check_and_nothing_is_left_behind() {
    let instance = Place::development().serve();
    let before = ["Users", "Groups"].map(|path| count(&instance, path));
    let file = instance.place.path(instance.announced["firstKeyFile"].as_str().unwrap());
    let words = ["check", "--json", "--url", &url(&instance), "--token-file"];
    let output = Place::bare().command(&words).arg(file).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let failed: Vec<String> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["outcome"] != "passed")
        .map(|check| format!("{} {}", check["id"], check["detail"]))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(report["passed"].as_u64().unwrap() > 170, "{report}");
    assert_eq!(report["notDeleted"], serde_json::json!([]));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(before, ["Users", "Groups"].map(|path| count(&instance, path)));
}

#[test]
fn one_group_of_checks_is_shown_as_a_table() {
    let instance = Place::development().serve();
    let place = Place::bare().with("SCIMD_CHECK_TOKEN", &instance.first_key());
    let output = place.run(&["check", "--url", &url(&instance), "--only", "sorting"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.starts_with("SORTING\n  passed   sorting.ascending "), "{said}");
    assert!(said.ends_with("4 passed, 0 failed, 0 advised, 0 skipped.\n"), "{said}");
    assert!(text(&output.stderr).is_empty(), "no bar where nobody watches");
}

// Elsewhere the system's store cannot be replaced for one process.
#[cfg(target_os = "linux")]
#[test]
fn a_server_with_tls_is_checked_if_the_system_trusts_it() {
    let fixtures =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/end_to_end/fixtures");
    let instance = Place::development()
        .with("SCIMD__SERVER__TLS__CERTIFICATE", &fixtures.join("first.pem").display())
        .with("SCIMD__SERVER__TLS__KEY", &fixtures.join("first.key.pem").display())
        .serve();
    let url = format!("https://{}/scim/v2", instance.address);
    let words = ["check", "--url", &url, "--only", "projection"];
    let check = |trusted: &str| {
        Place::bare()
            .with("SCIMD_CHECK_TOKEN", &instance.first_key())
            .with("SSL_CERT_FILE", &fixtures.join(trusted).display())
            .run(&words)
    };
    let output = check("first.pem");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let named = fixtures.join("first.pem");
    let output = Place::bare()
        .with("SCIMD_CHECK_TOKEN", &instance.first_key())
        .command(&words)
        .arg("--ca-file")
        .arg(named)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let output = check("second.pem");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("certificate"), "{}", text(&output.stderr));
}

#[test]
fn what_a_broken_run_left_is_deleted_when_asked() {
    let instance = Place::development().serve();
    let before = ["Users", "Groups"].map(|path| count(&instance, path));
    let user = "urn:ietf:params:scim:schemas:core:2.0:User";
    let name = "scimcheck-0123456789abcdef-user1@example.com";
    let body = serde_json::json!({ "schemas": [user], "userName": name });
    let created = instance.send(&Request::post("/scim/v2/Users", &body).key(&instance.first_key()));
    assert_eq!(created.status, 201);
    let place = Place::bare().with("SCIMD_CHECK_TOKEN", &instance.first_key());
    let report = place.ask(&["check", "--url", &url(&instance), "--clean-up"]);
    assert_eq!(report["deleted"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(before, ["Users", "Groups"].map(|path| count(&instance, path)));
}

#[test]
fn ctrl_c_ends_the_run_and_what_it_made_is_deleted() {
    let instance = Place::development().serve();
    let before = ["Users", "Groups"].map(|path| count(&instance, path));
    let place = Place::bare().with("SCIMD_CHECK_TOKEN", &instance.first_key());
    let url = url(&instance);
    let mut command = place.command(&["check", "--json", "--url", &url, "--skip", "discovery"]);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    poll("something made", || count(&instance, "Users") > before[0]);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["stopped"], "it was told to stop");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(before, ["Users", "Groups"].map(|path| count(&instance, path)));
}

#[test]
fn a_token_that_is_refused_fails_the_checks() {
    let instance = Place::development().serve();
    let place = Place::bare().with("SCIMD_CHECK_TOKEN", "not-a-key");
    let output = place.run(&["check", "--url", &url(&instance), "--only", "users"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("expected 201, got 401"), "{said}");
}

#[test]
fn wrong_usage_of_check_says_what_is_wrong() {
    let no_token = Place::bare().run(&["check", "--url", "http://127.0.0.1:1"]);
    let place = Place::bare().with("SCIMD_CHECK_TOKEN", "secret-token");
    let no_url = place.run(&["check", "--url", "scim.example.com"]);
    let no_group = place.run(&["check", "--url", "http://127.0.0.1:1", "--only", "nothing"]);
    // A file that holds no certificate.
    let words = ["check", "--url", "https://127.0.0.1:1", "--ca-file", env!("CARGO_BIN_EXE_scimd")];
    let no_certificate = place.run(&words);
    for (output, expected) in [
        (no_token, "SCIMD_CHECK_TOKEN"),
        (no_url, "http://"),
        (no_group, "discovery"),
        (no_certificate, "certificates"),
    ] {
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected) && !said.contains("secret-token"), "{said}");
    }
    let nobody = place.refused(&["check", "--url", "http://127.0.0.1:1"]);
    assert!(nobody.contains("no answer"), "{nobody}");
}
