//! What only the real binary can show: from the wire to the disk and, where it hurts, back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "what was measured is worth telling")]

mod client;
mod database;
#[expect(dead_code, reason = "the client of the other tests, which the running instance needs")]
#[path = "../end_to_end/http.rs"]
mod http;
#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../end_to_end/instance.rs"]
mod instance;
#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../common/sql.rs"]
mod sql;
mod world;

mod canaries;
mod crashes;
mod doors;
mod growth;
mod input;
mod instances;
mod keys;
mod large_groups;
mod powers;
mod races;
mod revocation;
mod tenants;
mod warnings;
