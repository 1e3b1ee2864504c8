//! Settings with which the server does not start, and what it says then.

use crate::instance::Place;

const ID: &str = "0198c5a2-7c1e-7d6a-9b1f-3f2a1c4d5e6f";

// A8
#[test]
fn a_listener_beyond_loopback_is_refused_with_the_reason() {
    let place = Place::development().with("SCIMD__SERVER__BIND", "0.0.0.0:0");
    let reason = place.refused(&["serve"]);
    assert!(reason.contains("keys would travel in the clear"), "{reason}");
    assert!(reason.contains("server.tls.certificate"), "{reason}");
    assert!(reason.contains("server.trusted_proxies"), "{reason}");
    assert!(!place.path("data").exists(), "nothing may be made for a start that is refused");
    assert_eq!(place.refused(&["config", "check"]), reason);
    assert_eq!(place.refused(&[]), reason, "without a command it serves");
}

// A8
#[test]
fn a_listener_beyond_loopback_starts_behind_a_known_proxy() {
    let place = Place::development()
        .with("SCIMD__SERVER__BIND", "0.0.0.0:0")
        .with("SCIMD__SERVER__TRUSTED_PROXIES", "127.0.0.1/32");
    place.serve().stop();
}

#[test]
fn an_unknown_setting_names_the_nearest_one() {
    let place = Place::development().with("SCIMD__SERVER__BNID", "127.0.0.1:0");
    for words in [&["serve"][..], &["config", "show"], &["organization", "list"]] {
        let reason = place.refused(words);
        assert!(reason.contains("SCIMD__SERVER__BNID"), "{reason}");
        assert!(reason.contains("did you mean server.bind?"), "{reason}");
    }
    let place = Place::development();
    std::fs::write(place.path("scimd.toml"), "[databse]\nmigrate = true\n").unwrap();
    let reason = place.refused(&["serve", "--config", "scimd.toml"]);
    assert!(reason.contains("databse.migrate (scimd.toml)"), "{reason}");
    assert!(reason.contains("did you mean database.migrate?"), "{reason}");
}

#[test]
fn a_server_that_is_away_is_named_without_its_password() {
    let url = "postgres://scimd:canary@127.0.0.1:1/scimd?connect_timeout=2";
    let place = Place::development().with("SCIMD__DATABASE__URL", url);
    for words in [&["migrate", "status"][..], &["organization", "list"]] {
        let reason = place.refused(words);
        assert!(reason.contains("postgres://127.0.0.1:1/scimd"), "{reason}");
        assert!(!reason.contains("canary"), "{reason}");
    }
    let shown = place.ask(&["config", "show"]).to_string();
    assert!(shown.contains("127.0.0.1:1") && !shown.contains("canary"), "{shown}");
}

#[test]
fn a_server_without_a_database_is_a_clear_message() {
    let place = Place::development().with("SCIMD__DATABASE__URL", "postgres://me@db.example");
    let reason = place.refused(&["serve"]);
    assert!(reason.contains("names no database"), "{reason}");
}

#[test]
fn a_port_in_use_is_a_clear_message() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let place =
        Place::bare().with("SCIMD__SERVER__BIND", &address).with("SCIMD__LOG__FILTER", "off");
    let reason = place.refused(&["serve"]);
    assert!(reason.contains(&format!("cannot listen on {address}")), "{reason}");
}

#[test]
fn wrong_usage_ends_with_two() {
    let place = Place::development();
    for words in [
        &["organisation", "list"][..],
        &["organization", "create"],
        &["organization", "create", "--name", "x", "--plan", "gold"],
        &["user", "list", "--organization", "not-an-id"],
        &["role", "list"],
        &["api-key", "create", "--organization", ID, "--name", "x", "--expires-in", "99999d"],
        &["migrate", "sideways"],
    ] {
        assert_eq!(place.run(words).status.code(), Some(2), "{words:?}");
    }
}

#[test]
fn the_settings_are_shown_with_where_they_come_from() {
    let place = Place::development().with("SCIMD__KEYS__QUEUE", "7");
    let shown = place.ask(&["config", "show"]);
    assert_eq!(shown["profile"], "development");
    assert_eq!(shown["settings"]["keys"]["queue"], 7);
    assert_eq!(shown["origins"]["keys.queue"], "SCIMD__KEYS__QUEUE");
    assert_eq!(shown["origins"]["log.format"], "development.toml");
    assert_eq!(shown["origins"]["keys.iterations"], "default.toml");
    assert_eq!(place.ask(&["config", "check"])["valid"], true);
}
