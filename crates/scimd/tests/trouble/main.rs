//! What goes wrong around the service: a database that dies, stalls, fills up or shows more than it
//! should, and clients that ask for too much.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "what was measured is worth telling")]

#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../quality/client.rs"]
mod client;
mod cluster;
#[expect(dead_code, reason = "the client of the other tests, which the running instance needs")]
#[path = "../end_to_end/http.rs"]
mod http;
#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../end_to_end/instance.rs"]
mod instance;
mod load;
mod proxy;
#[path = "../common/sql.rs"]
mod sql;
#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
#[path = "../quality/world.rs"]
mod world;

mod full;
mod killed;
mod lost_commits;
mod overload;
mod policies;
mod slow;
mod sluggish;
