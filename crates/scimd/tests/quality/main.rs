//! What only the real binary can show: from the wire to the disk and, where it hurts, back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "what was measured is worth telling")]

#[expect(dead_code, reason = "shared by tests, not one of which needs all of it")]
#[path = "../common/beside.rs"]
mod beside;

use beside::{client, database, http, instance, sql, world};

mod canaries;
mod crashes;
mod doors;
mod growth;
mod input;
mod keys;
mod large_groups;
mod powers;
mod revocation;
mod tenants;
mod warnings;
