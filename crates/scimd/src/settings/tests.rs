use std::io::Write as _;
use std::time::Duration;

use tempfile::NamedTempFile;

use super::*;

fn variables(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn with(pairs: &[(&str, &str)]) -> anyhow::Result<Loaded> {
    load(&Sources { file: None, environment: variables(pairs) })
}

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn with_file(text: &str, pairs: &[(&str, &str)]) -> anyhow::Result<Loaded> {
    let file = file(text);
    load(&Sources { file: Some(file.path().to_owned()), environment: variables(pairs) })
}

/// Why the server would not start; empty if it would.
fn refusal(pairs: &[(&str, &str)]) -> String {
    let checked = with(pairs).and_then(|loaded| loaded.check());
    checked.map_or_else(|error| format!("{error:#}"), |_| String::new())
}

#[test]
fn the_defaults_are_complete_and_start_on_loopback() {
    let loaded = with(&[]).unwrap();
    assert_eq!(loaded.profile, Profile::Production);
    assert_eq!(loaded.check().unwrap(), Vec::<String>::new());
    let server = &loaded.settings.server;
    assert_eq!(server.bind, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(server.public_url, None);
    assert!(server.tls.certificate.is_none());
    assert_eq!(server.shutdown_timeout, Duration::from_secs(20));
    assert_eq!(loaded.settings.log.format, LogFormat::Json);
    assert_eq!(loaded.settings.provisioning.existing_user, ExistingUser::Adopt);
    assert_eq!(loaded.settings.provisioning.cursor_timeout, Duration::from_hours(1));
}

#[test]
fn a_later_layer_wins() {
    let profile = with(&[("SCIMD_PROFILE", "development")]).unwrap();
    assert_eq!(profile.settings.log.format, LogFormat::Text);

    let over = "[log]\nformat = \"json\"\n[keys]\nqueue = 7\niterations = 3";
    let development = ("SCIMD_PROFILE", "development");
    let from_file = with_file(over, &[development]).unwrap();
    assert_eq!(from_file.settings.log.format, LogFormat::Json);
    assert_eq!(from_file.settings.keys.queue, 7);

    let both = with_file(over, &[development, ("SCIMD__KEYS__QUEUE", "9")]).unwrap();
    assert_eq!(both.settings.keys.queue, 9);
    assert_eq!(both.settings.keys.iterations, 3);
    assert_eq!(both.settings.keys.memory_kib, 19_456);
}

#[test]
fn the_environment_reaches_every_kind_of_value() {
    let loaded = with(&[
        ("SCIMD__SERVER__BIND", "127.0.0.1:0"),
        ("SCIMD__SERVER__TLS__KEY", "/tls/key.pem"),
        ("SCIMD__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7"),
        ("SCIMD__SERVER__REQUEST_TIMEOUT", "250ms"),
        ("SCIMD__DATABASE__MIGRATE", "false"),
        ("SCIMD__PROVISIONING__EXISTING_USER", "reject"),
        ("SCIMDX", "somebody else's"),
        ("SCIMD_SERVICE_HOST", "a neighbour's"),
    ])
    .unwrap();
    let Settings { server, database, provisioning, .. } = loaded.settings;
    assert_eq!(server.bind.port(), 0);
    assert_eq!(server.tls.key, Some(PathBuf::from("/tls/key.pem")));
    let networks: Vec<IpNet> =
        ["10.0.0.0/8", "192.0.2.7/32"].map(|net| net.parse().unwrap()).into();
    assert_eq!(server.trusted_proxies, networks);
    assert_eq!(server.request_timeout, Duration::from_millis(250));
    assert!(!database.migrate);
    assert_eq!(provisioning.existing_user, ExistingUser::Reject);
}

#[test]
fn an_unknown_key_names_the_nearest_and_its_origin() {
    let error = with(&[("SCIMD__SERVER__PUBLICURL", "https://x")]).unwrap_err().to_string();
    assert!(error.contains("server.publicurl (SCIMD__SERVER__PUBLICURL)"), "{error}");
    assert!(error.contains("did you mean server.public_url?"), "{error}");

    let error = with_file("[databse]\nurl = \"sqlite://x\"", &[]).unwrap_err().to_string();
    assert!(error.contains("databse.url (/"), "{error}");
    assert!(error.contains("did you mean database.url?"), "{error}");

    let error = with_file("server = 3", &[]).unwrap_err().to_string();
    assert!(error.contains("is a section"), "{error}");
}

#[test]
fn an_unknown_profile_names_the_nearest() {
    let error = with(&[("SCIMD_PROFILE", "prodction")]).unwrap_err().to_string();
    assert!(error.ends_with("did you mean production?"), "{error}");
}

#[test]
fn a_value_of_the_wrong_kind_names_key_and_origin() {
    for (name, value, reason) in [
        ("SCIMD__KEYS__QUEUE", "many", "keys.queue in SCIMD__KEYS__QUEUE: string \"many\" is not"),
        ("SCIMD__SERVER__KEEP_ALIVE", "60", "\"60\" is no duration"),
        ("SCIMD__SERVER__BIND", "localhost:80", "server.bind in SCIMD__SERVER__BIND: \"localhost"),
        ("SCIMD__SERVER__TRUSTED_PROXIES", "proxy.example", "no CIDR range"),
        ("SCIMD__LOG__FORMAT", "yaml", "\"yaml\" is neither json nor text"),
        ("SCIMD__PROVISIONING__EXISTING_USER", "ask", "\"ask\" is neither adopt nor reject"),
    ] {
        let error = with(&[(name, value)]).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
        assert!(error.contains(name), "{error}");
    }
    let error = with_file("[server]\nbind = \"nowhere\"", &[]).unwrap_err().to_string();
    assert!(error.starts_with("server.bind in /"), "{error}");
    let error = with_file("[server", &[]).unwrap_err().to_string();
    assert!(error.contains("is not valid TOML"), "{error}");
}

#[test]
fn a_secret_may_be_given_as_a_file_and_stays_text() {
    use secrecy::ExposeSecret as _;

    let secret = file("0123\n");
    let path = secret.path().to_str().unwrap();
    let loaded = with(&[("SCIMD__DATABASE__URL_FILE", path)]).unwrap();
    assert_eq!(loaded.settings.database.url.expose_secret(), "0123");

    let inline = with(&[("SCIMD__DATABASE__URL", "0123")]).unwrap();
    assert_eq!(inline.settings.database.url.expose_secret(), "0123");

    let in_a_file = with_file(&format!("[database]\nurl_file = {path:?}"), &[]).unwrap();
    assert_eq!(in_a_file.settings.database.url.expose_secret(), "0123");

    let twice = [("SCIMD__DATABASE__URL_FILE", path), ("SCIMD__DATABASE__URL", "sqlite://x")];
    assert!(with(&twice).unwrap_err().to_string().contains("given twice"));

    let missing = with(&[("SCIMD__DATABASE__URL_FILE", "/nowhere/at/all")]).unwrap_err();
    assert!(missing.to_string().contains("cannot read /nowhere/at/all"), "{missing}");

    let no_secret = with(&[("SCIMD__LOG__FILTER_FILE", path)]).unwrap_err().to_string();
    assert!(no_secret.contains("did you mean log.filter?"), "{no_secret}");
}

// A3
#[test]
fn a_password_is_in_no_output() {
    let url = "postgres://scimd:canary-password@db.example/scimd?password=canary-password";
    let loaded = with(&[("SCIMD__DATABASE__URL", url)]).unwrap();
    loaded.check().unwrap();
    let shown = loaded.shown();
    let database = shown.iter().find(|shown| shown.key == "database.url").unwrap();
    assert_eq!(database.value, "postgres://********@db.example/scimd");
    assert_eq!(database.origin, "SCIMD__DATABASE__URL");
    for text in [format!("{shown:?}"), format!("{:?}", loaded.settings)] {
        assert!(!text.contains("canary"), "{text}");
    }
    for (url, expected) in [
        ("postgres://u:a?canary@db/scimd?x=y", "postgres://********@db/scimd"),
        ("postgres://u:a#canary@db/scimd", "postgres://********@db/scimd"),
        ("postgres://db/scimd?password=a@canary", "postgres://********"),
        ("postgres://u:canary/canary?canary@db/scimd", "postgres://********"),
    ] {
        let shown = with(&[("SCIMD__DATABASE__URL", url)]).unwrap().shown();
        let database = shown.iter().find(|shown| shown.key == "database.url").unwrap();
        assert_eq!(database.value, expected);
    }
    let odd = with(&[("SCIMD__DATABASE__URL", "canary")]).unwrap();
    assert!(!format!("{:?}{:#}", odd.shown(), odd.check().unwrap_err()).contains("canary"));
}

// A8
#[test]
fn a_listener_beyond_loopback_needs_tls_or_a_known_proxy() {
    for open in ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:80"] {
        let reason = refusal(&[("SCIMD__SERVER__BIND", open)]);
        assert!(reason.contains("server.trusted_proxies"), "{reason}");
        assert!(reason.contains("server.tls.certificate"), "{reason}");
        let proxied =
            [("SCIMD__SERVER__BIND", open), ("SCIMD__SERVER__TRUSTED_PROXIES", "10.0.0.0/8")];
        assert_eq!(refusal(&proxied), "");
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/end_to_end/fixtures");
        let [certificate, key] = ["pem", "key.pem"].map(|it| format!("{fixtures}/first.{it}"));
        let tls = [
            ("SCIMD__SERVER__BIND", open),
            ("SCIMD__SERVER__TLS__CERTIFICATE", certificate.as_str()),
            ("SCIMD__SERVER__TLS__KEY", key.as_str()),
        ];
        assert_eq!(refusal(&tls), "");
    }
    for loopback in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1"] {
        assert_eq!(refusal(&[("SCIMD__SERVER__BIND", loopback)]), "");
    }
}

#[test]
fn half_a_tls_pair_and_unreadable_files_are_refused() {
    let half = refusal(&[("SCIMD__SERVER__TLS__CERTIFICATE", "/x.pem")]);
    assert!(half.contains("server.tls.key is not"), "{half}");
    let missing = refusal(&[
        ("SCIMD__SERVER__TLS__CERTIFICATE", "/x.pem"),
        ("SCIMD__SERVER__TLS__KEY", "/x.pem"),
    ]);
    assert!(missing.contains("cannot read /x.pem"), "{missing}");
}

#[test]
fn a_public_url_is_http_and_an_underscore_is_worth_a_warning() {
    let warnings = |url: &str| with(&[("SCIMD__SERVER__PUBLIC_URL", url)]).unwrap().check();
    assert!(warnings("https://scim.example.com/base/").unwrap().is_empty());
    assert!(warnings("https://my_host.example").unwrap()[0].contains("underscore"));
    for wrong in
        ["ftp://x", "scim.example.com", "https://", "https://u:p@x", "https://x?y", "https://x#y"]
    {
        let error = warnings(wrong).unwrap_err().to_string();
        assert!(error.contains("server.public_url"), "{error}");
    }
}

#[test]
fn values_out_of_range_are_refused() {
    assert!(refusal(&[("SCIMD__SERVER__SHUTDOWN_TIMEOUT", "40s")]).contains("at most 25s"));
    assert!(refusal(&[("SCIMD__SERVER__HEADER_TIMEOUT", "0s")]).contains("server.header_timeout"));
    for timeout in ["59s", "8d"] {
        let refused = refusal(&[("SCIMD__PROVISIONING__CURSOR_TIMEOUT", timeout)]);
        assert!(refused.contains("provisioning.cursor_timeout"), "{refused}");
    }
    assert_eq!(refusal(&[("SCIMD__PROVISIONING__CURSOR_TIMEOUT", "7d")]), "");
    assert!(refusal(&[("SCIMD__KEYS__MEMORY_KIB", "1")]).contains("Argon2id"));
    assert!(refusal(&[("SCIMD__LOG__FILTER", "info,=?=")]).contains("log.filter"));
    assert!(refusal(&[("SCIMD__DATABASE__URL", "mysql://x")]).contains("unknown scheme mysql"));
    assert!(refusal(&[("SCIMD__DATABASE__URL", "sqlite://")]).contains("names no file"));
    let weak = with(&[("SCIMD__KEYS__MEMORY_KIB", "1024")]).unwrap().check().unwrap();
    assert!(weak[0].contains("below the recommended"));
}
