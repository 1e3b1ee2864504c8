//! A PostgreSQL that lets nobody in who does not encrypt: migrations and store, which connect each in
//! its own way, want the same of it.

use crate::client::Client;
use crate::cluster::{Cluster, fixture};
use crate::instance::{Place, poll, text};
use crate::load::{USERS, assert_refused};
use crate::world::Organization;

const PASSWORD: &str = "open-sesame";

fn url(cluster: &Cluster, host: &str, parameters: &str) -> String {
    let port = cluster.port();
    format!("postgres://postgres:{PASSWORD}@{host}:{port}/postgres{parameters}")
}

fn place(url: &str) -> Place {
    Place::development().with("SCIMD__DATABASE__URL", url)
}

/// The parameters that name an authority of the tests.
fn trusting(mode: &str, authority: &str) -> String {
    let authority = fixture(&format!("{authority}.pem"));
    format!("?sslmode={mode}&sslrootcert={}", authority.display())
}

/// The modes that look at the certificate.
const CHECKING: [&str; 3] = ["require", "verify-ca", "verify-full"];

// R4
#[test]
fn whoever_encrypts_is_let_in_and_whoever_checks_sees_the_right_certificate() {
    let cluster = Cluster::start_encrypted("first", PASSWORD);
    let checking = CHECKING.map(|it| trusting(it, "first"));
    let encrypting = ["", "?sslmode=allow", "?sslmode=prefer", "?sslmode=require"];
    for parameters in encrypting.into_iter().chain(checking.iter().map(String::as_str)) {
        for host in ["localhost", "127.0.0.1"] {
            let place = place(&url(&cluster, host, parameters));
            // Over the connections of migrations, and over those of the store.
            place.ask(&["migrate", "up"]);
            place.ask(&["organization", "list"]);
        }
    }
    // Who does not look at the certificate does not look at the name in it either.
    place(&url(&cluster, "127.0.0.2", "?sslmode=require")).ask(&["migrate", "up"]);
}

// R4
#[test]
fn whoever_does_not_encrypt_or_meets_another_server_is_told_so() {
    let cluster = Cluster::start_encrypted("first", PASSWORD);
    let mut expected = vec![
        ("localhost", "?sslmode=disable".to_owned(), "no encryption"),
        // An authority of its own is none of the system's.
        ("localhost", "?sslmode=verify-full".to_owned(), "UnknownIssuer"),
    ];
    for mode in CHECKING {
        expected.push(("localhost", trusting(mode, "second"), "UnknownIssuer"));
        expected.push(("127.0.0.2", trusting(mode, "first"), "not valid for name"));
    }
    for (host, parameters, why) in expected {
        let place = place(&url(&cluster, host, &parameters));
        for words in [&["migrate", "up"][..], &["organization", "list"], &["serve"]] {
            let said = place.run(words);
            let said = text(&said.stderr);
            let last = said.lines().last().unwrap_or_default();
            println!("{parameters} {words:?}: {last}");
            assert!(last.contains("cannot be reached") && last.contains(why), "{words:?}: {said}");
            assert!(!said.contains(PASSWORD), "{said}");
        }
    }
}

// R4
#[test]
fn a_server_that_shows_another_certificate_is_not_talked_to() {
    let mut cluster = Cluster::start_encrypted("first", PASSWORD);
    let parameters = trusting("verify-full", "first");
    let instance = place(&url(&cluster, "localhost", &parameters)).serve();
    let acme = Organization::create(&instance.place, "Acme");
    let mut client = acme.client(&instance);
    assert_eq!(client.get(USERS).status, 200);
    cluster.kill();
    cluster.show("second");
    cluster.restart();
    let ready = || Client::anonymous(instance.address).get("/readyz").status;
    poll("not being ready", || ready() == 503);
    assert_refused(&client.get(USERS));
    poll("the reason", || instance.log().contains("UnknownIssuer"));
    assert_eq!(ready(), 503);
    cluster.kill();
    cluster.show("first");
    cluster.restart();
    poll("readiness", || ready() == 200);
    assert_eq!(client.get(USERS).status, 200);
    assert!(!instance.log().contains(PASSWORD));
}

#[test]
fn a_server_that_cannot_encrypt_is_talked_to_in_clear_where_that_is_allowed_alone() {
    let cluster = Cluster::start();
    for parameters in ["", "?sslmode=prefer", "?sslmode=allow"] {
        let place = place(&url(&cluster, "localhost", parameters));
        place.ask(&["migrate", "up"]);
        place.ask(&["organization", "list"]);
    }
    for mode in ["require", "verify-ca", "verify-full"] {
        let place = place(&url(&cluster, "localhost", &format!("?sslmode={mode}")));
        let said = place.refused(&["organization", "list"]);
        assert!(said.contains("does not support TLS") && !said.contains(PASSWORD), "{said}");
    }
}
