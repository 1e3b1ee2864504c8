//! Clients that write all the time and remember what they were told.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::client::{Client, Reply};
use crate::world::{text, user};

pub const USERS: &str = "/scim/v2/Users";

/// What a client was told.
#[derive(Default)]
pub struct Told {
    /// Names and ids of users whose creation was answered with success.
    pub created: Vec<(String, String)>,
    /// How long refusals took.
    pub refused: Vec<Duration>,
}

/// Creates users until it is told to stop. Whatever is no success must be an orderly refusal.
pub fn create(
    address: SocketAddr,
    token: &str,
    writer: usize,
    stop: &AtomicBool,
    done: &AtomicUsize,
) -> Told {
    let mut client = Client::new(address, format!("Bearer {token}"));
    let mut told = Told::default();
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("user-{writer}-{number}@acme.example");
        let begun = Instant::now();
        let reply = client.post(USERS, &user(&name));
        if reply.status == 201 {
            told.created.push((name, text(&reply.json()["id"])));
        } else {
            assert_refused(&reply);
            told.refused.push(begun.elapsed());
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    told
}

/// 503, in SCIM's form, with whole seconds to wait.
pub fn assert_refused(reply: &Reply) {
    assert_eq!(reply.status, 503, "{reply:?}");
    let seconds = reply.header("retry-after").unwrap_or_else(|| panic!("no time: {reply:?}"));
    assert!(seconds.parse::<u32>().is_ok_and(|it| it > 0), "{reply:?}");
    assert_eq!(reply.json()["status"], "503", "{reply:?}");
}

/// The memory of a process that is resident, in KiB.
pub fn resident(id: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find(|it| it.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
