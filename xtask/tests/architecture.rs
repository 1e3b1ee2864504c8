//! Who may import whom (docs/architecture.md), kept by a test: every crate of the workspace has a
//! row here, and its manifest names nothing that the row does not.
//!
//! A new dependency fails this test once. That is its purpose: whoever adds it reads which layer it
//! enters, and adds it to the row only if the layer is the right one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// What one crate may depend on.
struct Row {
    name: &'static str,
    /// Crates of ours.
    ours: &'static [&'static str],
    /// Crates of ours that its tests may use besides.
    tests: &'static [&'static str],
    /// Crates of others; those of its tests are free.
    others: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        name: "scim-domain",
        ours: &[],
        tests: &[],
        // Nothing that reads, writes, waits, looks at a clock or throws dice; proptest stands
        // behind the feature `testing`, for the generators that all property tests share.
        others: &[
            "icu_casemap",
            "icu_normalizer",
            "icu_properties",
            // Ranges of addresses as values; it opens no socket.
            "ipnet",
            "jiff",
            "proptest",
            "serde",
            "serde_json",
            "strsim",
            "thiserror",
            "uuid",
        ],
    },
    Row {
        name: "scim-app",
        ours: &["scim-domain"],
        // Itself, with its in-memory store.
        tests: &["scim-app"],
        others: &[
            "async-trait",
            "base64",
            "chacha20poly1305",
            "crc32fast",
            "hmac",
            "moka",
            "parking_lot",
            "proptest",
            "ring",
            "serde",
            "serde_json",
            "sha2",
            "subtle",
            "thiserror",
            "tokio",
            "tracing",
            "uuid",
            "zeroize",
        ],
    },
    Row {
        name: "scim-store",
        ours: &["scim-app", "scim-domain"],
        tests: &["scim-app", "scim-migrations"],
        others: &[
            "async-trait",
            "deadpool-postgres",
            "futures-core",
            "parking_lot",
            "percent-encoding",
            "rusqlite",
            "rustls",
            "rustls-platform-verifier",
            "sea-orm",
            "serde_json",
            "thiserror",
            "thread_local",
            "tokio",
            "tokio-postgres",
            "tokio-postgres-rustls",
            "tracing",
            "uuid",
        ],
    },
    Row {
        name: "scim-http",
        ours: &["scim-app", "scim-domain"],
        // The same tests run over every store there is.
        tests: &["scim-app", "scim-migrations", "scim-store"],
        others: &[
            // What stands before an application: actix-web has no words for it.
            "actix-http",
            "actix-service",
            "actix-web",
            "askama",
            "base64",
            "ipnet",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
            "utoipa",
            "uuid",
        ],
    },
    // A client of any server: it shares nothing with the one it checks, not even a mistake.
    Row {
        name: "scim-check",
        ours: &[],
        tests: &[],
        others: &["getrandom", "rustls", "serde_json", "thiserror", "ureq"],
    },
    Row {
        name: "scimd",
        ours: &[
            "scim-app",
            "scim-check",
            "scim-domain",
            "scim-http",
            "scim-migrations",
            "scim-store",
        ],
        tests: &["scim-app"],
        others: &[
            "actix-http",
            "actix-web",
            "anyhow",
            "argon2",
            "async-trait",
            "clap",
            "config",
            "csv",
            "getrandom",
            "indicatif",
            "ipnet",
            "mimalloc",
            "rustls",
            "secrecy",
            "serde",
            "serde_json",
            "socket2",
            "strsim",
            "tokio",
            "toml",
            "tracing",
            "tracing-subscriber",
            "uuid",
        ],
    },
    Row {
        name: "scim-migrations",
        ours: &[],
        tests: &[],
        others: &["async-trait", "sea-orm-migration", "sqlx"],
    },
    Row {
        name: "xtask",
        ours: &[],
        tests: &[],
        others: &[
            "anyhow",
            "clap",
            "ctrlc",
            "indicatif",
            "plotters",
            // Waits for whichever connection has an answer.
            "rustix",
            "serde",
            "serde_json",
            "tempfile",
            // For thousands of connections at a time from one thread.
            "tokio",
            "toml",
            "ureq",
        ],
    },
];

/// Families of crates that belong to one adapter, whatever a row above may be changed to.
const OWNED: &[(&str, &[&str])] = &[
    ("actix", &["scim-http", "scimd"]),
    ("rusqlite", &["scim-store"]),
    ("sea-", &["scim-store", "scim-migrations"]),
    ("sqlx", &["scim-store", "scim-migrations"]),
];

/// A dependency as a manifest declares it.
struct Dependency {
    name: String,
    for_tests: bool,
}

/// A crate of the workspace.
struct Package {
    name: String,
    manifest: PathBuf,
    dependencies: Vec<Dependency>,
}

/// Every crate with what it declares; nothing is resolved, so nothing is downloaded.
fn workspace() -> Result<Vec<Package>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    metadata["packages"].as_array().context("no packages")?.iter().map(package).collect()
}

fn package(value: &Value) -> Result<Package> {
    let declared = value["dependencies"].as_array().context("no dependencies")?;
    let dependency = |value: &Value| {
        let name = value["name"].as_str().context("a dependency without a name")?.to_owned();
        Ok(Dependency { name, for_tests: value["kind"] == "dev" })
    };
    Ok(Package {
        name: value["name"].as_str().context("a package without a name")?.to_owned(),
        manifest: Path::new(value["manifest_path"].as_str().context("no manifest")?).to_owned(),
        dependencies: declared.iter().map(dependency).collect::<Result<_>>()?,
    })
}

/// An example shows how to use the crates, so it may use any of them.
fn is_example(package: &Package) -> bool {
    package.manifest.components().any(|part| part.as_os_str() == "examples")
}

/// What a crate depends on beyond its row.
fn beyond(row: &Row, package: &Package, ours: &BTreeSet<String>) -> Vec<String> {
    let allowed = |dependency: &&Dependency| {
        let name = dependency.name.as_str();
        match (ours.contains(name), dependency.for_tests) {
            (true, true) => row.ours.contains(&name) || row.tests.contains(&name),
            (true, false) => row.ours.contains(&name),
            (false, true) => true,
            (false, false) => row.others.contains(&name),
        }
    };
    let wrong = package.dependencies.iter().filter(|dependency| !allowed(dependency));
    wrong.map(|dependency| dependency.name.clone()).collect()
}

fn names(packages: &[Package]) -> BTreeSet<String> {
    packages.iter().map(|package| package.name.clone()).collect()
}

#[test]
fn every_crate_has_a_row_and_keeps_to_it() {
    let packages = workspace().unwrap();
    let ours = names(&packages);
    for package in packages.iter().filter(|package| !is_example(package)) {
        let row = ROWS.iter().find(|row| row.name == package.name);
        let row = row.unwrap_or_else(|| panic!("{} has no row in this test", package.name));
        let wrong = beyond(row, package, &ours);
        assert!(wrong.is_empty(), "{} must not depend on {wrong:?}", package.name);
    }
}

#[test]
fn every_row_has_its_crate() {
    let there = names(&workspace().unwrap());
    for row in ROWS {
        assert!(there.contains(row.name), "there is no crate {}: remove its row", row.name);
    }
}

#[test]
fn databases_and_the_web_server_stay_in_their_adapters() {
    for package in workspace().unwrap().iter().filter(|package| !is_example(package)) {
        for dependency in package.dependencies.iter().filter(|dependency| !dependency.for_tests) {
            let owner = OWNED.iter().find(|(family, _)| dependency.name.starts_with(family));
            let free = owner.is_none_or(|(_, crates)| crates.contains(&package.name.as_str()));
            assert!(free, "{} must not depend on {}", package.name, dependency.name);
        }
    }
}

#[test]
fn the_two_adapters_do_not_know_each_other() {
    for (adapter, other) in [("scim-http", "scim-store"), ("scim-store", "scim-http")] {
        let packages = workspace().unwrap();
        let package = packages.iter().find(|package| package.name == adapter).unwrap();
        // Tests of the one may run over the other.
        let mut built = package.dependencies.iter().filter(|dependency| !dependency.for_tests);
        assert!(built.all(|dependency| dependency.name != other));
    }
}

// S2: `unsafe_code = "forbid"` stands in the workspace's lints.
#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for package in workspace().unwrap() {
        let manifest: String = std::fs::read_to_string(&package.manifest).unwrap();
        let lints = manifest.split("[lints]").nth(1).unwrap_or_default().trim_start();
        assert!(lints.starts_with("workspace = true"), "{} has lints of its own", package.name);
    }
}

#[test]
fn an_arrow_outwards_is_noticed() {
    let row = ROWS.iter().find(|row| row.name == "scim-app").unwrap();
    let dependency = |name: &str, for_tests| Dependency { name: name.to_owned(), for_tests };
    let dependencies = vec![
        dependency("scim-domain", false),
        dependency("scim-http", false),
        dependency("scim-store", true),
        dependency("sea-orm", false),
        dependency("proptest", true),
    ];
    let package = Package { name: "scim-app".to_owned(), manifest: PathBuf::new(), dependencies };
    let ours = ["scim-app", "scim-domain", "scim-http", "scim-store"].map(str::to_owned).into();
    assert_eq!(beyond(row, &package, &ours), ["scim-http", "scim-store", "sea-orm"]);
}
