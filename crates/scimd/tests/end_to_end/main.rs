//! The real binary, started, asked and stopped, each test in a directory of its own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod http;
mod instance;

mod access;
mod administration;
mod backups;
mod check;
mod events;
mod first_start;
mod groups;
mod imports;
mod oauth;
mod organizations;
mod own_schemas;
mod refusals;
mod schema;
mod stopping;
mod tls;
mod tls_versions;
mod users;
