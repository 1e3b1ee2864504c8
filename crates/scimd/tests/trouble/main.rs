//! What goes wrong around the service: a database that dies, stalls, fills up, is restored, wants
//! encryption or shows more than it should, and clients that ask for too much.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "what was measured is worth telling")]

#[expect(dead_code, reason = "shared by tests, not one of which needs all of it")]
#[path = "../common/beside.rs"]
mod beside;
mod cluster;
mod house;
mod load;
mod proxy;

use beside::{client, http, instance, sql, whole, world};

mod backups;
mod encryption;
mod full;
mod killed;
mod lost_commits;
mod overload;
mod policies;
mod slow;
mod sluggish;
